"""Keeping what a store tells of its days, and setting it beside the ledger as it is now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, literal, or_, select

from quizfunnel.orders.reconcile.gap import (
    FARTHEST,
    Around,
    DayComparison,
    Moment,
    Sum,
)
from quizfunnel.orders.reconcile.report_file import ReportedDay
from quizfunnel.orders.reconcile.result import Store
from quizfunnel.orders.reconcile.store_day import bounds
from quizfunnel.orders.tables import DayTotal, Order, OrderEvent, Refund
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import upsert

_told, _order, _refund, _event = columns(DayTotal), columns(Order), columns(Refund), columns(OrderEvent)
_KEY = ("simulated", "day", "source", "currency")
_NOTHING = Sum(0, 0)
_day = (_told.day, _told.source, _told.currency)
_counts = and_(_order.paid, ~_order.cancelled, ~_order.test)
_its_order = and_(_order.source == _refund.source, _order.order_id == _refund.order_id)


class _Key(NamedTuple):
    """One day of one source and currency."""

    day: date
    source: str
    currency: str


def tell(connection: Connection, store: Store, days: Iterable[ReportedDay], *, now: datetime) -> None:
    """Keep what a store says of its days, in place of what it said of them before."""
    replaced = [name for name in DayTotal.model_fields if name not in _KEY]
    statement = upsert(connection.dialect.name, DayTotal, key=_KEY, replaced=replaced)
    connection.execute(statement, [_row(store, day, now) for day in days])


def sources(connection: Connection, known: Iterable[str], *, simulated: bool) -> list[str]:
    """Return which of the known sources have an order of this sort."""
    return [
        name
        for name in known
        if connection.execute(
            select(_order.order_id).where(_order.source == name, _order.simulated == simulated).limit(1)
        ).first()
    ]


def currencies(connection: Connection, store: Store) -> list[str]:
    """Return the currencies of a source's orders."""
    mine = (_order.source == store.source, _order.simulated == store.simulated)
    return list(connection.execute(select(_order.currency).where(*mine).distinct().order_by(_order.currency)).scalars())


def told(connection: Connection, store: Store, days: Sequence[ReportedDay]) -> list[DayComparison]:
    """Return these days, in their order, beside the ledger."""
    mine = (_told.simulated == store.simulated, _told.source == store.source)
    found = _gaps(connection, *mine, _told.day.between(days[0].day, days[-1].day))
    known = {(each.day, each.currency): each for each in found}
    return [known[each.day, each.currency] for each in days]


def latest(connection: Connection, *, simulated: bool, days: int) -> list[DayComparison]:
    """Return the last so many days that were told, beside the ledger, the earliest first."""
    mine = _told.simulated == simulated
    last = select(_told.day).where(mine).distinct().order_by(_told.day.desc()).limit(days).subquery()
    return _gaps(connection, mine, _told.day >= select(func.min(last.c.day)).scalar_subquery())


def around(connection: Connection, store: Store, gap: DayComparison) -> Around:
    """Return what the ledger and the inbox know of a day that was told, beyond what they count."""
    this = (
        _told.simulated == store.simulated,
        _told.day == gap.day,
        _told.source == gap.source,
        _told.currency == gap.currency,
    )
    told = connection.execute(select(_told.starts_at, _told.ends_at, _told.before_refunds).where(*this)).one()
    span = (told.starts_at - FARTHEST, told.ends_at + FARTHEST)
    placed, back = _moments(connection, store, gap, span)
    received = connection.execute(_deliveries(store, told.starts_at, told.ends_at))
    waiting = {state: count for state, count in received}  # noqa: C416 - a row is no tuple to the type checker
    return Around(
        told.starts_at,
        told.ends_at,
        told.before_refunds,
        waiting.get("dead", 0),
        waiting.get("new", 0),
        *_left_out(connection, this),
        _only(_by_day(connection, _refunds(*this))),
        sorted(placed if told.before_refunds else [*placed, *back]),
    )


def _row(store: Store, day: ReportedDay, now: datetime) -> dict[str, Any]:
    starts, ends = bounds(day.day, store.zone)
    return {
        "simulated": store.simulated,
        "day": day.day,
        "source": store.source,
        "currency": day.currency,
        "time_zone": store.zone.key,
        "starts_at": starts,
        "ends_at": ends,
        "orders": day.orders,
        "total_minor": day.total_minor,
        "before_refunds": store.before_refunds,
        "told_at": now,
    }


def _gaps(connection: Connection, *where: Any) -> list[DayComparison]:
    """Return told days beside the ledger: only the orders and refunds of these days are looked at."""
    placed = _by_day(connection, _orders(*where, _counts))
    back = _by_day(connection, _refunds(*where, ~_told.before_refunds))
    days = select(*_day, _told.orders, _told.total_minor).where(*where).order_by(*_day)
    return [
        _gap(key, Sum(orders, total), placed.get(key, _NOTHING), back.get(key, _NOTHING))
        for *names, orders, total in connection.execute(days)
        for key in (_Key._make(names),)
    ]


def _gap(key: _Key, told: Sum, placed: Sum, back: Sum) -> DayComparison:
    return DayComparison(*key, told, Sum(placed.orders, placed.total_minor - back.total_minor))


def _by_day(connection: Connection, statement: Any) -> dict[_Key, Sum]:
    return {_Key._make(names): Sum(count, int(total)) for *names, count, total in connection.execute(statement)}


def _orders(*where: Any) -> Any:
    """Return the statement that adds up, for each told day, those of its orders that `where` holds for."""
    of_the_day = and_(
        _order.source == _told.source,
        _order.placed_at >= _told.starts_at,
        _order.placed_at < _told.ends_at,
        _order.currency == _told.currency,
        _order.simulated == _told.simulated,
    )
    some = select(*_day, func.count(), func.coalesce(func.sum(_order.total_minor), 0)).select_from(DayTotal)
    return some.join(Order, of_the_day).where(*where).group_by(*_day)


def _refunds(*where: Any) -> Any:
    """Return the statement that adds up, for each told day, what was given back on it."""
    of_the_day = and_(
        _refund.source == _told.source,
        _refund.at >= _told.starts_at,
        _refund.at < _told.ends_at,
        _refund.currency == _told.currency,
    )
    some = select(*_day, func.count(), func.coalesce(func.sum(_refund.amount_minor), 0)).select_from(DayTotal)
    some = some.join(Refund, of_the_day).outerjoin(Order, _its_order)
    return some.where(*where, _given_back(_told.simulated)).group_by(*_day)


def _left_out(connection: Connection, this: tuple[Any, ...]) -> tuple[Sum, Sum, Sum]:
    """Return the day's orders that do not count, each once: unpaid, cancelled, tests."""
    kinds = (
        and_(~_order.test, ~_order.cancelled, ~_order.paid),
        and_(~_order.test, _order.cancelled),
        _order.test,
    )
    unpaid, cancelled, tests = (_only(_by_day(connection, _orders(*this, kind))) for kind in kinds)
    return unpaid, cancelled, tests


def _only(found: dict[_Key, Sum]) -> Sum:
    return next(iter(found.values()), _NOTHING)


def _deliveries(store: Store, first: datetime, last: datetime) -> Any:
    """Return the statement that counts what was received between two moments and stands in no ledger."""
    waiting = select(_event.state, func.count()).where(
        _event.state.in_(("dead", "new")),
        _event.received_at >= first,
        _event.received_at < last,
        _event.source == store.source,
        _event.simulated == store.simulated,
    )
    return waiting.group_by(_event.state)


def _moments(
    connection: Connection, store: Store, gap: DayComparison, span: tuple[datetime, datetime]
) -> tuple[list[Moment], list[Moment]]:
    """Return the orders that count between two moments, and what was given back."""
    first, last = span
    orders = select(_order.placed_at, _order.total_minor).where(
        _order.source == gap.source,
        _order.placed_at >= first,
        _order.placed_at < last,
        _order.currency == gap.currency,
        _order.simulated == store.simulated,
        _counts,
    )
    refunds = select(_refund.at, _refund.amount_minor).select_from(Refund).outerjoin(Order, _its_order)
    refunds = refunds.where(
        _refund.source == gap.source,
        _refund.at >= first,
        _refund.at < last,
        _refund.currency == gap.currency,
        _given_back(literal(store.simulated)),
    )
    placed = [Moment(at, 1, total) for at, total in connection.execute(orders)]
    return placed, [Moment(at, 0, -amount) for at, amount in connection.execute(refunds)]


def _given_back(simulated: Any) -> Any:
    """Hold for refunds that count: where their order does, or, really given back, never came here.

    An order of the time before the store told of any is in no ledger; what is given back of it is.
    """
    return or_(and_(_counts, _order.simulated == simulated), and_(_order.order_id.is_(None), ~simulated))
