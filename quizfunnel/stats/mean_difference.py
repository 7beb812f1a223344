"""The difference of two arms' rates or means, with limits that hold however often one looks; pure.

An asymptotic confidence sequence: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, "Time-uniform central
limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024), theorem 2.2, tuned to be
tightest at the planned number of visitors (appendix B.2). It leans on a central limit, and so has no limits before
both arms have bought often enough.
"""

from math import inf, log, sqrt
from typing import NamedTuple

from quizfunnel.stats.aggregates import Moments
from quizfunnel.stats.defaults import ALPHA, BURN_IN, REVENUE_BURN_IN
from quizfunnel.stats.intervals import Interval


class Gap(NamedTuple):
    """An estimate of invited minus holdout, its variance and the visitors of both arms that it came from."""

    estimate: float
    variance: float
    visitors: int


def boundary(visitors: int, *, planned: int, alpha: float = ALPHA) -> float:
    """Return how many standard errors the limits lie away after `visitors`, `planned` being where they are tightest."""
    tuned = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / max(planned, 1)
    grown = visitors * tuned + 1
    return sqrt(2 * grown / (visitors * tuned) * log(sqrt(grown) / alpha))


def limits(gap: Gap, *, planned: int, alpha: float = ALPHA) -> Interval:
    """Return the confidence sequence at what was seen so far."""
    half = sqrt(gap.variance) * boundary(gap.visitors, planned=planned, alpha=alpha)
    return Interval(gap.estimate, gap.estimate - half, gap.estimate + half)


def itt_diff(invited: tuple[int, int], holdout: tuple[int, int], *, planned: int, alpha: float = ALPHA) -> Interval:
    """Return the invited arm's purchase rate minus the holdout's; each is (buyers, visitors).

    Until 20 visitors of each arm have bought, and 20 have not, anything is possible and there is no estimate.
    """
    # the central limit needs both: where nearly everybody bought, those who did not are the rare ones
    if not all(BURN_IN <= buyers <= visitors - BURN_IN for buyers, visitors in (invited, holdout)):
        return Interval(None, -1.0, 1.0)
    (one, of_one), (two, of_two) = invited, holdout
    a, b = one / of_one, two / of_two
    gap = Gap(a - b, a * (1 - a) / of_one + b * (1 - b) / of_two, of_one + of_two)
    sequence = limits(gap, planned=planned, alpha=alpha)
    return Interval(sequence.estimate, max(-1.0, sequence.low), min(1.0, sequence.high))


def mean_diff(invited: Moments, holdout: Moments, *, planned: int, alpha: float = ALPHA) -> Interval:
    """Return the invited arm's mean minus the holdout's; no limits until 50 visitors of each arm have bought."""
    return _of(invited, holdout, 0.0, planned=planned, alpha=alpha)


def adjusted_diff(invited: Moments, holdout: Moments, *, planned: int, alpha: float = ALPHA) -> Interval:
    """Return the difference of means after taking out what earlier orders foretell (CUPED).

    Deng, Xu, Kohavi & Walker, "Improving the sensitivity of online controlled experiments by utilizing
    pre-experiment data", WSDM 2013. What is taken out was known before the draw, so that it moves no bias in.
    """
    return _of(invited, holdout, slope(invited, holdout), planned=planned, alpha=alpha)


def slope(invited: Moments, holdout: Moments) -> float:
    """Return how much of earlier spending is found again, over both arms; 0 where there was none."""
    n, prior = invited.n + holdout.n, invited.prior + holdout.prior
    spread = _covariance(n, prior, prior, invited.prior_squared + holdout.prior_squared)
    both = _covariance(n, invited.total + holdout.total, prior, invited.product + holdout.product)
    return both / spread if spread > 0 else 0.0


def gap(invited: Moments, holdout: Moments, theta: float = 0.0) -> Gap:
    """Return the difference of means less `theta` times that of earlier spending, with its (Welch) variance."""
    (a, of_a), (b, of_b) = _adjusted(invited, theta), _adjusted(holdout, theta)
    return Gap(a - b, of_a / invited.n + of_b / holdout.n, invited.n + holdout.n)


def _of(invited: Moments, holdout: Moments, theta: float, *, planned: int, alpha: float) -> Interval:
    if min(invited.buyers, holdout.buyers) < REVENUE_BURN_IN:
        return Interval(None, -inf, inf)
    difference = gap(invited, holdout, theta)
    if difference.variance <= 0:  # everybody spent the same: nothing tells how much that can change
        return Interval(None, -inf, inf)
    return limits(difference, planned=planned, alpha=alpha)


def _adjusted(arm: Moments, theta: float) -> tuple[float, float]:
    """Return the mean and the variance of a visitor's value less theta times what it spent before."""
    value = _covariance(arm.n, arm.total, arm.total, arm.squared)
    before = _covariance(arm.n, arm.prior, arm.prior, arm.prior_squared)
    both = _covariance(arm.n, arm.total, arm.prior, arm.product)
    return (arm.total - theta * arm.prior) / arm.n, max(0.0, value + theta * theta * before - 2 * theta * both)


def _covariance(n: int, one: float, two: float, product: float) -> float:
    # whole numbers stay whole until the last division: nothing cancels, however large the sums
    return (n * product - one * two) / (n * (n - 1)) if n > 1 else 0.0
