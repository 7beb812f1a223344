"""Pretend sale of the demo store: signed as a real store would, and handed to the verb that takes real orders."""

from sqlalchemy import Connection, Engine, select

from quizfunnel.demo import checkout
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Receipt
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.standard import StandardSource, sign
from quizfunnel.orders.tables import OrderEvent
from quizfunnel.store.types import columns


def place(engine: Engine, keys: AttributionKeys, placed: checkout.Placed, *, secret: str) -> Receipt:
    """Deliver an order's webhook; return the receipt that the shop is answered with."""
    body = checkout.order_body(placed)
    headers = sign(secret, delivery=_delivery(placed.order_id), at=placed.at, body=body)
    return inbox.receive(engine, inbox.Delivery(StandardSource(secret), body, headers, placed.at), keys=keys)


def was_made(connection: Connection, order_id: str) -> bool:
    """Tell whether an order's webhook was delivered."""
    delivery = columns(OrderEvent).delivery
    sent = delivery.startswith(f"{_delivery(order_id)} ", autoescape=True)  # the body's digest follows
    return connection.execute(select(delivery).where(sent)).first() is not None


def _delivery(order_id: str) -> str:
    return f"msg_{order_id}"
