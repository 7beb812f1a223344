"""Law of the figures after an erasure: the days of who was forgotten are counted anew, as if they had never come."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from quizfunnel.orders.tables import Order
from quizfunnel.privacy import forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from tests.cast import NOON
from tests.insight.rollups import refreshed, stored
from tests.insight.shop import Books, shoppers


def test_an_erased_buyer_leaves_every_figure(engine: Engine, tmp_path: Path) -> None:
    """The next rollup finds the changed days by itself, and its cells are those of a count of everything anew."""
    books = Books(3)
    shoppers(books, 150, start=NOON - timedelta(days=30), days=20)
    with writing(engine) as connection:
        books.write(connection)
    refreshed(engine)
    before = stored(engine)
    order = columns(Order)
    with reading(engine) as connection:
        statement = select(order.source, order.order_id).where(order.visitor_id.is_not(None)).order_by(order.order_id)
        buyer = connection.execute(statement).first()
    assert buyer is not None
    keeper = Keeper(engine, ErasureKey(tmp_path / "erasures"))
    forget.forget_order(keeper, (buyer[0], buyer[1]), now=NOON, by="test")
    assert 0 < refreshed(engine).counted < 150
    after = stored(engine)
    assert after != before
    refreshed(engine, every=True)
    assert stored(engine) == after
