"""Marks: facts about an order's id that hold for good, whether its order is known yet or not.

A store that deletes an order says its number and nothing else, and a payment says which invoice it paid: either may
come before the order. So each is kept as a row of the inbox of its own, without a body, found by the name of its
delivery.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, select, tuple_
from sqlalchemy.sql.dml import Insert

from quizfunnel.kit.ids import new_id
from quizfunnel.orders.event import EventFacts
from quizfunnel.orders.tables import OrderEvent
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once

MOST_PAYMENTS = 8  # of one order that are known: Stripe takes several for an invoice, and people make two or three
_LONGEST = 64  # of a topic, in which the other id of a payment and its order stands
_event = columns(OrderEvent)

IS_DELIVERY = _event.delivery.not_like("mark: %")
"""Condition of the inbox's rows that a store sent, for whoever counts deliveries."""


def keep(connection: Connection, source: str, facts: EventFacts, *, now: datetime) -> None:
    """Keep what an event says for good of an order's id."""
    for delivery, other in _marks(connection, source, facts):
        row = {
            "id": new_id(),
            "source": source,
            "delivery": delivery,
            "topic": other,
            "received_at": now,
            "body": b"",
            "state": "ignored",
            "error": "",
            "simulated": False,
            "purged_at": now,
        }
        connection.execute(_insert(connection.dialect.name), row)


def is_deleted(connection: Connection, source: str, order_id: str) -> bool:
    """Tell whether the store deleted an order."""
    return _other(connection, source, _deleted(order_id)) is not None


def order_of(connection: Connection, source: str, payment: str) -> str:
    """Return the id that the order of a payment goes by, empty where no other one than the payment's is known."""
    return _other(connection, source, _payment(payment)) or ""


def payments_of(connection: Connection, source: str, order_id: str) -> list[str]:
    """Return the payments that an order was paid by, none where its id tells or nothing told."""
    marks = select(_event.topic).where(_event.source == source, _event.delivery.in_(_paid(order_id)))
    return list(connection.execute(marks.order_by(_event.topic)).scalars())


def known_by(connection: Connection, keys: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return the keys of some orders, and those of the payments that bodies may name in their place."""
    ids = frozenset(keys)
    return ids | {(source, payment) for source, id in ids for payment in payments_of(connection, source, id)}


def forget(connection: Connection, keys: Iterable[tuple[str, str]]) -> None:
    """Delete the marks of some orders that are erased."""
    ids, name = list(keys), tuple_(_event.source, _event.delivery)
    names = [(source, _payment(payment)) for source, id in ids for payment in payments_of(connection, source, id)]
    names += [(source, mark) for source, id in ids for mark in (_deleted(id), *_paid(id))]
    connection.execute(delete(OrderEvent).where(name.in_(names)))


def _marks(connection: Connection, source: str, facts: EventFacts) -> Iterator[tuple[str, str]]:
    """Yield the name of each mark, and the other id that it leads to."""
    if facts.deleted:
        yield _deleted(facts.deleted), ""
    if facts.payment and max(map(len, facts.payment)) <= _LONGEST:
        payment, order_id = facts.payment.payment, facts.payment.order_id
        yield _payment(payment), order_id
        known = payments_of(connection, source, order_id)
        if payment not in known and len(known) < MOST_PAYMENTS:
            yield _paid(order_id)[len(known)], payment


def _deleted(order_id: str) -> str:
    return f"mark: deleted {order_id}"[:200]


def _payment(payment: str) -> str:
    return f"mark: order of {payment}"[:200]


def _paid(order_id: str) -> list[str]:
    """Return the names of the marks of an order's payments, in the order in which they are used up."""
    numbers = ["", *(f" {number}" for number in range(2, MOST_PAYMENTS + 1))]
    return [f"mark: payment{number} of {order_id}"[:200] for number in numbers]


def _other(connection: Connection, source: str, delivery: str) -> str | None:
    named = select(_event.topic).where(_event.source == source, _event.delivery == delivery)
    return connection.execute(named).scalar()


@lru_cache(maxsize=2)
def _insert(dialect: str) -> Insert:
    return insert_once(dialect, OrderEvent)
