"""Laws of a gap: it is named as it is, its causes by what is known, a wrong time zone by all days together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.orders.reconcile.gap import (
    Cause,
    DayComparison,
    DayContext,
    LedgerEntry,
    TimeShift,
    Totals,
    best_shift,
    causes,
    describe,
    totals_by_shift,
)

DAY = date(2026, 3, 2)
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
NOTHING = Totals(0, 0)
QUIET = DayContext(BEGINS, BEGINS + timedelta(days=1), False, 0, 0, NOTHING, NOTHING, NOTHING, NOTHING, ())


def gap(told: tuple[int, int], ledger: tuple[int, int], currency: str = "GBP") -> DayComparison:
    """Return a day as the store reports it and as the ledger has it."""
    return DayComparison(DAY, "shopify", currency, Totals(*told), Totals(*ledger))


def kinds(found: tuple[Cause, ...]) -> list[tuple[str, bool]]:
    """Return the kinds of causes, each with whether it is all of the gap."""
    return [(cause.kind, cause.exact) for cause in found]


@pytest.mark.parametrize(
    ("told", "ledger", "says"),
    [
        ((3, 900), (3, 900), "agrees"),
        ((33, 44000), (31, 40900), "2 orders and £31.00 are not in the ledger"),
        ((2, 900), (1, 900), "1 order is not in the ledger"),
        ((3, 900), (1, 900), "2 orders are not in the ledger"),
        ((1, 900), (1, 400), "£5.00 is not in the ledger"),
        ((1, 400), (1, 900), "the ledger has £5.00 more than the store"),
        ((1, 400), (3, 900), "the ledger has 2 orders and £5.00 more than the store"),
        ((3, 900), (1, 1200), "2 orders are not in the ledger, and the ledger has £3.00 more than the store"),
        ((1, 900), (2, 400), "£5.00 is not in the ledger, and the ledger has 1 order more than the store"),
        ((1, -900), (1, -400), "the ledger has £5.00 more than the store"),
    ],
)
def test_a_gap_is_named_as_it_is(told: tuple[int, int], ledger: tuple[int, int], says: str) -> None:
    """Orders and money that are missing or beyond, each with its noun; written out by hand."""
    assert describe(gap(told, ledger)) == says


@pytest.mark.parametrize(
    ("told", "ledger", "exceeds"),
    [
        ((100, 10000), (99, 9900), False),
        ((100, 10000), (98, 10000), True),
        ((100, 10000), (100, 9899), True),
        ((100, 10000), (102, 10000), True),
        ((0, 0), (0, 0), False),
        ((0, 0), (1, 100), True),
        ((1, -10000), (1, -10101), True),
    ],
)
def test_a_gap_exceeds_a_share_of_what_the_store_told(
    told: tuple[int, int], ledger: tuple[int, int], *, exceeds: bool
) -> None:
    """One hundredth is allowed of either, more of neither; beyond nothing everything is more."""
    assert gap(told, ledger).exceeds(0.01) == exceeds


def test_a_day_that_agrees_has_no_cause() -> None:
    """Even where deliveries wait and orders are unpaid."""
    assert causes(gap((1, 5), (1, 5)), replace(QUIET, dead=3, unpaid=Totals(2, 9))) == ()


def test_what_is_all_of_a_gap_comes_first() -> None:
    """Orders that are just as many and come to just as much are all of it; what waits is only likely."""
    context = replace(QUIET, dead=1, unread=2, unpaid=Totals(1, 500), cancelled=Totals(2, 3100), tests=Totals(3, 1))
    found = causes(gap((33, 44000), (31, 40900)), context)
    assert kinds(found) == [("cancelled", True), ("dead", False), ("unread", False), ("unpaid", False), ("test", False)]
    assert [cause.do for cause in found[1:3]] == [
        "run quizfunnel orders replay --unreadable",
        "run quizfunnel orders replay",
    ]
    assert found[0].says == "2 orders and £31.00 of that day are in the ledger and cancelled: they do not count"
    assert [cause.says for cause in found[1:3]] == [
        "1 delivery of that day could not be read",
        "2 deliveries of that day, not read yet",
    ]


def test_orders_that_do_not_count_explain_no_surplus() -> None:
    """A ledger that has more than the store does not have it because of its own cancelled orders."""
    context = replace(QUIET, unpaid=Totals(1, 5), cancelled=Totals(1, 5), tests=Totals(1, 5))
    assert kinds(causes(gap((1, 5), (2, 10)), context)) == [("unknown", False)]


@pytest.mark.parametrize(
    ("before", "told", "named"),
    [
        (False, (2, 2000), [("refunds", True)]),
        (False, (2, 2400), [("refunds", False)]),
        (False, (2, 1700), [("unknown", False)]),  # refunds are larger than the gap
        (False, (2, 900), [("unknown", False)]),
        (True, (2, 1000), [("refunds", True)]),
        (True, (2, 2000), [("unknown", False)]),
    ],
)
def test_refunds_that_are_meant_otherwise_are_named(
    *, before: bool, told: tuple[int, int], named: list[tuple[str, bool]]
) -> None:
    """A ledger of 15.00 after refunds of 5.00, beside a report that is before them, and the other way round."""
    context = replace(QUIET, before_refunds=before, refunds=Totals(1, 500))
    found = causes(gap(told, (2, 1500)), context)
    assert kinds(found) == named
    if named[0][0] == "refunds":
        assert "--before-refunds" in found[0].do


def moments(day: date) -> list[LedgerEntry]:
    """Return three orders of one day in New York (UTC-5), two of them late in its evening, and a refund."""
    start = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    hours = ((9, 1), (20, 1), (23.5, 1), (12, 0))
    return sorted(
        LedgerEntry(start + timedelta(hours=hour), orders, (1000 + day.day * 7) * (1 if orders else -1))
        for hour, orders in hours
    )


def week(count: int = 7) -> list[tuple[DayComparison, DayContext]]:
    """Return days of a store in New York that was taken for one in UTC."""
    every = [moment for day in range(1, count + 3) for moment in moments(date(2026, 2, day))]
    found = []
    for number in range(2, count + 2):
        begins = datetime(2026, 2, number, tzinfo=UTC)
        context = replace(QUIET, begins=begins, ends=begins + timedelta(days=1), entries=sorted(every))
        told = Totals(3, 2 * (1000 + number * 7))
        found.append(
            (DayComparison(begins.date(), "shopify", "GBP", told, totals_by_shift(context)(timedelta())), context)
        )
    return found


def test_a_wrong_time_zone_is_told_from_all_days_together() -> None:
    """Days that begin five hours later all agree, and every gap says so."""
    days = week()
    found = best_shift(days)
    assert found == TimeShift(timedelta(hours=5), 7, 7)
    assert not any(day.agrees for day, _ in days)
    cause = causes(*days[0], found)[0]
    assert (cause.kind, cause.exact) == ("time zone", True)
    assert cause.says == "with days that begin 5 h later, 7 of 7 days with orders agree, and this one"


def test_no_move_is_named_that_makes_other_days_disagree() -> None:
    """A missing order of which another day has the like is no time zone, where the other days agree as they are."""
    days = [(day._replace(told=day.ledger), context) for day, context in week()]
    day, context = days[3]
    days[3] = (day._replace(told=Totals(day.ledger.orders + 1, day.ledger.total_minor + 1028)), context)
    assert best_shift(days) is None


def test_a_day_without_orders_says_nothing_of_time_zones() -> None:
    """It fits nearly anywhere."""
    day, context = week(1)[0]
    assert best_shift([(day._replace(told=Totals(0, 0)), context)]) is None


@given(
    st.lists(st.tuples(st.integers(-2000, 3500), st.integers(0, 1), st.integers(-500, 500)), max_size=30),
    st.integers(-56, 56),
)
def test_a_moved_day_counts_what_lies_in_it(events: list[tuple[int, int, int]], quarters: int) -> None:
    """Against counting one by one; the first moment belongs to the day, the last one does not."""
    by = timedelta(minutes=15 * quarters)
    known = [LedgerEntry(BEGINS + timedelta(minutes=minute), orders, total) for minute, orders, total in events]
    inside = [each for each in known if QUIET.begins + by <= each.at < QUIET.ends + by]
    expected = Totals(sum(each.orders for each in inside), sum(each.total_minor for each in inside))
    assert totals_by_shift(replace(QUIET, entries=sorted(known)))(by) == expected
