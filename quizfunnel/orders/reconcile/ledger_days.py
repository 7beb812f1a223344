"""Reported days: kept as the store's report has them, and compared with the ledger as it is now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, literal, or_, select

from quizfunnel.orders.event import SUM_OF
from quizfunnel.orders.reconcile.gap import (
    FARTHEST,
    DayComparison,
    DayContext,
    LedgerEntry,
    Totals,
)
from quizfunnel.orders.reconcile.report_file import ReportedDay
from quizfunnel.orders.reconcile.result import Store
from quizfunnel.orders.reconcile.store_day import bounds
from quizfunnel.orders.tables import DayTotal, Order, OrderEvent, Refund
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import upsert

_reported, _order, _refund, _event = columns(DayTotal), columns(Order), columns(Refund), columns(OrderEvent)
_KEY = ("simulated", "day", "source", "currency")
_other = _refund.source.table.alias("other_refund").c
_NOTHING = Totals(0, 0)
_day = (_reported.day, _reported.source, _reported.currency)
_counts = and_(_order.paid, ~_order.cancelled, ~_order.test)
_its_order = and_(_order.source == _refund.source, _order.order_id == _refund.order_id)
# a refund counts in its order's currency, by what it was converted to; one whose order never came, in its own
_currency = func.coalesce(_order.currency, _refund.currency)


def _in_its_currency(refund: Any) -> Any:
    return case((_currency == refund.currency, refund.amount_minor), else_=func.coalesce(refund.converted_minor, 0))


# the sum of an order's refunds, which a file told, counts by what it is more than those that are known one by one
_is_sum = _refund.refund_id == literal(SUM_OF) + _refund.order_id
_one_by_one = select(cast(func.coalesce(func.sum(_in_its_currency(_other)), 0), BigInteger)).where(
    _other.source == _refund.source,
    _other.order_id == _refund.order_id,
    _other.refund_id != _refund.refund_id,
    _other.amount_minor > 0,  # one that failed was given back at first, and is taken back on its own day
)
_rest = _in_its_currency(_refund) - _one_by_one.correlate(Order, Refund).scalar_subquery()
_amount = case((_is_sum, _rest), else_=_in_its_currency(_refund))


class _DayKey(NamedTuple):
    """One day of one source and currency."""

    day: date
    source: str
    currency: str


def save(connection: Connection, store: Store, days: Iterable[ReportedDay], *, now: datetime) -> None:
    """Keep the days of a store's report, in place of what was reported of them before."""
    replaced = [name for name in DayTotal.model_fields if name not in _KEY]
    statement = upsert(connection.dialect.name, DayTotal, key=_KEY, replaced=replaced)
    connection.execute(statement, [_row(store, day, now) for day in days])


def sources(connection: Connection, known: Iterable[str], *, simulated: bool) -> list[str]:
    """Return those of the known sources that have a simulated order, or a real one."""
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


def compare(connection: Connection, store: Store, days: Sequence[ReportedDay]) -> list[DayComparison]:
    """Return these days, which were saved before, in their order and beside the ledger."""
    mine = (_reported.simulated == store.simulated, _reported.source == store.source)
    compared = _comparisons(connection, *mine, _reported.day.between(days[0].day, days[-1].day))
    by_key = {(day.day, day.currency): day for day in compared}
    return [by_key[day.day, day.currency] for day in days]


def latest(connection: Connection, *, simulated: bool, days: int) -> list[DayComparison]:
    """Return the last so many days that were reported, beside the ledger, the earliest first."""
    mine = _reported.simulated == simulated
    last = select(_reported.day).where(mine).distinct().order_by(_reported.day.desc()).limit(days).subquery()
    return _comparisons(connection, mine, _reported.day >= select(func.min(last.c.day)).scalar_subquery())


def context(connection: Connection, store: Store, day: DayComparison) -> DayContext:
    """Return the context of a reported day: deliveries, orders and refunds of which its totals do not tell."""
    this = (
        _reported.simulated == store.simulated,
        _reported.day == day.day,
        _reported.source == day.source,
        _reported.currency == day.currency,
    )
    columns_of_day = (_reported.starts_at, _reported.ends_at, _reported.before_refunds)
    row = connection.execute(select(*columns_of_day).where(*this)).one()
    orders, refunds = _entries(connection, store, day, (row.starts_at - FARTHEST, row.ends_at + FARTHEST))
    received = connection.execute(_deliveries(store, row.starts_at, row.ends_at))
    waiting = {state: count for state, count in received}  # noqa: C416 - a row is no tuple to the type checker
    unpaid, cancelled, tests = _left_out(connection, this)
    return DayContext(
        begins=row.starts_at,
        ends=row.ends_at,
        before_refunds=row.before_refunds,
        dead=waiting.get("dead", 0),
        unread=waiting.get("new", 0),
        unpaid=unpaid,
        cancelled=cancelled,
        tests=tests,
        refunds=_only(_by_day(connection, _refunds(*this))),
        entries=sorted(orders if row.before_refunds else [*orders, *refunds]),
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


def _comparisons(connection: Connection, *where: Any) -> list[DayComparison]:
    """Return reported days beside the ledger: only the orders and refunds of these days are looked at."""
    orders_of = _by_day(connection, _orders(*where, _counts))
    refunds_of = _by_day(connection, _refunds(*where, ~_reported.before_refunds))
    days = select(*_day, _reported.orders, _reported.total_minor).where(*where).order_by(*_day)
    return [
        _comparison(key, Totals(orders, total), orders_of.get(key, _NOTHING), refunds_of.get(key, _NOTHING))
        for *names, orders, total in connection.execute(days)
        for key in (_DayKey._make(names),)
    ]


def _comparison(key: _DayKey, reported: Totals, orders: Totals, refunds: Totals) -> DayComparison:
    return DayComparison(*key, reported, Totals(orders.orders, orders.total_minor - refunds.total_minor))


def _by_day(connection: Connection, statement: Any) -> dict[_DayKey, Totals]:
    return {_DayKey._make(names): Totals(count, int(total)) for *names, count, total in connection.execute(statement)}


def _orders(*where: Any) -> Any:
    """Return the statement that adds up, for each reported day, those of its orders that `where` holds for."""
    of_the_day = and_(
        _order.source == _reported.source,
        _order.placed_at >= _reported.starts_at,
        _order.placed_at < _reported.ends_at,
        _order.currency == _reported.currency,
        _order.simulated == _reported.simulated,
    )
    sums = select(*_day, func.count(), func.coalesce(func.sum(_order.total_minor), 0)).select_from(DayTotal)
    return sums.join(Order, of_the_day).where(*where).group_by(*_day)


def _refunds(*where: Any) -> Any:
    """Return the statement that adds up, for each reported day, the refunds given on it."""
    of_the_day = and_(
        _refund.source == _reported.source,
        _refund.at >= _reported.starts_at,
        _refund.at < _reported.ends_at,
    )
    sums = select(*_day, func.count(), func.coalesce(func.sum(_amount), 0)).select_from(DayTotal)
    sums = sums.join(Refund, of_the_day).outerjoin(Order, _its_order)
    in_its_currency = _currency == _reported.currency
    return sums.where(*where, in_its_currency, _given_back(_reported.simulated)).group_by(*_day)


def _left_out(connection: Connection, this: tuple[Any, ...]) -> tuple[Totals, Totals, Totals]:
    """Return the day's orders that do not count, each once: unpaid, cancelled, tests."""
    kinds = (
        and_(~_order.test, ~_order.cancelled, ~_order.paid),
        and_(~_order.test, _order.cancelled),
        _order.test,
    )
    unpaid, cancelled, tests = (_only(_by_day(connection, _orders(*this, kind))) for kind in kinds)
    return unpaid, cancelled, tests


def _only(by_day: dict[_DayKey, Totals]) -> Totals:
    return next(iter(by_day.values()), _NOTHING)


def _deliveries(store: Store, first: datetime, last: datetime) -> Any:
    """Return the statement that counts the deliveries between two moments that stand in no ledger."""
    waiting = select(_event.state, func.count()).where(
        _event.state.in_(("dead", "new")),
        _event.received_at >= first,
        _event.received_at < last,
        _event.source == store.source,
        _event.simulated == store.simulated,
    )
    return waiting.group_by(_event.state)


def _entries(
    connection: Connection, store: Store, day: DayComparison, span: tuple[datetime, datetime]
) -> tuple[list[LedgerEntry], list[LedgerEntry]]:
    """Return the orders that count between two moments, and the refunds."""
    first, last = span
    orders = select(_order.placed_at, _order.total_minor).where(
        _order.source == day.source,
        _order.placed_at >= first,
        _order.placed_at < last,
        _order.currency == day.currency,
        _order.simulated == store.simulated,
        _counts,
    )
    refunds = select(_refund.at, _amount).select_from(Refund).outerjoin(Order, _its_order)
    refunds = refunds.where(
        _refund.source == day.source,
        _refund.at >= first,
        _refund.at < last,
        _currency == day.currency,
        _given_back(literal(store.simulated)),
    )
    placed = [LedgerEntry(at, 1, total) for at, total in connection.execute(orders)]
    return placed, [LedgerEntry(at, 0, -amount) for at, amount in connection.execute(refunds)]


def _given_back(simulated: Any) -> Any:
    """Return the condition of a refund that counts: its order does, or, among real ones, never came here.

    An order of the time before the store told of any is in no ledger; what is given back of it is.
    """
    counts = or_(and_(_counts, _order.simulated == simulated), and_(_order.order_id.is_(None), ~simulated))
    return and_(counts, or_(_amount > 0, _refund.amount_minor < 0))
