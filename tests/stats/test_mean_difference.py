"""Laws of the difference that may be looked at any time."""

from importlib import import_module
from math import inf, isfinite, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.stats import mean_difference
from quizfunnel.stats.aggregates import Moments
from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.mean_difference import itt_diff

INVITED = Moments(4000, 161, 981_200, 9_120_440_000, 1_204_100, 13_400_500_000, 2_400_600_000)
HOLDOUT = Moments(1000, 62, 197_300, 1_700_330_000, 297_000, 3_000_120_000, 410_000_000)
arm = st.integers(41, 10**6).flatmap(lambda n: st.tuples(st.integers(20, n - 20), st.just(n)))


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_boundary_is_the_published_one(n: int, planned: int) -> None:
    """sqrt(n) times the boundary over n is the half width of theorem 2.2 for a standard deviation of one."""
    rho2 = (-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / planned
    theirs = sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * log(sqrt(n * rho2 + 1) / ALPHA))
    assert mean_difference.boundary(n, planned=planned) / sqrt(n) == pytest.approx(theirs, rel=1e-9)


def test_it_is_tightest_where_it_was_planned() -> None:
    """No other tuning has a lower boundary at the planned number, to within what the approximation gives away."""
    planned = 50_000
    here = mean_difference.boundary(planned, planned=planned)
    others = [
        mean_difference.boundary(planned, planned=round(planned * factor)) for factor in np.geomspace(0.05, 20, 60)
    ]
    assert here <= min(others) * 1.005
    assert here > 1.96


@given(arm, arm, st.integers(1, 10**7))
def test_limits_hold_the_estimate_and_stay_possible(one: tuple[int, int], two: tuple[int, int], planned: int) -> None:
    """Every pair of arms past the burn-in has finite limits in -1 to 1 around its estimate, and turns round."""
    found, back = itt_diff(one, two, planned=planned), itt_diff(two, one, planned=planned)
    assert found.estimate is not None
    assert -1 <= found.low <= found.estimate <= found.high <= 1
    assert found.low < found.high
    assert found.low == pytest.approx(-back.high, abs=1e-12)


def test_the_variance_is_that_of_statsmodels() -> None:
    """One look's Wald limits with the same variance are statsmodels' to 1e-9."""
    proportion = import_module("statsmodels.stats.proportion")
    low, high = proportion.confint_proportions_2indep(120, 4000, 20, 1000, method="wald", compare="diff")
    found = itt_diff((120, 4000), (20, 1000), planned=5000)
    width = (found.high - found.low) / mean_difference.boundary(5000, planned=5000)
    assert width * 1.959963984540054 == pytest.approx(high - low, abs=1e-9)
    assert found.estimate == pytest.approx((low + high) / 2, abs=1e-9)


@pytest.mark.parametrize("one", [(0, 500), (19, 500), (500, 500), (481, 500), (1, 1), (0, 0)])
def test_too_few_tell_nothing(one: tuple[int, int]) -> None:
    """No buyers, only buyers, one visitor: no estimate, and anything is possible."""
    assert itt_diff(one, (50, 500), planned=1000) == (None, -1.0, 1.0)
    assert itt_diff((50, 500), one, planned=1000) == (None, -1.0, 1.0)


@pytest.mark.parametrize(
    ("theta", "estimate", "statistic"),
    [(0.0, 48.0, 1.019159038458189), (None, 47.38002459954231, 1.0199807742500235)],
)
def test_means_are_those_of_tea_tasting(theta: float | None, estimate: float, statistic: float) -> None:
    """Effect and statistic of the same sums as tea-tasting 1.14 gives them, without and with CUPED."""
    found = mean_difference.gap(INVITED, HOLDOUT, mean_difference.slope(INVITED, HOLDOUT) if theta is None else theta)
    assert found.estimate == pytest.approx(estimate, abs=1e-9)
    assert found.estimate / sqrt(found.variance) == pytest.approx(statistic, abs=1e-9)


def test_welch_is_scipys() -> None:
    """Difference and standard error of drawn values are those of scipy's Welch test."""
    from scipy.stats import ttest_ind

    draw = np.random.default_rng(2)
    one, two = draw.lognormal(3, 1, 300), draw.lognormal(3, 1.2, 90)
    theirs = ttest_ind(one, two, equal_var=False)
    a, b = (Moments(len(x), len(x), x.sum(), (x**2).sum()) for x in (one, two))
    found = mean_difference.gap(a, b)
    assert found.estimate / sqrt(found.variance) == pytest.approx(theirs.statistic, rel=1e-9)


def test_earlier_orders_are_a_regression() -> None:
    """The slope is least squares' over both arms, and what it leaves has a smaller variance."""
    draw = np.random.default_rng(4)
    prior = draw.gamma(0.3, 100, 4000)
    spent = 0.6 * prior + draw.gamma(0.2, 90, 4000)
    first = draw.random(4000) < 0.8
    one, two = (
        Moments(len(s), len(s), s.sum(), (s**2).sum(), p.sum(), (p**2).sum(), (s * p).sum())
        for s, p in ((spent[first], prior[first]), (spent[~first], prior[~first]))
    )
    theta = mean_difference.slope(one, two)
    assert theta == pytest.approx(np.polyfit(prior, spent, 1)[0], rel=1e-9)
    left = spent - theta * prior
    adjusted = mean_difference.gap(one, two, theta)
    assert adjusted.estimate == pytest.approx(left[first].mean() - left[~first].mean(), rel=1e-9)
    assert adjusted.variance == pytest.approx(
        left[first].var(ddof=1) / first.sum() + left[~first].var(ddof=1) / (~first).sum(), rel=1e-9
    )
    assert adjusted.variance < 0.8 * mean_difference.gap(one, two).variance


def test_money_needs_fifty_buyers_an_arm() -> None:
    """Below 50 buyers in either arm, or where all spent the same, no limits; above, finite ones."""
    few = HOLDOUT._replace(buyers=49)
    assert mean_difference.mean_diff(INVITED, few, planned=9000) == (None, -inf, inf)
    assert mean_difference.adjusted_diff(few, INVITED, planned=9000) == (None, -inf, inf)
    same = Moments(60, 60, 600, 6000)
    assert mean_difference.mean_diff(same, same, planned=9000) == (None, -inf, inf)
    assert mean_difference.mean_diff(Moments(0, 0, 0, 0), Moments(1, 1, 5, 25), planned=9000).estimate is None
    found = mean_difference.mean_diff(INVITED, HOLDOUT, planned=9000)
    assert isfinite(found.low)
    assert isfinite(found.high)


@pytest.mark.parametrize(("share", "seed"), [(0.5, 1), (0.8, 2)])
def test_looking_every_day_at_nothing_rarely_cries(share: float, seed: int) -> None:
    """400 A/A runs of 60 daily looks: at most 5 % ever exclude that the arms are alike."""
    draw = np.random.default_rng(seed)
    one, none = round(500 * share), round(500 * (1 - share))
    invited = draw.binomial(one, 0.02, (400, 60)).cumsum(axis=1)
    holdout = draw.binomial(none, 0.02, (400, 60)).cumsum(axis=1)
    wrong = sum(
        any(
            not found.low <= 0 <= found.high
            for day in range(60)
            for found in [itt_diff((a[day], one * (day + 1)), (b[day], none * (day + 1)), planned=30_000)]
        )
        for a, b in zip(invited.tolist(), holdout.tolist(), strict=True)
    )
    assert wrong / 400 <= ALPHA
