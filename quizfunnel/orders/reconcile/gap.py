"""Gaps between a day's totals in the store's report and in the ledger, and their possible causes; pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from quizfunnel.kit.money import format_money

FARTHEST = timedelta(hours=14)  # no time zone is farther from UTC
_STEP = timedelta(minutes=15)  # nor are two of them nearer
UNKNOWN = "unknown"  # the kind of what nothing explains
_HOUR, _NONE = timedelta(hours=1), timedelta()


class Totals(NamedTuple):
    """A number of orders, and the money that they come to in minor units."""

    orders: int
    total_minor: int


class DayComparison(NamedTuple):
    """One day of one source and currency, as the store reported it and as the ledger has it now."""

    day: date
    source: str
    currency: str
    told: Totals  # by the store; named as in the JSON of results, which other programs read
    ledger: Totals

    @property
    def gap(self) -> Totals:
        """Return the reported totals less the ledger's; below zero is what the ledger has beyond them."""
        return Totals(self.told.orders - self.ledger.orders, self.told.total_minor - self.ledger.total_minor)

    @property
    def agrees(self) -> bool:
        """Tell whether both are the same."""
        return self.told == self.ledger

    def exceeds(self, share: float) -> bool:
        """Tell whether the gap is more than so large a share of the store's orders, or of its money."""
        return any(abs(gap) > share * abs(reported) for gap, reported in zip(self.gap, self.told, strict=True))


class LedgerEntry(NamedTuple):
    """An entry that the ledger counts: an order with its total, or no order and a refund below zero."""

    at: datetime
    orders: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class DayContext:
    """A day's context in the ledger and the inbox, beyond the totals that they count.

    `before_refunds` says that the store's total is before the `refunds`; `entries` are those that count from
    FARTHEST before the day `begins` to FARTHEST after it `ends`, in the order of their moments.
    """

    begins: datetime
    ends: datetime
    before_refunds: bool
    dead: int
    unread: int
    unpaid: Totals
    cancelled: Totals
    tests: Totals
    refunds: Totals
    entries: Sequence[LedgerEntry]


class TimeShift(NamedTuple):
    """A shift of all days by one distance: of the `days` with orders, so many then `agree`."""

    by: timedelta
    agree: int
    days: int


class Cause(NamedTuple):
    """A possible cause of a gap: how much of it there is, whether that is all of the gap, and what to do."""

    kind: str
    orders: int
    total_minor: int
    exact: bool
    says: str
    do: str


def describe(day: DayComparison) -> str:
    """Return a gap in words, or that both agree."""
    orders, money = day.gap
    if day.agrees:
        return "agrees"
    lacks = _amounts(max(orders, 0), max(money, 0), day.currency)
    more = _amounts(max(-orders, 0), max(-money, 0), day.currency)
    one = (orders == 1 and money <= 0) or (orders <= 0 and money > 0)
    missing = f"{lacks} {'is' if one else 'are'} not in the ledger" if lacks else ""
    beyond = f"the ledger has {more} more than the store" if more else ""
    return f"{missing}, and {beyond}" if missing and beyond else missing or beyond


def causes(day: DayComparison, context: DayContext, shift: TimeShift | None = None) -> tuple[Cause, ...]:
    """Return the possible causes of a gap, those of all of it first; one that says so where there is none."""
    if day.agrees:
        return ()
    possible = [*_deliveries(context), *_left_out(day, context), *_refunds(day, context)]
    if shift is not None and totals_by_shift(context)(shift.by) == day.told:
        possible.append(_shifted(day, shift))
    return tuple(sorted(possible, key=lambda cause: not cause.exact)) or (_unexplained(day),)


def best_shift(days: Sequence[tuple[DayComparison, DayContext]]) -> TimeShift | None:
    """Return the shift by which the most days agree, as a wrong time zone would; None where no shift adds one.

    Of several the nearest whole hours count, since most time zones are so far apart. Days without an order say nothing.
    """
    with_orders = [(day, context) for day, context in days if day.told.orders]
    shifted = [(day.told, totals_by_shift(context)) for day, context in with_orders]
    best = max(
        (
            TimeShift(by, sum(totals(by) == reported for reported, totals in shifted), len(shifted))
            for by in _distances()
        ),
        key=lambda shift: (shift.agree, shift.by % _HOUR == _NONE, -abs(shift.by)),
    )
    return best if best.agree > sum(day.agrees for day, _ in with_orders) else None


def totals_by_shift(context: DayContext) -> Callable[[timedelta], Totals]:
    """Return a function of a time shift: the totals that the ledger counts in the day moved by it.

    Every day is tried at more than a hundred shifts, so that running sums are made once for each day.
    """
    moments = [entry.at for entry in context.entries]
    orders = [0, *accumulate(entry.orders for entry in context.entries)]
    money = [0, *accumulate(entry.total_minor for entry in context.entries)]

    def totals(by: timedelta) -> Totals:
        first, last = bisect_left(moments, context.begins + by), bisect_left(moments, context.ends + by)
        return Totals(orders[last] - orders[first], money[last] - money[first])

    return totals


def _distances() -> Iterable[timedelta]:
    """Return every distance of two time zones up to the farthest, on both sides."""
    steps = FARTHEST // _STEP
    return (step * _STEP for step in range(-steps, steps + 1) if step)


def _deliveries(context: DayContext) -> Iterable[Cause]:
    """Yield a cause for the deliveries of the day that are in no ledger."""
    dead = ("dead", context.dead, " could not be read", " --unreadable")
    for kind, count, state, option in (dead, ("unread", context.unread, ", not read yet", "")):
        if count:
            says = f"{_many(count, 'delivery', 'deliveries')} of that day{state}"
            yield Cause(kind, count, 0, False, says, f"run quizfunnel orders replay{option}")


def _left_out(day: DayComparison, context: DayContext) -> Iterable[Cause]:
    """Yield a cause for each sort of orders of the day that do not count: a store may count them."""
    for kind, totals, state, do in (
        ("unpaid", context.unpaid, "not known to be paid", "have the store also send the event of the payment"),
        ("cancelled", context.cancelled, "cancelled", "leave cancelled orders out of the store's report"),
        ("test", context.tests, "tests", "leave tests out of the store's report"),
    ):
        if totals.orders and day.gap.orders > 0:
            says = f"{_amounts(*totals, day.currency)} of that day are in the ledger and {state}: they do not count"
            yield Cause(kind, *totals, totals == day.gap, says, do)


def _refunds(day: DayComparison, context: DayContext) -> Iterable[Cause]:
    """Yield the day's refunds as a cause, where the report may treat them otherwise than the command was told."""
    amount = -context.refunds.total_minor if context.before_refunds else context.refunds.total_minor
    within = abs(amount) <= abs(day.gap.total_minor)
    if within and amount * day.gap.total_minor > 0:
        refunded = format_money(context.refunds.total_minor, day.currency)
        is_taken = "is" if context.refunds.orders == 1 else "are"
        counted = "not taken off, since --before-refunds was said" if context.before_refunds else "taken off"
        says = f"{_many(context.refunds.orders, 'refund')} of that day, {refunded}, {is_taken} {counted}"
        do = "leave --before-refunds out" if context.before_refunds else "say --before-refunds if the report is so"
        yield Cause("refunds", 0, amount, day.gap == (0, amount), says, f"{do}, and reconcile again")


def _shifted(day: DayComparison, shift: TimeShift) -> Cause:
    hours, minutes = divmod(abs(shift.by) // timedelta(minutes=1), 60)
    far = " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
    way = "earlier" if shift.by < _NONE else "later"
    says = f"with days that begin {far} {way}, {shift.agree} of {shift.days} days with orders agree, and this one"
    return Cause("time zone", *day.gap, True, says, "look at the store's time zone, and say it by --timezone")


def _unexplained(day: DayComparison) -> Cause:
    if day.gap.orders > 0 or day.gap.total_minor > 0:
        says = "nothing that was received explains it"
        do = "look at the list of deliveries of the store's web hook for that day, and have what failed sent again"
    else:
        says = "the store's report does not count what it told of"
        do = (
            "look for orders that were deleted there, and for a channel or a kind of payment that the report leaves out"
        )
    return Cause(UNKNOWN, *day.gap, False, says, do)


def _amounts(orders: int, money: int, currency: str) -> str:
    counted = [_many(orders, "order")] if orders else []
    return " and ".join([*counted, format_money(money, currency)] if money else counted)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
