"""Marks hold for good: an order that was deleted before it was known, a refund before anything told whose it is."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.privacy import erase
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from tests.cast import KEY, NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order
from tests.orders.signing import signed_by_shopify

KEYS = AttributionKeys(Signer([KEY]), lambda _line: None)
SOURCE = ShopifySource(SHOPIFY_SECRET)


def take(engine: Engine, body: dict[str, Any]) -> str:
    """Receive a body, and return the answer."""
    raw = json.dumps(body).encode()
    return inbox.receive(engine, Delivery(SOURCE, raw, signed_by_shopify(raw), NOON), keys=KEYS).message


def cancelled(connection: Connection) -> dict[str, bool]:
    """Return which orders of the ledger are called off."""
    order = columns(Order)
    return {id: bool(off) for id, off in connection.execute(select(order.order_id, order.cancelled)).all()}


def test_a_deleted_order_is_called_off_whichever_came_first(engine: Engine) -> None:
    """And no other one is; the number of something else that was deleted changes nothing."""
    for body in ({"id": 2}, shopify_order(id=1), shopify_order(id=2), shopify_order(id=3), {"id": 1}, {"id": 9}):
        assert take(engine, body) == "received"
    with reading(engine) as connection:
        assert cancelled(connection) == {"1": True, "2": True, "3": False}


def test_an_erased_order_leaves_no_mark(engine: Engine) -> None:
    """Its number stands nowhere any more but in the deliveries that the shop sent."""
    take(engine, shopify_order(id=1))
    take(engine, {"id": 1})
    event = columns(OrderEvent)
    marks = select(func.count()).where(event.delivery.startswith("mark: "))
    with writing(engine) as connection:
        assert connection.execute(marks).scalar_one() == 1
        erase.orders(connection, [("shopify", "1")])
        assert connection.execute(marks).scalar_one() == 0
