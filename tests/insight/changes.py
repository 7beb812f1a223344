"""Changes of a log after the fact: late orders and answers, refunds, visitors found out and forgotten."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.orders.tables import Order, Refund
from quizfunnel.store.types import columns
from quizfunnel.visit import collect
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests.cast import NOON
from tests.insight.shop import Books

Change = Callable[[Connection, Random], None]


def some(connection: Connection, draw: Random, column: Any) -> Any:
    """Return one of a column's values."""
    found = connection.execute(select(column).order_by(column)).scalars().all()
    return draw.choice(found)


def flag(connection: Connection, draw: Random) -> None:
    """Find a visitor to be a crawler, or no crawler after all."""
    kind = draw.choice(("bot", "shopper"))
    collect.mark(connection, some(connection, draw, columns(Visitor).id), kind=kind, reason="")


def late_order(connection: Connection, draw: Random) -> None:
    """Hear of an order long after it was placed."""
    books = Books(draw.getrandbits(60))
    books.order(some(connection, draw, columns(Visitor).id), NOON - timedelta(hours=draw.randrange(480)))
    connection.execute(insert(Order), books.rows[Order])


def refund(connection: Connection, draw: Random) -> None:
    """Give some or all of an order's money back."""
    order, id = some(connection, draw, columns(Order).order_id), f"{draw.getrandbits(64):x}"
    row = {"source": "standard", "refund_id": id, "order_id": order, "currency": "GBP", "at": NOON}
    connection.execute(insert(Refund), [row | {"amount_minor": draw.choice((100, 9000))}])


def change_order(connection: Connection, draw: Random) -> None:
    """Cancel an order, or hear that it was another's, of another amount or of another moment."""
    of = columns(Order)
    values: dict[str, Any] = draw.choice(
        (
            {"cancelled": True},
            {"test": True},
            {"total_minor": draw.randrange(9000)},
            {"currency": "EUR"},
            {"visitor_id": some(connection, draw, columns(Visitor).id)},
            {"conflict": True},
            {"placed_at": NOON - timedelta(hours=draw.randrange(480))},
        )
    )
    connection.execute(update(Order).where(of.order_id == some(connection, draw, of.order_id)).values(**values))


def late_answer(connection: Connection, draw: Random) -> None:
    """Receive an answer of long ago."""
    attempt = some(connection, draw, columns(Attempt).id)
    started = connection.execute(select(columns(Attempt).started_at).where(columns(Attempt).id == attempt)).scalar_one()
    active = draw.randrange(300_000)
    connection.execute(
        insert(Answer).values(
            attempt_id=attempt, question=f"late-{draw.getrandbits(40)}", revision=1, value="null", source="client",
            answered_at=started + timedelta(seconds=30), wall_ms=active, active_ms=active, active10_ms=0, wall_clock="",
        )
    )  # fmt: skip


def finish(connection: Connection, draw: Random) -> None:
    """Finish an attempt that was not, an hour after it was started."""
    of = columns(Attempt)
    left = connection.execute(select(of.id, of.started_at).where(of.finished_at.is_(None)).order_by(of.id)).all()
    if left:
        attempt, started = draw.choice(left)
        connection.execute(update(Attempt).where(of.id == attempt).values(finished_at=started + timedelta(hours=1)))


def come(connection: Connection, draw: Random) -> None:
    """Remember a visitor of long ago, with a look at a second page."""
    books = Books(draw.getrandbits(60))
    at = NOON - timedelta(hours=draw.randrange(480))
    books.view(books.visitor(at), at + timedelta(seconds=draw.choice((10, 40))))
    for table in (Visitor, Assignment, PageView):
        connection.execute(insert(table), books.rows[table])


def forget(connection: Connection, draw: Random) -> None:
    """Forget the start of a visitor's clock."""
    of = columns(Assignment)
    connection.execute(delete(Assignment).where(of.visitor_id == some(connection, draw, of.visitor_id)))


CHANGES: tuple[Change, ...] = (flag, late_order, refund, change_order, late_answer, finish, come, forget)
