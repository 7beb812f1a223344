"""Causal estimates: the effect on those who take the quiz (CACE), the E-value, the negative control; pure.

Only the randomised arms tell a cause. The E-value and the negative control say of observed rates how little they
tell.
"""

from math import inf, sqrt
from typing import NamedTuple

from quizfunnel.stats import intervals
from quizfunnel.stats.intervals import Interval

FAIR = (
    "Fair only if being invited changes nothing for those who don't take the quiz, and nobody of the holdout takes it: "
    "then all of the difference between the arms is of those who took it."
)
CONTAMINATED = "Some of the holdout took the quiz, so that this is of those who took it because they were invited."
NO_TAKERS = "The invited arm doesn't start the quiz more often than the holdout, so there is nobody to tell of."


class Complier(NamedTuple):
    """The difference in purchase rate of those who take the quiz when invited, and when it may be said."""

    difference: Interval
    condition: str


class EValue(NamedTuple):
    """E-value: the strength, as a ratio, of an unseen cause of both that would explain the ratio, and its limit."""

    estimate: float | None
    limit: float


def takeup(starters: int, visitors: int) -> Interval:
    """Return the share of an arm that starts the quiz, with Wilson's limits."""
    return intervals.wilson(starters, visitors)


def cace_diff(effect: Interval, invited: Interval, holdout: Interval) -> Complier:
    """Return the difference between the arms over the difference of their takeup.

    `effect` is itt_diff, the others each arm's takeup. Bloom, "Accounting for no-shows in experimental evaluation
    designs", Evaluation Review 8 (1984), where nobody of the holdout takes the quiz; else Wald's estimator (Imbens &
    Angrist, Econometrica 62, 1994). Takeup is taken as known: its own error is small beside the effect's.
    """
    # a takeup that may be the same in both arms would divide by what may be 0
    if effect.estimate is None or invited.low <= holdout.high:
        return Complier(Interval(None, -1.0, 1.0), NO_TAKERS if effect.estimate is not None else FAIR)
    share = (invited.estimate or 0.0) - (holdout.estimate or 0.0)
    low, high = max(-1.0, effect.low / share), min(1.0, effect.high / share)
    difference = Interval(min(1.0, max(-1.0, effect.estimate / share)), low, high)
    return Complier(difference, f"{FAIR} {CONTAMINATED}" if holdout.estimate else FAIR)


def e_value(ratio: Interval) -> EValue:
    """Return the E-value of a ratio, and of its limit nearer to 1 (1 where the limits hold it).

    VanderWeele & Ding, "Sensitivity analysis in observational research: introducing the E-value", Annals of
    Internal Medicine 167 (2017).
    """
    # the limit that is nearer to "no difference": explaining it away takes the weakest cause
    near = ratio.low if ratio.low > 1 else ratio.high if ratio.high < 1 else 1.0
    return EValue(None if ratio.estimate is None else _explains(ratio.estimate), _explains(near))


def negative_control(takers: tuple[int, int], others: tuple[int, int]) -> Interval:
    """Return how much more often takers had bought before they ever saw the quiz, as ratio; each (buyers, visitors).

    The quiz cannot have done that: what differs from 1 is who takes it. Lipsitch, Tchetgen Tchetgen & Cohen,
    "Negative controls", Epidemiology 21 (2010). Without any earlier order there is no estimate.
    """
    return intervals.ratio(takers, others)


def _explains(ratio: float) -> float:
    if ratio == 0:
        return inf
    above = ratio if ratio >= 1 else 1 / ratio
    return above + sqrt(above * (above - 1))
