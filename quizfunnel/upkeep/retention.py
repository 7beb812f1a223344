"""Retention: records that are too old go, some at a time, so that whoever writes meanwhile gets a turn between."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, exists, select, tuple_

from quizfunnel.contact.tables import Lead
from quizfunnel.journey.tables import Attempt, QuestionView
from quizfunnel.offer.tables import OfferView
from quizfunnel.orders.tables import DeliveryRefusal, Order, OrderEvent, Refund
from quizfunnel.outbox.tables import Outbox
from quizfunnel.privacy import bodies, erase
from quizfunnel.privacy.subjects import Subjects, expanded
from quizfunnel.settings.retention import Retention
from quizfunnel.store import partitions
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.store.types import columns, month_of
from quizfunnel.visit.tables import (
    DayCount,
    PageView,
    RateCount,
    RevokedToken,
    UsedToken,
    Visitor,
    VisitorEvent,
)
from quizfunnel.web.tables import Audit, NightlyRun, SignInTry, StaffSession

ROWS, ROOTS = 200, 50  # rows of one transaction; or attempts, visitors, orders with all that is theirs
_READ = 10_000  # keys that are looked for at once, while nothing is locked
_RATE = timedelta(days=2)  # rates are of minutes

_attempt, _visitor, _order = columns(Attempt), columns(Visitor), columns(Order)
_event, _lead, _page = columns(OrderEvent), columns(Lead), columns(PageView)


def breathe(took: float) -> None:
    """Let others write between two batches for as long as the last one took: half of the time is theirs."""
    time.sleep(max(0.01, took))


class Purge(NamedTuple):
    """One run of retention: the database, the spans, the moment, and what is done between two batches."""

    engine: Engine
    spans: Retention
    now: datetime
    pause: Callable[[float], None] = breathe

    def cutoff(self, kind: str) -> datetime | None:
        """Return the moment before which records of a kind are too old."""
        return self.spans.cutoff(kind, self.now)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do one batch, and let others write after it."""
        begun = time.monotonic()
        yield
        self.pause(time.monotonic() - begun)


class Purged(NamedTuple):
    """Outcome of retention: how much went of each kind, where anything did, and the kinds that a lock kept back."""

    gone: dict[str, int]
    kept_back: tuple[str, ...]


def purge(run: Purge) -> Purged:
    """Remove what is too old, kind by kind; one that another program has locked waits for the next run."""
    gone: dict[str, int] = {}
    kept_back = []
    for kind, step in _STEPS.items():
        before = run.cutoff(kind) if kind in Retention.model_fields else run.now
        if before is None:
            continue
        try:
            count = step(run, before)
        except DatabaseAway:
            kept_back.append(kind)
        else:
            gone |= {kind: count} if count else {}
    return Purged(gone, tuple(kept_back))


def _bodies(run: Purge, before: datetime) -> int:
    with reading(run.engine) as connection:
        old = select(_event.id).where(_event.purged_at.is_(None), _event.received_at < before)
        ids = list(connection.execute(old).scalars())
    for some in _chunks(ids, bodies.EMPTIED):
        why = f"its body was deleted unread after {run.spans.bodies}"
        with run.turn():
            bodies.empty(run.engine, some, now=run.now, unread="dead", why=why)
    return len(ids)


def _unfinished(run: Purge, before: datetime) -> int:
    old = select(_attempt.id).where(_attempt.finished_at.is_(None), _attempt.started_at < before)
    return _roots(run, old, erase.attempts)


def _attempts(run: Purge, before: datetime) -> int:
    return _roots(run, select(_attempt.id).where(_attempt.started_at < before), erase.attempts)


def _views(run: Purge, before: datetime) -> int:
    """Drop whole months on PostgreSQL; delete row by row what is left, and everything on SQLite."""
    month = month_of(before)
    gone = sum(len(partitions.drop_before(run.engine, table, month)) for table in partitions.parted_tables())
    gone += _rows(run, PageView, columns(PageView).at < before)
    gone += _rows(run, OfferView, columns(OfferView).at < before)
    return gone + _rows(run, QuestionView, columns(QuestionView).month < month)


def _events(run: Purge, before: datetime) -> int:
    return _rows(run, VisitorEvent, columns(VisitorEvent).at < before)


def _orders(run: Purge, before: datetime) -> int:
    keys = select(_order.source, _order.order_id).where(_order.placed_at < before)

    def erase_some(connection: Connection, some: list[Any]) -> object:
        return erase.orders(connection, some)

    gone = _roots(run, keys, erase_some)
    refund = columns(Refund)  # may have come before its order, which then never came
    orphaned = ~exists().where(_order.source == refund.source, _order.order_id == refund.order_id)
    gone += _rows(run, Refund, (refund.at < before) & orphaned)
    return gone + _rows(run, OrderEvent, _event.received_at < before)


def _visitors(run: Purge, before: datetime) -> int:
    """Remove visitors of whom nothing younger is left, with their arms; orders that named them are nobody's then."""
    empty = (
        ~exists().where(_page.visitor_id == _visitor.id),
        ~exists().where(_attempt.visitor_id == _visitor.id),
        ~exists().where(columns(VisitorEvent).visitor_id == _visitor.id),
    )
    old = select(_visitor.id).where(_visitor.first_seen < before, *empty)

    def erase_some(connection: Connection, some: list[str]) -> object:
        still = set(connection.execute(old.where(_visitor.id.in_(some))).scalars())
        return erase.erase(connection, expanded(connection, Subjects(visitors=frozenset(still))))

    return _roots(run, old, erase_some)


def _leads(run: Purge, now: datetime) -> int:
    def erase_some(connection: Connection, some: list[str]) -> object:
        return erase.erase(connection, Subjects(leads=frozenset(some)))

    return _roots(run, select(_lead.id).where(_lead.purge_at < now), erase_some)


def _tokens(run: Purge, now: datetime) -> int:
    return sum(_rows(run, table, columns(table).expires_at < now) for table in (UsedToken, RevokedToken, StaffSession))


def _rates(run: Purge, now: datetime) -> int:
    return _rows(run, RateCount, columns(RateCount).window < now - _RATE)


def _counts(run: Purge, before: datetime) -> int:
    return sum(_rows(run, table, columns(table).day < before.date()) for table in (DayCount, DeliveryRefusal))


def _messages(run: Purge, before: datetime) -> int:
    outbox = columns(Outbox)
    return _rows(run, Outbox, (outbox.created_at < before) & (outbox.state != "due"))


def _tries(run: Purge, before: datetime) -> int:
    return _rows(run, SignInTry, columns(SignInTry).at < before)


def _audit(run: Purge, before: datetime) -> int:
    return _rows(run, Audit, columns(Audit).at < before) + _rows(
        run, NightlyRun, columns(NightlyRun).started_at < before
    )


_STEPS: dict[str, Callable[[Purge, datetime], int]] = {
    "bodies": _bodies,
    "unfinished": _unfinished,
    "attempts": _attempts,
    "views": _views,
    "events": _events,
    "orders": _orders,
    "visitors": _visitors,
    "leads": _leads,
    "tokens": _tokens,
    "rates": _rates,
    "counts": _counts,
    "messages": _messages,
    "tries": _tries,
    "audit": _audit,
}


def _rows(run: Purge, table: Any, condition: Any) -> int:
    """Delete a table's rows that a condition holds for; return how many."""
    key = tuple(columns(table)[column.name] for column in table.__table__.primary_key)

    def erase_some(connection: Connection, some: list[Any]) -> object:
        return connection.execute(delete(table).where(tuple_(*key).in_(some), condition))

    return _roots(run, select(*key).where(condition), erase_some, size=ROWS, whole=True)


def _roots(
    run: Purge,
    keys: Any,
    erase_some: Callable[[Connection, list[Any]], object],
    *,
    size: int = ROOTS,
    whole: bool = False,
) -> int:
    """Erase what `keys` selects in transactions of `size` each; return how many.

    They are looked for while nothing is locked.
    """
    count = 0
    while True:
        with reading(run.engine) as connection:
            rows = connection.execute(keys.limit(_READ)).all()
        single = not whole and len(rows[0]) == 1 if rows else False
        for some in _chunks([row[0] if single else tuple(row) for row in rows], size):
            with run.turn():
                write(run.engine, partial(_call, erase_some, some))
        count += len(rows)
        if len(rows) < _READ:
            return count


def _call(erase_some: Callable[[Connection, list[Any]], object], some: list[Any], connection: Connection) -> None:
    erase_some(connection, some)


def _chunks(listed: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(listed), size):
        yield list(listed[start : start + size])
