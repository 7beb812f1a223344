"""Laws of the alarms: each says what it saw and what to try, and looking often rarely raises one for nothing."""

import numpy as np
import pytest

from quizfunnel.insight.behaviour import alarms
from quizfunnel.insight.behaviour.funnel import StepRow
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.intervals import wilson
from quizfunnel.stats.quantiles import quantiles


def steps(*pairs: tuple[int, int]) -> list[StepRow]:
    """Return questions q0, q1, ... with (left, reached)."""
    none = quantiles([])
    return [
        StepRow(f"q{n}", f"Question {n}?", reached, left, wilson(left, reached), none, none)
        for n, (left, reached) in enumerate(pairs)
    ]


def test_a_gap_is_named_with_its_figures() -> None:
    """The question at which a third leave is named; the others are not."""
    (found,) = alarms.gaps(steps((40, 1000), (320, 960), (20, 640)))
    assert (found.kind, found.where) == ("gap", "q1")
    assert found.saw == 'At "Question 1?" 33.3% of 960 attempts ended, at the other questions 3.66%.'
    assert found.advice.startswith("Ask it more simply")


@pytest.mark.parametrize("pairs", [(), ((5, 9),), ((0, 0), (0, 0)), ((30, 300), (25, 270)), ((9, 10), (0, 1))])
def test_little_or_nothing_raises_no_gap(pairs: tuple[tuple[int, int], ...]) -> None:
    """No question, a single one, nobody, even questions or a handful of people: nothing."""
    assert alarms.gaps(steps(*pairs)) == ()


def test_a_broken_promise_is_said_in_its_minutes() -> None:
    """Fewer than three in four within the promised time, beyond doubt, is an alarm; three in four is none."""
    found = alarms.broken_promise(120, 300, minutes=1)
    assert found is not None
    assert found.saw == "40.0% of 300 finishers needed no longer than the promised 1 minute. At least 75.0% should."
    assert "Promise more minutes" in found.advice
    assert alarms.broken_promise(225, 300, minutes=2.5) is None
    assert alarms.broken_promise(0, 1, minutes=3) is None
    assert alarms.broken_promise(0, 0, minutes=3) is None
    assert alarms.promise_kept(0, 0) == (None, 0, 1)


def test_where_it_hurts_is_named_with_its_limits() -> None:
    """Only the category that buys less is named; how many are watched makes it harder to be named."""
    bought = {"phone": ArmPurchases(190, 110, 0.8), "desktop": ArmPurchases(400, 100, 0.8)}
    (found,) = alarms.hurts(bought)
    assert (found.kind, found.where) == ("hurts", "phone")
    assert found.saw.startswith("In phone those invited bought 0.43x as often as the holdout (")
    assert alarms.hurts(bought, among=10**12) == ()
    assert alarms.hurts({}) == ()
    assert alarms.hurts({"tablet": ArmPurchases(0, 0, 0.5), "tv": ArmPurchases(1, 0, 0.5)}) == ()


def test_a_category_without_any_invited_purchase_is_named() -> None:
    """None of the invited bought and forty of the holdout did: that is an alarm with an estimate of zero."""
    (found,) = alarms.hurts({"phone": ArmPurchases(0, 40, 0.5)})
    assert "bought 0.00x as often" in found.saw


def test_the_strongest_comes_first() -> None:
    """Alarms are in the order of their evidence."""
    found = alarms.hurts({"a": ArmPurchases(10, 60, 0.5), "b": ArmPurchases(10, 200, 0.5)})
    assert [alarm.where for alarm in found] == ["b", "a"]
    both = alarms.gaps(steps(*[(10, 1000)] * 6, (300, 1000), (500, 1000)))
    assert [alarm.where for alarm in both] == ["q7", "q6"]


@pytest.mark.thorough
def test_daily_looks_at_nothing_rarely_raise_an_alarm() -> None:
    """200 runs of 40 looks, right at the edge of each claim: no more than 5 % ever raise one."""
    draw = np.random.default_rng(6)
    kept = draw.binomial(20, 0.75, (200, 40)).cumsum(axis=1).tolist()
    left = draw.binomial(60, [0.1, *[0.05] * 5], (200, 40, 6)).cumsum(axis=1).tolist()
    one, two = (draw.poisson(rate, (200, 40, 4)).cumsum(axis=1).tolist() for rate in (4, 1))
    promise = gap = less = 0
    for run in range(200):
        days = range(1, 41)
        promise += any(alarms.broken_promise(kept[run][d - 1], 20 * d, minutes=3) for d in days)
        gap += any(alarms.gaps(steps(*((x, 60 * d) for x in left[run][d - 1]))) for d in days)
        less += any(
            alarms.hurts({str(c): ArmPurchases(one[run][d - 1][c], two[run][d - 1][c], 0.8) for c in range(4)})
            for d in days
        )
    assert max(promise, gap, less) / 200 <= 0.05
