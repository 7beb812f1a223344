"""Laws of what may be said of a cause, and of how little observed rates tell of one."""

from math import inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.stats import causal
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.mean_difference import itt_diff

EFFECT = Interval(0.004, 0.001, 0.007)
NONE = causal.takeup(0, 2000)


def test_the_limits_are_divided_by_takeup() -> None:
    """With a holdout that never takes the quiz, estimate and limits are those of the arms over takeup."""
    found = causal.cace_diff(EFFECT, causal.takeup(2000, 8000), NONE)
    assert found.difference == pytest.approx((0.016, 0.004, 0.028))
    assert found.condition == causal.FAIR


def test_a_holdout_that_takes_it_is_taken_off_and_said() -> None:
    """Where some of the holdout take the quiz, takeup is the difference, and the condition says so."""
    found = causal.cace_diff(EFFECT, causal.takeup(2000, 8000), causal.takeup(100, 2000))
    assert found.difference == pytest.approx((0.02, 0.005, 0.035))
    assert causal.CONTAMINATED in found.condition


@pytest.mark.parametrize("starters", [0, 3, 250])
def test_without_takers_nobody_can_be_told_of(starters: int) -> None:
    """Where the arms' takeup may be the same, there is no estimate."""
    found = causal.cace_diff(EFFECT, causal.takeup(starters, 8000), causal.takeup(50, 2000))
    assert found == (Interval(None, -1.0, 1.0), causal.NO_TAKERS)


def test_an_effect_that_is_not_known_stays_so() -> None:
    """Before the burn-in of the arms' difference, and with nobody at all, there is no estimate."""
    early = itt_diff((3, 100), (1, 100), planned=1000)
    assert causal.cace_diff(early, causal.takeup(60, 100), causal.takeup(0, 100)).difference.estimate is None
    assert causal.cace_diff(early, causal.takeup(0, 0), causal.takeup(0, 0)).difference.estimate is None


def test_a_small_takeup_leaves_what_is_possible() -> None:
    """Limits never leave -1 to 1."""
    found = causal.cace_diff(Interval(0.01, -0.4, 0.5), causal.takeup(90, 1000), NONE).difference
    assert (found.low, found.high) == (-1, 1)


def test_the_published_e_values() -> None:
    """Maternal smoking and breastfeeding of VanderWeele & Ding (2017): 3.9 (1.8 to 8.7) gives 7.26 and 3.0."""
    found = causal.e_value(Interval(3.9, 1.8, 8.7))
    assert found.estimate == pytest.approx(7.26, abs=0.005)
    assert found.limit == pytest.approx(3.0, abs=0.005)


@given(st.floats(0.01, 100), st.floats(1, 10))
def test_an_e_value_is_what_explains_the_ratio(ratio: float, wide: float) -> None:
    """A confounder of that strength on both sides has a bias factor of the ratio; below 1 the inverse counts."""
    found = causal.e_value(Interval(ratio, ratio / wide, ratio * wide))
    assert found.estimate is not None
    assert found.estimate**2 / (2 * found.estimate - 1) == pytest.approx(max(ratio, 1 / ratio))
    back = causal.e_value(Interval(1 / ratio, 1 / ratio / wide, 1 / ratio * wide))
    assert (found.estimate, found.limit) == pytest.approx(tuple(back))
    assert 1 <= found.limit <= found.estimate * (1 + 1e-9)


def test_limits_around_one_need_no_explanation() -> None:
    """Where the limits hold 1 the limit's E-value is 1; without an estimate there is none."""
    assert causal.e_value(Interval(1.5, 0.9, 2.5)) == pytest.approx((1.5 + sqrt(0.75), 1))
    assert causal.e_value(Interval(None, 0.0, inf)) == (None, 1)
    assert causal.e_value(Interval(0.0, 0.0, 0.5)).estimate == inf


def test_the_negative_control_needs_earlier_orders() -> None:
    """Earlier buyers among takers against others, with limits; without any there is no estimate."""
    assert causal.negative_control((90, 1000), (300, 9000)).estimate == pytest.approx(2.7)
    assert causal.negative_control((0, 1000), (0, 9000)) == (None, 0.0, inf)
