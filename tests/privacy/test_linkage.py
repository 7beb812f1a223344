"""Laws of linkage: an order is linked neither to who was erased nor to who had withdrawn before it was placed."""

import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select

from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.privacy import forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.linkage import Linkage
from quizfunnel.schema import metadata
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.identity import cart_token
from quizfunnel.visit.withdrawal import withdraw
from tests.cast import NOON, STANDARD_SECRET
from tests.orders.bodies import event
from tests.orders.signing import signed
from tests.privacy.people import ANNA, BEN, plant, store_rows

SOURCE = StandardSource(STANDARD_SECRET)
HOUR = timedelta(hours=1)
LATER = NOON + timedelta(hours=9)  # when all of it has happened
_order, _event = columns(Order), columns(OrderEvent)


@pytest.fixture
def key(tmp_path: Path) -> ErasureKey:
    """Give the key of erasures."""
    return ErasureKey(tmp_path / "erasures")


@pytest.fixture
def keys(engine: Engine, signer: Signer, key: ErasureKey) -> AttributionKeys:
    """Give the keys of a ledger that knows erasures and withdrawals, with two visitors in the database."""
    with writing(engine) as connection:
        store_rows(connection)
        for person in (ANNA, BEN):
            plant(connection, person)
    return AttributionKeys(signer, lambda *_: None, Linkage(key))


def deliver(engine: Engine, keys: AttributionKeys, number: int, **changes: Any) -> int:
    """Deliver an event of an order; return the answer's status."""
    body = json.dumps(event(**{"order_id": "1001", **changes})).encode()
    sent = Delivery(SOURCE, body, signed(body, at=LATER, delivery=f"msg_{number}"), LATER)
    return inbox.receive(engine, sent, keys=keys).status


def linked(engine: Engine, order: str = "1001") -> tuple[str | None, str | None]:
    """Return the visitor and the click that an order is linked to."""
    with reading(engine) as connection:
        row = connection.execute(select(_order.visitor_id, _order.click_id).where(_order.order_id == order)).one()
    return row[0], row[1]


def at(moment: datetime) -> dict[str, str]:
    """Return when an order was placed and changed."""
    return {"placed_at": moment.isoformat(), "updated_at": moment.isoformat()}


@pytest.mark.parametrize("by", ["visitor", "click"])
def test_no_order_after_a_withdrawal_is_linked(engine: Engine, keys: AttributionKeys, signer: Signer, by: str) -> None:
    """By the token of the basket as by a click; an order that was placed before stays linked, however late it comes."""
    token = cart_token(signer, ANNA.visitor) if by == "visitor" else signer.sign(signing.CLICK, ANNA.id("e"))
    with writing(engine) as connection:
        connection.execute(delete(metadata.tables["revoked_token"]))
        withdraw(connection, ANNA.visitor, at=NOON + HOUR)
    for number, moment in enumerate((NOON, NOON + HOUR, NOON + 2 * HOUR)):
        deliver(engine, keys, number, order_id=str(number), **at(moment), **{f"{by}_token": token})
    proven = (ANNA.visitor, None) if by == "visitor" else (None, ANNA.id("e"))
    assert [linked(engine, str(number)) for number in range(3)] == [proven, (None, None), (None, None)]


def test_the_order_of_events_changes_no_link(engine: Engine, keys: AttributionKeys, signer: Signer) -> None:
    """Any permutation of an order's events around a withdrawal gives the same rows."""
    with writing(engine) as connection:
        connection.execute(delete(metadata.tables["revoked_token"]))
        withdraw(connection, ANNA.visitor, at=NOON + HOUR)
    token = cart_token(signer, ANNA.visitor)
    story: list[dict[str, Any]] = [
        {"visitor_token": token, **at(NOON)},
        {"visitor_token": token, "placed_at": NOON.isoformat(), "updated_at": (NOON + 2 * HOUR).isoformat()},
        {"visitor_token": None, "type": "order.cancelled", "updated_at": (NOON + 3 * HOUR).isoformat()},
    ]
    links = set()
    for number, order in enumerate(itertools.permutations(story)):
        with writing(engine) as connection:
            for table in (Order, OrderLine, Refund, OrderEvent):
                connection.execute(delete(table))
        for place, changes in enumerate(order):
            deliver(engine, keys, 10 * number + place, **changes)
        links.add(linked(engine))
    assert links == {(ANNA.visitor, None)}


def test_a_click_without_consent_links_nothing(engine: Engine, keys: AttributionKeys, signer: Signer) -> None:
    """An attempt that is nobody's has no order linked to it."""
    with writing(engine) as connection:
        attempt = metadata.tables["attempt"]
        connection.execute(attempt.update().where(attempt.c.id == BEN.id("b")).values(visitor_id=None))
    deliver(engine, keys, 1, click_token=signer.sign(signing.CLICK, BEN.id("e")))
    assert linked(engine) == (None, None)


def test_nothing_of_an_erased_order_is_kept_again(engine: Engine, keys: AttributionKeys, key: ErasureKey) -> None:
    """A later event of it, and a refund, is answered 200: no row, and no body stays in the inbox."""
    deliver(engine, keys, 1)
    forget.forget_order(Keeper(engine, key), ("standard", "1001"), now=NOON, by="test")
    refund = {"refund_id": "r1", "amount": "5.00", "at": NOON.isoformat()}
    assert deliver(engine, keys, 2, type="order.refunded", refunds=[refund]) == 200
    assert deliver(engine, keys, 3, order_id="1002") == 200
    with reading(engine) as connection:
        assert set(connection.execute(select(_order.order_id).where(_order.source == "standard")).scalars()) == {"1002"}
        rows = connection.execute(
            select(_event.delivery, _event.state, _event.body)
            .where(_event.source == "standard")
            .order_by(_event.delivery)
        ).all()
    assert [(delivery[:5], state, bool(body)) for delivery, state, body in rows] == [
        ("msg_1", "applied", False),
        ("msg_2", "ignored", False),
        ("msg_3", "applied", True),
    ]


def test_a_later_order_of_an_erased_visitor_is_nobodys(
    engine: Engine, keys: AttributionKeys, key: ErasureKey, signer: Signer
) -> None:
    """What was sold is in the ledger; neither the visitor nor the body, which names both, is kept."""
    forget.forget_visitor(Keeper(engine, key), ANNA.visitor, now=NOON, by="test")
    deliver(engine, keys, 1, visitor_token=cart_token(signer, ANNA.visitor))
    assert linked(engine) == (None, None)
    with reading(engine) as connection:
        statement = select(_event.state, _event.body).where(_event.source == "standard")
        assert tuple(connection.execute(statement).one()) == ("applied", b"")


def test_what_is_not_read_yet_is_not_replayed_once_it_is_emptied(engine: Engine, keys: AttributionKeys) -> None:
    """An emptied body is no dead letter that a replay would try again."""
    row = {"id": "1" * 32, "source": "standard", "delivery": "d", "topic": "", "received_at": NOON, "body": b""}
    with writing(engine) as connection:
        connection.execute(insert(OrderEvent), row | {"state": "new", "error": "", "purged_at": NOON})
    assert set(inbox.replay(engine, {"standard": SOURCE}, keys, now=NOON, dead=True)) == {0}
