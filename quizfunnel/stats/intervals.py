"""Confidence intervals of rates, their difference and their ratio, at a sample size fixed beforehand; pure."""

from math import inf, sqrt
from statistics import NormalDist
from typing import NamedTuple

from quizfunnel.stats.defaults import ALPHA


class Interval(NamedTuple):
    """An estimate within its limits; the estimate is None where the counts give none."""

    estimate: float | None
    low: float
    high: float


def wilson(successes: int, trials: int, *, alpha: float = ALPHA) -> Interval:
    """Return a rate with Wilson's score limits (1927); without a trial it can be anything."""
    if trials == 0:
        return Interval(None, 0.0, 1.0)
    z = NormalDist().inv_cdf(1 - alpha / 2)
    rate, square = successes / trials, z * z / trials
    centre = (rate + square / 2) / (1 + square)
    half = z * sqrt(rate * (1 - rate) / trials + square / (4 * trials)) / (1 + square)
    # at the ends the root cancels to a few 1e-17 instead of to nothing
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Interval(rate, low, high)


def mover(one: float, other: float, correlation: float = 0.0) -> float:
    """Return how far the limit of a difference lies from it, from two such distances (MOVER, Zou 2007).

    They are those of either estimate to its own limit, on the sides that make the difference smaller, or larger.
    """
    return sqrt(max(0.0, one**2 + other**2 - 2 * correlation * one * other))


def difference(one: tuple[int, int], two: tuple[int, int], *, alpha: float = ALPHA) -> Interval:
    """Return rate one minus rate two with Newcombe's limits (1998, method 10); each is (successes, trials)."""
    a, b = wilson(*one, alpha=alpha), wilson(*two, alpha=alpha)
    if a.estimate is None or b.estimate is None:
        return Interval(None, a.low - b.high, a.high - b.low)
    gap = a.estimate - b.estimate
    low = gap - mover(a.estimate - a.low, b.high - b.estimate)
    high = gap + mover(a.high - a.estimate, b.estimate - b.low)
    return Interval(gap, max(-1.0, low), min(1.0, high))


def ratio(one: tuple[int, int], two: tuple[int, int], *, alpha: float = ALPHA) -> Interval:
    """Return rate one over rate two with MOVER-R limits (Donner & Zou 2012) on Wilson's.

    Each is (successes, trials). Without a success in the second the ratio has no upper limit, and no
    estimate; written with the denominators multiplied out, so that no case divides by zero.
    """
    a, b = wilson(*one, alpha=alpha), wilson(*two, alpha=alpha)
    if a.estimate is None or b.estimate is None:
        return Interval(None, 0.0, inf)
    product = a.estimate * b.estimate
    low = 0.0
    if a.estimate > 0:
        above = a.low * (2 * a.estimate - a.low)
        below = b.high * (2 * b.estimate - b.high)
        low = above / (product + sqrt(max(0.0, product * product - above * below)))
    # Wilson's lower limit is 0 here, and the ratio's upper one would be divided by it
    if b.estimate == 0:
        return Interval(None, low, inf)
    above = a.high * (2 * a.estimate - a.high)
    below = b.low * (2 * b.estimate - b.low)
    high = (product + sqrt(max(0.0, product * product - above * below))) / below
    return Interval(a.estimate / b.estimate, low, high)
