"""Bodies in the inbox: names and addresses as the shop sent them, emptied once they are about one who was erased."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, LargeBinary, Update, case, func, literal, or_, select, update

from quizfunnel.orders.order_ids import customer_id, order_ids
from quizfunnel.orders.tables import OrderEvent
from quizfunnel.privacy.subjects import OrderKey
from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns

READ, EMPTIED = 200, 100  # bodies that are read, and that are emptied, at once
GONE = "erased"

_NEEDLES = 100
_AS_IT_IS = re.compile(r"[\w.:+-]+", re.ASCII)  # whatever else is in a text, JSON may write it in two ways

_event = columns(OrderEvent)
_ADDRESS = re.compile(rb"[^\s\"\\<>(),:;@]+@[^\s\"\\<>(),:;@]+")
_PHONE = re.compile(rb'"phone"\s*:\s*"([^"\\]+)"')
_TOKEN = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


class KeptBody(NamedTuple):
    """One body in the inbox, the source that sent it, and when it came; None is not told."""

    id: str
    source: str
    body: bytes
    received_at: datetime | None = None

    @property
    def orders(self) -> Iterator[tuple[str, str]]:
        """Return the orders that it may be about."""
        return ((self.source, id) for id in order_ids(self.body))

    @property
    def visitors(self) -> Iterator[str]:
        """Return the visitors whose token it may hold."""
        return (match.decode("ascii") for match in _TOKEN.findall(self.body))

    @property
    def customers(self) -> Iterator[str]:
        """Return the ids, addresses and telephones of the customers that it may name."""
        yield from filter(None, (customer_id(self.body),))
        for form in (_ADDRESS, _PHONE):
            yield from (match.decode("utf-8", "replace") for match in form.findall(self.body))


class Concern(NamedTuple):
    """Test of a body: whether it is about one of these visitors, orders or customers, or holds one of these texts."""

    visitors: frozenset[str] = frozenset()
    orders: frozenset[OrderKey] = frozenset()
    customers: frozenset[tuple[str, str]] = frozenset()  # a source, and an id there
    texts: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything that a body could be about."""
        return any((self.visitors, self.orders, self.customers, self.texts))

    @property
    def needles(self) -> tuple[bytes, ...]:
        """Return texts of which one stands in every body that it holds for; none where JSON may write one otherwise."""
        ids = (*self.visitors, *(id for _, id in self.orders), *(id for _, id in self.customers))
        if len(ids) > _NEEDLES or not all(_AS_IT_IS.fullmatch(id) for id in ids):
            return ()
        return (*(id.encode() for id in ids), *self.texts)

    def holds(self, body: KeptBody) -> bool:
        """Tell whether a body names one of them."""
        if not self.visitors.isdisjoint(body.visitors) or not self.orders.isdisjoint(body.orders):
            return True
        if self.customers and (body.source, customer_id(body.body)) in self.customers:
            return True
        return any(text in body.body for text in self.texts)


def kept(engine: Engine, needles: Sequence[bytes] = ()) -> Iterator[KeptBody]:
    """Yield every body that the inbox still has; with `needles` only those in which the database finds one."""
    named = (or_(*(_has(engine.dialect.name, needle) for needle in needles)),) if needles else ()
    last = ""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(
                select(_event.id, _event.source, _event.body, _event.received_at)
                .where(_event.purged_at.is_(None), _event.id > last, *named)
                .order_by(_event.id)
                .limit(READ)
            ).all()
        if not rows:
            return
        yield from (KeptBody(id, source, bytes(body), at) for id, source, body, at in rows)
        last = rows[-1][0]


def empty_those(
    engine: Engine, concerns: Callable[[KeptBody], bool], *, now: datetime, needles: Sequence[bytes] = ()
) -> int:
    """Empty the bodies that `concerns` holds for, some at a time; return how many."""
    ids = [body.id for body in kept(engine, needles) if concerns(body)]
    return empty(engine, ids, now=now, unread="ignored", why=GONE)


def empty(engine: Engine, ids: list[str], *, now: datetime, unread: str, why: str) -> int:
    """Empty bodies by the ids of their events; what was not read yet never will be: its state is `unread`, by `why`.

    The text of an error may quote a body, so it goes too.
    """
    is_unread = _event.state.in_(("new", "waiting", "dead"))
    values = {
        "body": b"",
        "purged_at": now,
        "error": case((is_unread, why), else_=""),
        "state": case((is_unread, unread), else_=_event.state),
    }
    for start in range(0, len(ids), EMPTIED):
        mine = _event.id.in_(ids[start : start + EMPTIED]), _event.purged_at.is_(None)
        write(engine, partial(_execute, update(OrderEvent).where(*mine).values(**values)), durable=True)
    return len(ids)


def _has(dialect: str, needle: bytes) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return func.position(literal(needle, LargeBinary).op("IN")(_event.body)) > 0
    return func.instr(_event.body, needle) > 0


def _execute(statement: Update, connection: Connection) -> None:
    connection.execute(statement)
