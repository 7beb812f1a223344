"""The store's own total of a day beside the ledger's, and what may lie between them; pure."""

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


class Sum(NamedTuple):
    """How many orders, and what they come to in minor units."""

    orders: int
    total_minor: int


class DayComparison(NamedTuple):
    """One day of one source and currency, as the store tells it and as the ledger has it now."""

    day: date
    source: str
    currency: str
    told: Sum
    ledger: Sum

    @property
    def gap(self) -> Sum:
        """Return what the store tells and the ledger lacks; below zero is what the ledger has beyond it."""
        return Sum(self.told.orders - self.ledger.orders, self.told.total_minor - self.ledger.total_minor)

    @property
    def agrees(self) -> bool:
        """Tell whether both are the same."""
        return self.told == self.ledger

    def exceeds(self, share: float) -> bool:
        """Tell whether the gap is more than so large a share of the store's orders, or of its money."""
        return any(abs(gap) > share * abs(told) for gap, told in zip(self.gap, self.told, strict=True))


class Moment(NamedTuple):
    """What the ledger counts at a moment: an order with its total, or no order and a refund below zero."""

    at: datetime
    orders: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Around:
    """What the ledger and the inbox know of a day beyond what they count.

    `before_refunds` says that the store's total is before the `refunds`; `moments` are those that count from
    FARTHEST before the day `begins` to FARTHEST after it `ends`, in their order.
    """

    begins: datetime
    ends: datetime
    before_refunds: bool
    dead: int
    unread: int
    unpaid: Sum
    cancelled: Sum
    tests: Sum
    refunds: Sum
    moments: Sequence[Moment]


class Shift(NamedTuple):
    """By how much days are moved, and how many of those with orders then agree, of how many."""

    by: timedelta
    agree: int
    days: int


class Cause(NamedTuple):
    """What may explain a gap: how much of it there is, whether that is all of the gap, and what to do."""

    kind: str
    orders: int
    total_minor: int
    exact: bool
    says: str
    do: str


def describe(found: DayComparison) -> str:
    """Return a gap in words, or that both agree."""
    orders, money = found.gap
    if found.agrees:
        return "agrees"
    lacks = _amounts(max(orders, 0), max(money, 0), found.currency)
    more = _amounts(max(-orders, 0), max(-money, 0), found.currency)
    one = (orders == 1 and money <= 0) or (orders <= 0 and money > 0)
    missing = f"{lacks} {'is' if one else 'are'} not in the ledger" if lacks else ""
    beyond = f"the ledger has {more} more than the store" if more else ""
    return f"{missing}, and {beyond}" if missing and beyond else missing or beyond


def causes(found: DayComparison, around: Around, shift: Shift | None = None) -> tuple[Cause, ...]:
    """Return what may explain a gap, what explains all of it first; one that says so where nothing does."""
    if found.agrees:
        return ()
    some = [*_deliveries(around), *_left_out(found, around), *_refunds(found, around)]
    if shift is not None and mover(around)(shift.by) == found.told:
        some.append(_shifted(found, shift))
    return tuple(sorted(some, key=lambda cause: not cause.exact)) or (_unexplained(found),)


def shift(days: Sequence[tuple[DayComparison, Around]]) -> Shift | None:
    """Return by how much all days must be moved for the most of them to agree; None where none does so by moving.

    Of several the nearest whole hours count, since most time zones are so far apart. Days without an order say nothing.
    """
    some = [(found.told, mover(around)) for found, around in days if found.told.orders]
    now = sum(found.agrees for found, _ in days if found.told.orders)
    best = max(
        (Shift(by, sum(moved(by) == told for told, moved in some), len(some)) for by in _distances()),
        key=lambda each: (each.agree, each.by % _HOUR == _NONE, -abs(each.by)),
    )
    return best if best.agree > now else None


def mover(around: Around) -> Callable[[timedelta], Sum]:
    """Return what says how much the ledger counts in a day that begins and ends so much later."""
    ats = [moment.at for moment in around.moments]
    orders = [0, *accumulate(moment.orders for moment in around.moments)]
    totals = [0, *accumulate(moment.total_minor for moment in around.moments)]

    def moved(by: timedelta) -> Sum:
        first, last = bisect_left(ats, around.begins + by), bisect_left(ats, around.ends + by)
        return Sum(orders[last] - orders[first], totals[last] - totals[first])

    return moved


def _distances() -> Iterable[timedelta]:
    """Return every distance of two time zones up to the farthest, on both sides."""
    steps = FARTHEST // _STEP
    return (step * _STEP for step in range(-steps, steps + 1) if step)


def _deliveries(around: Around) -> Iterable[Cause]:
    """Return what was received on the day and is in no ledger."""
    dead = ("dead", around.dead, " could not be read", " --unreadable")
    for kind, count, state, option in (dead, ("unread", around.unread, ", not read yet", "")):
        if count:
            says = f"{_many(count, 'delivery', 'deliveries')} of that day{state}"
            yield Cause(kind, count, 0, False, says, f"run quizfunnel orders replay{option}")


def _left_out(found: DayComparison, around: Around) -> Iterable[Cause]:
    """Return the day's orders that are known and do not count: a store may count them."""
    for kind, some, what, do in (
        ("unpaid", around.unpaid, "not known to be paid", "have the store also send the event of the payment"),
        ("cancelled", around.cancelled, "cancelled", "leave cancelled orders out of the store's report"),
        ("test", around.tests, "tests", "leave tests out of the store's report"),
    ):
        if some.orders and found.gap.orders > 0:
            says = f"{_amounts(*some, found.currency)} of that day are in the ledger and {what}: they do not count"
            yield Cause(kind, *some, some == found.gap, says, do)


def _refunds(found: DayComparison, around: Around) -> Iterable[Cause]:
    """Return what was given back on the day, where the store may not mean what it was told to mean by its total."""
    amount = -around.refunds.total_minor if around.before_refunds else around.refunds.total_minor
    within = abs(amount) <= abs(found.gap.total_minor)
    if within and amount * found.gap.total_minor > 0:
        given = format_money(around.refunds.total_minor, found.currency)
        is_taken = "is" if around.refunds.orders == 1 else "are"
        counted = "not taken off, since --before-refunds was said" if around.before_refunds else "taken off"
        says = f"{_many(around.refunds.orders, 'refund')} of that day, {given}, {is_taken} {counted}"
        do = "leave --before-refunds out" if around.before_refunds else "say --before-refunds if the report is so"
        yield Cause("refunds", 0, amount, found.gap == (0, amount), says, f"{do}, and reconcile again")


def _shifted(found: DayComparison, shift: Shift) -> Cause:
    hours, minutes = divmod(abs(shift.by) // timedelta(minutes=1), 60)
    far = " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
    way = "earlier" if shift.by < _NONE else "later"
    says = f"with days that begin {far} {way}, {shift.agree} of {shift.days} days with orders agree, and this one"
    return Cause("time zone", *found.gap, True, says, "look at the store's time zone, and say it by --timezone")


def _unexplained(found: DayComparison) -> Cause:
    if found.gap.orders > 0 or found.gap.total_minor > 0:
        says = "nothing that was received explains it"
        do = "look at the list of deliveries of the store's web hook for that day, and have what failed sent again"
    else:
        says = "the store's report does not count what it told of"
        do = (
            "look for orders that were deleted there, and for a channel or a kind of payment that the report leaves out"
        )
    return Cause(UNKNOWN, *found.gap, False, says, do)


def _amounts(orders: int, money: int, currency: str) -> str:
    some = [_many(orders, "order")] if orders else []
    return " and ".join([*some, format_money(money, currency)] if money else some)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
