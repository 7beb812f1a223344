"""Laws of bodies: those that are about somebody are found however their JSON is written, and no other one."""

import json

import pytest
from sqlalchemy import Engine, insert, select

from quizfunnel.orders.tables import OrderEvent
from quizfunnel.privacy import bodies
from quizfunnel.privacy.bodies import Concern
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from tests.cast import NOON

ANNA, BEN = "a" * 32, "b" * 32
_event = columns(OrderEvent)
BODIES = {
    "shopify order": b'{"id": 1001, "line_items": []}',
    "shopify refund": b'{"id": 5, "order_id": 1001, "transactions": []}',
    "wrapped": b'{"order": {"id": "1001"}}',
    "standard": b'{"type": "order.paid", "data": {"order_id": "1001"}}',
    "refunds": b'{"id": 7, "refunds": [{"id": 1, "order_id": 1001}]}',
    "stripe": b'{"data": {"object": {"payment_intent": "1001"}}}',
    "token": json.dumps({"id": 8, "note": f"qf_visitor={ANNA}_tag-of-ours"}).encode(),
    "unreadable": f'{{"id": 9, "note": "{ANNA}'.encode(),
    "another order": b'{"id": 1002, "line_items": [{"product_id": 1001, "quantity": 1001}]}',
    "another visitor": json.dumps({"id": 10, "note": BEN, "hash": f"{ANNA}0"}).encode(),
}
ABOUT = {"shopify order", "shopify refund", "wrapped", "standard", "refunds", "stripe", "token", "unreadable"}


@pytest.fixture
def inbox(engine: Engine) -> Engine:
    """Give an inbox with every body."""
    return fill(engine, BODIES)


def fill(engine: Engine, found: dict[str, bytes]) -> Engine:
    """Keep bodies, each as a delivery of its name."""
    row = {"source": "shopify", "topic": "", "received_at": NOON, "state": "applied", "error": ""}
    rows = [row | {"id": f"{n:032}", "delivery": name, "body": body} for n, (name, body) in enumerate(found.items())]
    with writing(engine) as connection:
        connection.execute(insert(OrderEvent), rows)
    return engine


def emptied(engine: Engine) -> set[str]:
    """Return the deliveries whose bodies are empty."""
    with reading(engine) as connection:
        rows = connection.execute(select(_event.delivery, _event.body, _event.purged_at)).all()
    assert all((not body) == (at is not None) for _, body, at in rows)
    return {delivery for delivery, body, _ in rows if not body}


@pytest.mark.parametrize("prefiltered", [True, False])
def test_a_body_about_somebody_is_found(inbox: Engine, *, prefiltered: bool) -> None:
    """By the order's id wherever a platform has it, by the visitor's token in any text, also where nothing is JSON."""
    concern = Concern(frozenset({ANNA}), frozenset({("shopify", "1001")}))
    assert len(concern.needles) == 2
    needles = concern.needles if prefiltered else ()
    assert bodies.empty_those(inbox, concern.holds, now=NOON, needles=needles) == len(ABOUT)
    assert emptied(inbox) == ABOUT


def test_another_source_has_orders_of_its_own(inbox: Engine) -> None:
    """The same id at another source is another order."""
    assert bodies.empty_those(inbox, Concern(orders=frozenset({("standard", "1001")})).holds, now=NOON) == 0


@pytest.mark.parametrize("id", ["A/7", "Ä7", 'A"7', "A\\7"])
def test_an_id_that_json_may_write_in_two_ways_is_found(engine: Engine, id: str) -> None:
    """With a slash or letters that some platforms escape: every body is read then."""
    escaped = json.dumps({"id": id}).replace("/", "\\/").encode()
    fill(engine, {"plain": json.dumps({"id": id}, ensure_ascii=False).encode(), "escaped": escaped, "other": b"{}"})
    concern = Concern(orders=frozenset({("shopify", id)}))
    assert concern.needles == ()
    bodies.empty_those(engine, concern.holds, now=NOON, needles=concern.needles)
    assert emptied(engine) == {"plain", "escaped"}


def test_many_are_read_page_by_page(engine: Engine) -> None:
    """However many there are, each is looked at once."""
    fill(engine, {f"{n}": json.dumps({"id": n % 3}).encode() for n in range(bodies.READ * 2 + 5)})
    concern = Concern(orders=frozenset({("shopify", "1")}))
    assert bodies.empty_those(engine, concern.holds, now=NOON) == len(emptied(engine)) == 135
