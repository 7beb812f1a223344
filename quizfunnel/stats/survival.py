"""Survival curve (Kaplan-Meier): the share still there after so many questions or so much time; pure.

Kaplan & Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958): who finished, or may still go
on, is followed up to that place and no further, so that a short path through the quiz is not taken for leaving.
"""

from collections.abc import Mapping
from math import exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.intervals import Interval, wilson


class Ends(NamedTuple):
    """The attempts whose last place or time is the same: those that were left, and those only followed that far."""

    left: int
    followed: int


class Point(NamedTuple):
    """The attempts still there just before, those left at it, and the share that stays beyond it."""

    at: int
    there: int
    left: int
    staying: Interval


def curve(ends: Mapping[int, Ends], *, alpha: float = ALPHA) -> tuple[Point, ...]:
    """Return the share that stays beyond each place (questions asked, or milliseconds of active time).

    The limits of each point are the log-log ones on Greenwood's variance (Kalbfleisch & Prentice 1980). Before anybody
    left, and where nobody stays, there is no such variance: Wilson's limits for those who were there stand in.
    """
    there = sum(left + followed for left, followed in ends.values())
    points: list[Point] = []
    staying, greenwood, high = 1.0, 0.0, 1.0
    for at in sorted(ends):
        left, followed = ends[at]
        if left + followed == 0:
            continue
        # those only followed that far still count here, and are gone at the next place
        staying *= 1 - left / there
        if left == there:
            # Greenwood's term would divide by zero; what stayed so far times what may stay here is an upper limit
            limits = Interval(0.0, 0.0, high * wilson(0, there, alpha=alpha).high)
        else:
            greenwood += left / (there * (there - left))
            limits = _limits(staying, greenwood, there, alpha=alpha)
        points.append(Point(at, there, left, limits))
        there, high = there - left - followed, limits.high
    return tuple(points)


def _limits(staying: float, greenwood: float, there: int, *, alpha: float) -> Interval:
    if greenwood == 0:
        return Interval(1.0, 1 - wilson(0, there, alpha=alpha).high, 1.0)
    # log-log limits lie within 0 and 1 by themselves, where Greenwood's plain ones leave them near either end
    half = NormalDist().inv_cdf(1 - alpha / 2) * sqrt(greenwood) / log(staying)
    return Interval(staying, staying ** exp(-half), staying ** exp(half))
