"""Laws of the fixed-sample intervals: they are the published ones, and they stay sensible at every edge."""

from importlib import import_module
from math import inf, isfinite, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.stats.intervals import difference, ratio, wilson

counts = st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))
inner = st.integers(3, 5000).flatmap(lambda trials: st.tuples(st.integers(1, trials - 1), st.just(trials)))


@settings(max_examples=60, deadline=None)
@given(counts)
def test_wilson_is_the_one_of_scipy_and_statsmodels(pair: tuple[int, int]) -> None:
    """The limits of a rate agree with two libraries to 1e-9."""
    from scipy.stats import binomtest

    theirs_too = import_module("statsmodels.stats.proportion").proportion_confint(*pair, method="wilson")
    found = wilson(*pair)
    theirs = binomtest(*pair).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert (found.low, found.high) == pytest.approx(theirs_too, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_the_difference_is_the_one_of_statsmodels(one: tuple[int, int], two: tuple[int, int]) -> None:
    """The limits of a difference agree with Newcombe's in statsmodels to 1e-9."""
    proportion = import_module("statsmodels.stats.proportion")
    found = difference(one, two)
    low, high = proportion.confint_proportions_2indep(*one, *two, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(inner, inner)
def test_the_ratio_is_the_published_formula(one: tuple[int, int], two: tuple[int, int]) -> None:
    """Where no denominator vanishes, MOVER-R in its published form gives the same limits."""
    a, b = wilson(*one), wilson(*two)
    p, q = one[0] / one[1], two[0] / two[1]
    below = b.high * (2 * q - b.high)
    above = b.low * (2 * q - b.low)
    if abs(below) < 1e-3:
        return
    found = ratio(one, two)
    low = (p * q - sqrt(max(0.0, (p * q) ** 2 - a.low * below * (2 * p - a.low)))) / below
    high = (p * q + sqrt(max(0.0, (p * q) ** 2 - a.high * above * (2 * p - a.high)))) / above
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6)


@given(counts, counts)
def test_an_interval_holds_its_estimate(one: tuple[int, int], two: tuple[int, int]) -> None:
    """The estimate lies within the limits, and rates, differences and ratios stay where they can be."""
    rate, gap, times = wilson(*one), difference(one, two), ratio(one, two)
    assert 0 <= rate.low <= (rate.estimate or 0) <= rate.high <= 1
    assert gap.estimate is not None
    assert -1 <= gap.low <= gap.estimate <= gap.high <= 1
    assert times.low >= 0
    if times.estimate is not None:
        assert times.low <= times.estimate * (1 + 1e-9)
        assert times.estimate <= times.high * (1 + 1e-9)
        assert isfinite(times.high)


@given(counts, counts)
def test_swapping_the_groups_turns_the_limits_round(one: tuple[int, int], two: tuple[int, int]) -> None:
    """The limits of b over a are the inverses of those of a over b."""
    there, back = ratio(one, two), ratio(two, one)
    assert there.high == pytest.approx(1 / back.low if back.low else inf)
    assert difference(one, two).low == pytest.approx(-difference(two, one).high, abs=1e-12)


@given(inner)
def test_more_visitors_make_it_narrower(pair: tuple[int, int]) -> None:
    """Ten times the visitors at the same rate give a narrower interval."""
    few, many = wilson(*pair), wilson(pair[0] * 10, pair[1] * 10)
    assert many.high - many.low < few.high - few.low


def test_edges_are_honest() -> None:
    """No visitor, one visitor, no buyer, all buyers: sensible limits, or no estimate."""
    assert wilson(0, 0) == (None, 0.0, 1.0)
    assert difference((0, 0), (1, 2)).estimate is None
    assert ratio((0, 0), (1, 2)) == (None, 0.0, inf)
    assert ratio((0, 5), (0, 5)) == (None, 0.0, inf)
    assert ratio((3, 5), (0, 5)).high == inf
    assert ratio((3, 5), (0, 5)).low > 0
    assert ratio((0, 5), (3, 5)).low == 0
    assert ratio((5, 5), (5, 5)).estimate == 1
    assert isfinite(ratio((1, 1), (1, 1)).high)
