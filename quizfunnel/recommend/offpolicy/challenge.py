"""Challenge: the decision whether a challenger replaces the model that serves, from the log of both; pure.

While a challenger serves a share s of the shoppers, what is shown is drawn from a mixture of two
policies, mix = (1 - s) old + s new. Whoever drew it, an order that was shown speaks for both, as far as
each would have shown it: with weights new/mix and old/mix (balance weights; Agarwal et al. 2017) the
values of both come from every shopper, and where the models agree their difference has no noise. No
weight exceeds 1/s, so that the limits below hold without luck.

Two limits, each of which may promote with a chance of at most alpha/2 where the challenger is no better:

- at any time, a betting confidence sequence of the difference (Waudby-Smith and Ramdas 2024;
  off-policy: Waudby-Smith et al. 2022). Terms (new - old)/mix * reward lie between -1/(1 - s) and 1/s;
  the wealth of a bet against a difference t grows only where t is wrong. Exact, for any number of looks.
- once, at a number of shoppers fixed beforehand: the difference of two self-normalised values (SNIPS),
  with limits by MOVER for correlated estimates (Zou 2007) on score limits of each value.
"""

from math import ceil, log, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.recommend.offpolicy.estimators import score_limits
from quizfunnel.stats.defaults import ALPHA, POWER
from quizfunnel.stats.intervals import mover

Floats = npt.NDArray[np.float64]
Verdict = Literal["promote", "keep", "undecided", "refused"]

LEAST_EFFECTIVE = 100.0  # shoppers that the challenger's weights are worth
LEAST_PURCHASES = 10.0
MOST_OFF = 4.0  # standard errors of the mean weight from 1
_BETS = tuple(0.5**n for n in range(1, 8))  # of the largest stake that cannot be lost whole
_HALVINGS = 50


class ChallengeLog(NamedTuple):
    """The log of a challenge, one entry a shopper, in the order of time, all of them mature.

    `rewards` [n]: 1 for who bought something offered within the window, else 0. `new` and `old` [n]: the
    chance that either model, with its policy, shows just the order that was shown (the product of its
    slots' propensities: `propensities.chances`). `share` of shoppers drawn for the challenger; `planned`
    how many shoppers were to decide, fixed before the first.
    """

    rewards: Floats
    new: Floats
    old: Floats
    share: float
    planned: int


class Values(NamedTuple):
    """Both policies' values by the mixture's SNIPS, their difference with its limits at a size fixed beforehand."""

    new: float
    old: float
    difference: float
    low: float
    high: float


class Decision(NamedTuple):
    """Decision of a challenge, with its figures and a sentence.

    `low` and `high` are limits of the difference in value (purchases a shopper) by which it was decided:
    at `any_time` or at the planned size. `effective` is how many shoppers the log is worth to judge the
    challenger, `more` how many are still needed before it ends.
    """

    verdict: Verdict
    new: float
    old: float
    difference: float
    low: float
    high: float
    any_time: bool
    effective: float
    shoppers: int
    more: int
    sentence: str


def decide(
    challenge: ChallengeLog,
    *,
    alpha: float = ALPHA,
    least_effective: float = LEAST_EFFECTIVE,
    least_purchases: float = LEAST_PURCHASES,
) -> Decision:
    """Return the decision: promote the challenger, keep what serves, or go on; refused where the log cannot tell.

    Where the challenger is no better it is promoted with a chance of at most `alpha`, however often this
    is asked. Reaching the planned size without proof keeps what serves; what came after it has no part
    in that.

    Raises:
        ValueError: for a share or a size that is none, shapes that differ, rewards outside 0 to 1.
    """
    _check(challenge)
    weights = mixture_weights(challenge)
    trouble = _trouble(challenge, weights, least_effective, least_purchases)
    if trouble:
        return _decision("refused", challenge, weights, any_time_limits(challenge, alpha=alpha), trouble)
    limits = any_time_limits(challenge, alpha=alpha)
    # the limits at any time come first: they may end a challenge before its planned size, the others only at it
    verdict: Verdict = "promote" if limits[0] > 0 else "keep" if limits[1] < 0 else "undecided"
    if verdict != "undecided" or len(challenge.rewards) < challenge.planned:
        return _decision(verdict, challenge, weights, limits)
    return _at_plan(challenge, alpha)


def _at_plan(challenge: ChallengeLog, alpha: float) -> Decision:
    first = _first(challenge, challenge.planned)
    planned = values(first, alpha=alpha)
    verdict: Verdict = "promote" if planned.low > 0 else "keep"
    return _decision(verdict, first, mixture_weights(first), (planned.low, planned.high), any_time=False)


def mixture_weights(challenge: ChallengeLog) -> tuple[Floats, Floats]:
    """Return the weights new/mix and old/mix of every shopper, each [n], at most 1/s and 1/(1 - s)."""
    mix = challenge.share * challenge.new + (1 - challenge.share) * challenge.old
    return challenge.new / mix, challenge.old / mix


def values(challenge: ChallengeLog, *, alpha: float = ALPHA) -> Values:
    """Return both values and their difference with limits that hold at a size fixed beforehand, at one look."""
    influence, by_policy, limits = [], [], []
    for weights in mixture_weights(challenge):
        value = float(weights @ challenge.rewards / weights.sum())
        influence.append(weights * (challenge.rewards - value) / weights.sum())
        by_policy.append(value)
        limits.append(score_limits(value, float(np.linalg.norm(influence[-1])), alpha=alpha))
    norms = [float(np.linalg.norm(each)) for each in influence]
    # Both values rest on the same shoppers: their correlation narrows the limits of the difference.
    together = float(influence[0] @ influence[1]) / max(norms[0] * norms[1], 1e-300)
    new, old = by_policy
    low = mover(new - limits[0][0], limits[1][1] - old, together)
    high = mover(limits[0][1] - new, old - limits[1][0], together)
    return Values(new, old, new - old, new - old - low, new - old + high)


def any_time_limits(challenge: ChallengeLog, *, alpha: float = ALPHA) -> tuple[float, float]:
    """Return the limits of the difference in value that hold at every number of shoppers together."""
    new, old = mixture_weights(challenge)
    bought = challenge.rewards > 0
    terms = ((new - old) * challenge.rewards)[bought]
    none, wanted = int((~bought).sum()), log(2 / alpha)
    low = _limit(terms, none, 1 - challenge.share, wanted)
    return low, -_limit(-terms, none, challenge.share, wanted)


def planned_shoppers(
    rate: float, least: float, share: float, *, ratios: Floats | None = None, power: float = POWER
) -> int:
    """Return the sample size that proves, with chance `power`, a challenger that earns `least` more than `rate`.

    `ratios` [n] are the challenger's chances over the serving policy's of orders that the latter drew;
    without them the two are taken to share no order at all, the most that can be needed.
    """
    if not 0 < share < 1 or not 0 < rate < 1 or not 0 < least < 1:
        raise ValueError("rate, least and share lie between 0 and 1")
    # the variance of a difference in weights, where every order could be of one model alone
    spread = 1 / (share * (1 - share))
    if ratios is not None:
        spread = float(np.mean((ratios - 1) ** 2 / (1 - share + share * ratios)))
    z = NormalDist()
    return max(1, ceil((z.inv_cdf(1 - ALPHA / 2) + z.inv_cdf(power)) ** 2 * rate * spread / least**2))


def _limit(terms: Floats, none: int, stake: float, wanted: float) -> float:
    """Return the largest difference that the bets refute, by bisection: wealth falls as the difference grows.

    `terms` are those of shoppers who bought; `none` of the others have a term of 0. `stake` times a term
    is never below -1.
    """
    low, high = -1.0, 1.0
    if _wealth(terms, none, stake, low) < wanted:
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _wealth(terms, none, stake, middle) >= wanted else (low, middle)
    return low


def _wealth(terms: Floats, none: int, stake: float, difference: float) -> float:
    """Return the logarithm of the mean wealth of all bets that the difference is larger than this."""
    stakes = stake * np.array(_BETS)
    logs = none * np.log1p(-stakes * difference) + np.log1p(np.outer(stakes, terms - difference)).sum(axis=1)
    return float(np.logaddexp.reduce(logs) - log(len(stakes)))


def _first(challenge: ChallengeLog, count: int) -> ChallengeLog:
    return challenge._replace(rewards=challenge.rewards[:count], new=challenge.new[:count], old=challenge.old[:count])


def _effective(weights: Floats) -> float:
    return float(weights.sum() ** 2 / max(float((weights**2).sum()), 1e-300))


def _trouble(
    challenge: ChallengeLog, weights: tuple[Floats, Floats], least_effective: float, least_purchases: float
) -> str:
    """Return the reason to refuse a decision, as a sentence; empty where there is none."""
    effective, purchases = _effective(weights[0]), float(challenge.rewards.sum())
    if effective < least_effective:
        return (
            f"Too early: {len(challenge.rewards)} shoppers are worth {effective:.0f} to judge the challenger, "
            f"{least_effective:.0f} are needed."
        )
    for name, each in zip(("challenger", "serving model"), weights, strict=True):
        if abs(each.mean() - 1) > MOST_OFF * each.std() / sqrt(len(each)) + 1e-9:
            return (
                f"The log is not that of the two models: the {name}'s weights have a mean of {each.mean():.2f}, not 1. "
                "Check the share, the policies and the models' versions, and start the challenge anew."
            )
    if purchases < least_purchases:
        return f"Too early: {purchases:.0f} shoppers bought, {least_purchases:.0f} purchases are needed."
    return ""


def _decision(  # noqa: PLR0913 - the parts of one answer
    verdict: Verdict,
    challenge: ChallengeLog,
    weights: tuple[Floats, Floats],
    limits: tuple[float, float],
    trouble: str = "",
    *,
    any_time: bool = True,
) -> Decision:
    new, old = (float(each @ challenge.rewards / max(each.sum(), 1e-300)) for each in weights)
    shoppers = len(challenge.rewards)
    more = max(0, challenge.planned - shoppers) if verdict in {"undecided", "refused"} else 0
    decision = Decision(
        verdict=verdict,
        new=new,
        old=old,
        difference=new - old,
        low=limits[0],
        high=limits[1],
        any_time=any_time,
        effective=_effective(weights[0]),
        shoppers=shoppers,
        more=more,
        sentence=trouble,
    )
    return decision if trouble else decision._replace(sentence=_sentence(decision))


def _sentence(decision: Decision) -> str:
    figures = (
        f"{100 * decision.new:.2f} against {100 * decision.old:.2f} purchases from 100 shoppers, a difference of "
        f"{100 * decision.difference:+.2f} [{100 * decision.low:+.2f}, {100 * decision.high:+.2f}] "
        f"after {decision.shoppers}"
    )
    if decision.verdict == "promote":
        return f"The challenger is better: {figures}."
    if decision.verdict == "undecided":
        return f"Not decided yet: {figures}; at most {decision.more} more shoppers are needed."
    if decision.high < 0:
        return f"The challenger is worse, the serving model stays: {figures}."
    return f"The challenger did not prove to be better at the planned size, the serving model stays: {figures}."


def _check(challenge: ChallengeLog) -> None:
    rewards, new, old = challenge.rewards, challenge.new, challenge.old
    if not 0 < challenge.share < 1 or challenge.planned < 1:
        raise ValueError("the share lies between 0 and 1, and the planned size is at least 1")
    if not rewards.shape == new.shape == old.shape or rewards.ndim != 1:
        raise ValueError(f"rewards, new and old are one number a shopper: {rewards.shape}, {new.shape}, {old.shape}")
    if ((rewards < 0) | (rewards > 1)).any() or ((new < 0) | (old < 0) | (new + old <= 0)).any():
        raise ValueError("rewards lie between 0 and 1, and one of the models must have a chance of what was shown")
