"""Webhook deliveries of simulated orders: paid, now and then refunded or cancelled, each signed as a real one."""

import base64
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.demo import world
from quizfunnel.demo.shop import order
from quizfunnel.orders import inbox
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.standard import StandardSource, sign

_SECRET = "whsec_" + base64.b64encode(b"of simulated orders only").decode()  # signs and verifies in this process alone


class OrderMessage(NamedTuple):
    """One message about an order: its delivery's id, when it is sent, and its body."""

    delivery: str
    at: datetime
    body: bytes


def delay(draw: random.Random) -> timedelta:
    """Draw the time from the last look to the order: minutes for most, days for some."""
    if draw.random() < world.AT_ONCE_SHARE:
        return timedelta(minutes=draw.uniform(2, 40))
    return timedelta(days=draw.expovariate(1 / world.LATER_DAYS))


def events(draw: random.Random, placed: order.Placed) -> Iterator[OrderMessage]:
    """Draw the messages about an order, in the order of time."""
    paid = order.order_body(placed)
    yield _event(placed, "order.paid", placed.at, paid)
    chance = draw.random()
    later = placed.at + timedelta(days=draw.uniform(0.1, 6))
    envelope = json.loads(paid)
    data = envelope["data"] | {"updated_at": later.isoformat()}
    if chance < world.CANCEL_SHARE:
        yield _later(placed, "order.cancelled", later, envelope | {"data": data})
    elif chance < world.CANCEL_SHARE + world.REFUND_SHARE:
        data["refunds"] = [{"refund_id": f"R-{placed.order_id}", "amount": data["total"], "at": later.isoformat()}]
        yield _later(placed, "order.refunded", later, envelope | {"data": data})


def deliver(connection: Connection, keys: AttributionKeys, event: OrderMessage) -> None:
    """Hand one message to the inbox and have it read, in the caller's transaction."""
    source = StandardSource(_SECRET)
    headers = sign(_SECRET, delivery=event.delivery, at=event.at, body=event.body)
    sent = inbox.Delivery(source, event.body, headers, event.at, simulated=True)
    if inbox.refuse(sent) is None:
        kept = inbox.keep(connection, sent)
        if kept is not None:
            inbox.read(connection, kept, source=source, keys=keys, now=event.at)


def _later(placed: order.Placed, kind: str, at: datetime, envelope: dict[str, object]) -> OrderMessage:
    body = json.dumps(envelope | {"type": kind, "timestamp": at.isoformat()}).encode()
    return _event(placed, kind, at, body)


def _event(placed: order.Placed, kind: str, at: datetime, body: bytes) -> OrderMessage:
    return OrderMessage(f"msg_{placed.order_id}_{kind}", at, body)
