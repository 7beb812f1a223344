"""Off-policy evaluation: a policy's value from a log that another one made; refused where the log cannot tell.

The item-position model (Li et al. 2018): what a product earns in a slot depends on product, slot and
shopper, not on its neighbours. An offer's value is then a sum over slots, and each slot's reward is
weighted by how much more often the target puts that product there, over whatever stands before it:
``marginals`` of both policies. For what depends on the whole offer (bought something of it), give one
slot [n, 1] and the chances of whole orders (``chances(...).prod(axis=1)``).

Estimators, each a slot: IPS (mean of w r), SNIPS (sum of w r over sum of w; Swaminathan and Joachims
2015) and DR (mean of the model's value of the target plus w times the model's error; Dudik et al. 2014).
"""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

Floats = npt.NDArray[np.float64]

ESTIMATORS = ("ips", "snips", "dr")


class RewardModel(NamedTuple):
    """Expected rewards by a model: of the product shown in each slot, and of the target policy there; both [n, k]."""

    shown: Floats
    target: Floats


class Evaluation(NamedTuple):
    """The value an offer, its standard error and interval, and what they rest on.

    `slots` are the parts of the value. `effective` is the effective sample size of the worst slot,
    (sum w)^2 / sum w^2; `purchases` the number of equally weighted purchases worth as much as those
    seen; `weight` each slot's mean weight, about 1 where log and policies are what they are said to be.
    """

    estimator: str
    value: float
    error: float
    low: float
    high: float
    slots: tuple[float, ...]
    offers: int
    effective: float
    purchases: float
    weight: tuple[float, ...]


class Refusal(NamedTuple):
    """No number: what was refused, why, and what to do. `evaluation` is what would have been said."""

    what: str
    why: str
    do: str
    evaluation: Evaluation

    def __str__(self) -> str:
        """Return all of it as a sentence or three."""
        return f"{self.what}: {self.why}. {self.do}."


class PolicyEvaluator(BaseEstimator):
    """Estimates the value of a target policy from a log, or refuses.

    `estimator` is "ips", "snips" or "dr"; intervals hold with a chance of 1 - `alpha`. An answer is
    refused below `least_effective` offers (effective sample size), below `least_purchases` purchases
    (each worth its weight), or where a slot's mean weight is more than `most_off` standard errors from
    1: then the target shows what the log never showed, or the propensities are not those of the log.
    """

    def __init__(
        self,
        estimator: str = "snips",
        *,
        alpha: float = 0.05,
        least_effective: float = 200.0,
        least_purchases: float = 10.0,
        most_off: float = 4.0,
    ) -> None:
        """Keep the settings."""
        self.estimator = estimator
        self.alpha = alpha
        self.least_effective = least_effective
        self.least_purchases = least_purchases
        self.most_off = most_off

    def evaluate(
        self, rewards: Floats, logged: Floats, target: Floats, *, model: RewardModel | None = None
    ) -> Evaluation | Refusal:
        """Return the target's value, or why it cannot be told; arguments as of `estimate`."""
        evaluation = self.estimate(rewards, logged, target, model=model)
        return self._refusal(evaluation, _weights(logged, target)) or evaluation

    def estimate(
        self, rewards: Floats, logged: Floats, target: Floats, *, model: RewardModel | None = None
    ) -> Evaluation:
        """Return the target's value, however little is known.

        Args:
            rewards: of each slot of each offer, [n, k].
            logged: how often the logging policy puts the product shown there into that slot, [n, k];
                NaN where a slot was not shown.
            target: the same of the target policy.
            model: what is expected, for "dr".

        Raises:
            ValueError: for an unknown estimator, shapes that differ, chances outside 0 to 1, no offer at
                all, or "dr" without a model.
        """
        self._check(rewards, logged, target, model)
        shown, weights = ~np.isnan(logged), _weights(logged, target)
        rewards = np.where(shown, rewards, 0.0)
        if model is None or self.estimator != "dr":
            slots, influence = _weighted(rewards, weights, shown, normalise=self.estimator == "snips")
        else:
            slots, influence = _doubly_robust(rewards, weights, shown, model)
        value, error = float(slots.sum()), _error(influence.sum(axis=1))
        low, high = self._interval(value, error)
        # a slot that nothing was weighed in is worth no offer: 0 over almost 0, and no division by 0
        kish = weights.sum(axis=0) ** 2 / np.maximum((weights**2).sum(axis=0), 1e-300)
        paid = (weights * rewards).ravel()
        return Evaluation(
            estimator=self.estimator,
            value=value,
            error=error,
            low=low,
            high=high,
            slots=tuple(slots.tolist()),
            offers=len(rewards),
            effective=float(kish[shown.any(axis=0)].min(initial=np.inf)),
            purchases=float(paid.sum() ** 2 / max(float((paid**2).sum()), 1e-300)),
            weight=tuple((weights.sum(axis=0) / np.maximum(shown.sum(axis=0), 1)).tolist()),
        )

    def _interval(self, value: float, error: float) -> tuple[float, float]:
        if self.estimator == "dr":  # whose terms may be negative, which no score limits are made for
            half = NormalDist().inv_cdf(1 - self.alpha / 2) * error
            return value - half, value + half
        return score_limits(value, error, alpha=self.alpha)

    def _refusal(self, evaluation: Evaluation, weights: Floats) -> Refusal | None:
        if evaluation.effective < self.least_effective:
            why = (
                f"the log's {evaluation.offers} offers are worth {evaluation.effective:.0f} of the policy asked about, "
                f"{self.least_effective:.0f} are needed"
            )
            do = "Wait for more offers, explore more (a higher temperature or epsilon), or let it serve a share"
            return Refusal("The policies differ too much", why, do, evaluation)
        if evaluation.purchases < self.least_purchases:
            why = (
                f"what was bought is worth {evaluation.purchases:.1f} purchases of the policy asked about, "
                f"{self.least_purchases:.0f} are needed"
            )
            return Refusal("Too little was bought", why, "Wait for more purchases", evaluation)
        return self._lost(evaluation, weights)

    def _lost(self, evaluation: Evaluation, weights: Floats) -> Refusal | None:
        errors = weights.std(axis=0) / sqrt(len(weights))
        off = np.abs(np.array(evaluation.weight) - 1.0)
        slot = int(np.argmax(off - self.most_off * errors))
        # weights of equal policies are all 1 and spread by nothing: rounding alone is no reason
        if off[slot] <= self.most_off * errors[slot] + 1e-9:
            return None
        why = (
            f"in slot {slot + 1} the weights' mean is {evaluation.weight[slot]:.2f} and should be 1: the log never "
            "shows some of what the policy would, or its propensities are not those that it was drawn with"
        )
        do = "Compare the policy and the eligible products of the log with those asked about"
        return Refusal("The log does not cover the policy", why, do, evaluation)

    def _check(self, rewards: Floats, logged: Floats, target: Floats, model: RewardModel | None) -> None:
        if self.estimator not in ESTIMATORS:
            raise ValueError(f"estimator is {self.estimator!r}; it must be one of {', '.join(ESTIMATORS)}")
        if self.estimator == "dr" and model is None:
            raise ValueError("the estimator dr needs a model of the rewards")
        shapes = {np.shape(each) for each in (rewards, logged, target, *(model or ()))}
        if len(shapes) != 1 or len(rewards) == 0 or np.ndim(rewards) != 2:  # noqa: PLR2004 - a table
            raise ValueError(f"all arguments must be of one shape [n, k] with n > 0, and are {sorted(shapes)}")
        shown = ~np.isnan(logged)
        if (logged[shown] <= 0).any() or (logged[shown] > 1).any() or (target[shown] < 0).any():
            raise ValueError("a chance of what was shown is above 0 and at most 1; the target's is not negative")


def score_limits(value: float, error: float, *, alpha: float) -> tuple[float, float]:
    """Return the score limits of a rate with as many purchases as its standard error implies.

    Few purchases are skewed: limits that lie evenly around a rate leave out too many truths above it.
    """
    z = NormalDist().inv_cdf(1 - alpha / 2)
    if value <= 0 or error <= 0:
        return value - z * error, value + z * error
    skew = (z * error) ** 2 / (2 * value)
    half = sqrt((z * error) ** 2 + skew**2)
    return max(0.0, value + skew - half), value + skew + half


def reward_model(expected: Floats, orders: npt.NDArray[np.int64], target: Floats) -> RewardModel:
    """Return the expected rewards of the shown products and of the target policy.

    `expected` is a model's reward of every product in every slot [n, I, k], `orders` the places shown
    [n, k], `target` the target's marginals [n, I, k].
    """
    shown = np.take_along_axis(expected, np.maximum(orders, 0)[:, np.newaxis, :], axis=1)[:, 0, :]
    return RewardModel(shown, np.asarray((expected * target).sum(axis=1)))


def _weights(logged: Floats, target: Floats) -> Floats:
    """Return the target's chances over the log's, 0 where nothing was shown."""
    shown = ~np.isnan(logged)
    # both sides are filled in before they are divided: NaN on the way would warn, though it is never taken
    return np.where(shown, np.where(shown, target, 0.0) / np.where(shown, logged, 1.0), 0.0)


def _weighted(
    rewards: Floats, weights: Floats, shown: npt.NDArray[np.bool_], *, normalise: bool
) -> tuple[Floats, Floats]:
    """Return each slot's IPS or SNIPS [k], times the share of offers that have it, and offers' influence [n, k]."""
    share = shown.mean(axis=0)
    if not normalise:
        return (weights * rewards).mean(axis=0), weights * rewards - (weights * rewards).mean(axis=0)
    total = np.maximum(weights.sum(axis=0), 1e-300)
    slots = (weights * rewards).sum(axis=0) / total
    # normalised among the offers that have the slot; the others earn nothing there
    return slots * share, weights * (rewards - slots) * len(rewards) / total * share


def _doubly_robust(
    rewards: Floats, weights: Floats, shown: npt.NDArray[np.bool_], model: RewardModel
) -> tuple[Floats, Floats]:
    rounds = np.where(shown, model.target + weights * (rewards - model.shown), 0.0)
    return rounds.mean(axis=0), rounds - rounds.mean(axis=0)


def _error(influence: Floats) -> float:
    """Return the standard error of a mean whose terms lie this far from it."""
    count = len(influence)
    return sqrt(float((influence**2).sum()) / count / max(1, count - 1))
