"""Subjects: whom an erasure or a disclosure is about, and the rows of the database that lead on to others."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from quizfunnel.contact.tables import Lead
from quizfunnel.journey.tables import Attempt
from quizfunnel.offer.tables import Click, Offer
from quizfunnel.orders.tables import Order
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor

OrderKey = tuple[str, str]
"""A source and an order's id there."""

CHUNK = 500  # ids of one statement

_visitor, _attempt, _lead = columns(Visitor), columns(Attempt), columns(Lead)
_offer, _click, _order = columns(Offer), columns(Click), columns(Order)


class Subjects(NamedTuple):
    """Whom something is done to: visitors with all that is theirs, attempts, leads and orders by themselves.

    `linked` are orders that lead to one of them: they stay in the ledger, and are nobody's afterwards.
    """

    visitors: frozenset[str] = frozenset()
    attempts: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    orders: frozenset[OrderKey] = frozenset()
    linked: frozenset[OrderKey] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether there is anybody among them."""
        return any((self.visitors, self.attempts, self.leads, self.orders, self.linked))


def expanded(connection: Connection, subjects: Subjects, *, by_click: bool = True) -> Subjects:
    """Return subjects with what is theirs: a visitor's attempts, an attempt's leads, the orders that lead to them.

    Orders `by_click` alone are looked for in every order, which is nothing for a transaction that others wait for.
    """
    attempts = subjects.attempts | _ids(
        connection, subjects.visitors, lambda some: select(_attempt.id).where(_attempt.visitor_id.in_(some))
    )
    leads = subjects.leads | _ids(connection, attempts, lambda some: select(_lead.id).where(_lead.attempt_id.in_(some)))
    linked = {*_linked(connection, subjects.visitors, attempts if by_click else ())} | subjects.linked
    return subjects._replace(attempts=attempts, leads=leads, linked=frozenset(linked - subjects.orders))


def visitors_of(connection: Connection, orders: Iterable[OrderKey]) -> frozenset[str]:
    """Return the visitors that orders are attributed to."""
    owners = (
        connection.execute(select(_order.visitor_id).where(_order.source == source, _order.order_id == id)).scalar()
        for source, id in orders
    )
    return frozenset(filter(None, owners))


def in_chunks(ids: Iterable[str], size: int = CHUNK) -> Iterator[list[str]]:
    """Yield ids in lists that one statement takes."""
    listed = sorted(ids)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def _ids(connection: Connection, ids: Iterable[str], statement: Callable[[list[str]], Select[Any]]) -> frozenset[str]:
    return frozenset(row[0] for some in in_chunks(ids) for row in connection.execute(statement(some)))


def _linked(connection: Connection, visitors: Iterable[str], attempts: Iterable[str]) -> Iterator[OrderKey]:
    """Yield the orders that name a visitor, or a click on an attempt's offer."""
    key = select(_order.source, _order.order_id)
    for some in in_chunks(visitors):
        yield from ((row[0], row[1]) for row in connection.execute(key.where(_order.visitor_id.in_(some))))
    clicks = _ids(
        connection,
        attempts,
        lambda some: select(_click.id).join(Offer, _offer.id == _click.offer_id).where(_offer.attempt_id.in_(some)),
    )
    for some in in_chunks(clicks):
        yield from ((row[0], row[1]) for row in connection.execute(key.where(_order.click_id.in_(some))))
