"""Whether promotion and off-policy evaluation keep their word, in shops where the truth is known.

Equal value is made exactly: products come in pairs of twins that are bought equally often, and the
challenger is the serving model with each pair's scores exchanged. It shows other products, to other
shoppers, and earns just as much.
"""

from typing import Any, NamedTuple

import numpy as np

from benchmarks.loop.worlds import LOOKED_AT, SLOTS, Floats, Ints
from quizfunnel.recommend.offpolicy.challenge import (
    ChallengeLog,
    any_time_limits,
    decide,
    values,
)
from quizfunnel.recommend.offpolicy.estimators import PolicyEvaluator, Refusal, reward_model
from quizfunnel.recommend.offpolicy.propensities import chances, draw, marginals
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

PATTERNS, PAIRS = 200, 12
POLICY = PlackettLucePolicy()
CHALLENGES = tuple((share, noise) for share in (0.1, 0.2) for noise in (0.2, 0.6))  # how far models are apart
CASES = tuple(
    (name, noise, estimator) for name, noise in (("near", 0.1), ("far", 0.4)) for estimator in ("ips", "snips", "dr")
)
LOOK = 500  # shoppers between two looks
PLANNED = 6000
LOGGED = 4000  # offers in a log that another policy is judged by


class Shop(NamedTuple):
    """Chances of a product that is looked at, and two models' scores; all [patterns, I]."""

    chance: Floats
    old: Floats
    new: Floats


def shop(seed: int, *, noise: float, better: float = 0.0) -> Shop:
    """Draw a shop of twins; `noise` is what the models are wrong by, `better` what the challenger knows more."""
    rng = np.random.default_rng([seed, 9])
    taste = np.repeat(rng.normal(0, 0.7, (PATTERNS, PAIRS)), 2, axis=1)
    old = taste + rng.normal(0, noise, taste.shape)
    new = old.reshape(PATTERNS, PAIRS, 2)[:, :, ::-1].reshape(old.shape)
    return Shop(1 / (1 + np.exp(3.3 - taste)), old, new + better * (taste - new))


def challenge(of: Shop, seed: int, share: float, shoppers: int = PLANNED) -> ChallengeLog:
    """Serve shoppers by both models and return the log."""
    rng = np.random.default_rng([seed, 10])
    pattern = rng.integers(0, PATTERNS, shoppers)
    challenged = rng.random((shoppers, 1)) < share
    orders = draw(POLICY, np.where(challenged, of.new[pattern], of.old[pattern]), rng)
    rewards = (rng.random(shoppers) < buys(of, pattern, orders)).astype(np.float64)
    new, old = (chances(POLICY, scores[pattern], orders).prod(axis=1) for scores in (of.new, of.old))
    return ChallengeLog(rewards, new, old, share, PLANNED)


def buys(of: Shop, pattern: Ints, orders: Ints) -> Floats:
    """Return the chance that something of an offer is bought."""
    return np.asarray(1 - (1 - of.chance[pattern[:, np.newaxis], orders] * LOOKED_AT).prod(axis=1))


def promotion(share: float, noise: float, repeats: int) -> dict[str, Any]:
    """Return how often a challenger of equal value is promoted, looked at every LOOK shoppers."""
    logs = [challenge(shop(seed, noise=noise), seed, share) for seed in range(repeats)]
    limits = [values(log) for log in logs]
    return {
        "share": share,
        "noise": noise,
        "repeats": repeats,
        "promoted": sum(_watched(log)[0] == "promote" for log in logs),
        "covered": sum(one.low <= 0 <= one.high for one in limits),
        "covered_any_time": sum(_inside(any_time_limits(log)) for log in logs),
        "scatter_to_plain": _to_plain(logs, limits, share),
    }


def power(repeats: int) -> dict[str, Any]:
    """Return how often, and after how many shoppers, a challenger that knows more than what serves is promoted."""
    logs = [challenge(shop(seed, noise=0.6, better=1.0), seed, 0.2) for seed in range(repeats)]
    verdicts = [_watched(log) for log in logs]
    taken = [shoppers for verdict, shoppers in verdicts if verdict == "promote"]
    lift = float(np.mean([values(log).difference / values(log).old for log in logs]))
    return {"repeats": repeats, "promoted": len(taken), "median_shoppers": float(np.median(taken or [0])), "lift": lift}


def coverage(policy: str, noise: float, estimator: str, repeats: int) -> dict[str, Any]:
    """Return how often the intervals of off-policy values hold the truth, of the logs that are not refused."""
    told = [_judged(shop(seed, noise=noise), seed, estimator) for seed in range(repeats)]
    counts = {"repeats": repeats, "refused": told.count(None), "covered": told.count(True)}
    return {"policy": policy, "estimator": estimator, **counts}


def _watched(log: ChallengeLog) -> tuple[str, int]:
    """Look until it is decided; return the verdict and the shoppers that it took."""
    for size in range(LOOK, PLANNED + 1, LOOK):
        part = log._replace(rewards=log.rewards[:size], new=log.new[:size], old=log.old[:size])
        found = decide(part)
        if found.verdict in {"promote", "keep"}:
            return found.verdict, found.shoppers
    return "keep", PLANNED


def _to_plain(logs: list[ChallengeLog], limits: list[Any], share: float) -> float:
    """Return the difference's mean square over that of the two groups' rates, had they been compared alone."""
    plain = np.mean([log.rewards.mean() * (1 - log.rewards.mean()) for log in logs]) / PLANNED / (share * (1 - share))
    return float(np.mean([one.difference**2 for one in limits]) / plain)


def _inside(limits: tuple[float, float]) -> bool:
    return limits[0] <= 0 <= limits[1]


def _judged(of: Shop, seed: int, estimator: str) -> bool | None:
    """Return whether the interval holds the value of the challenger, from a log of what serves; None when refused."""
    rng = np.random.default_rng([seed, 11])
    pattern, slots = rng.integers(0, PATTERNS, LOGGED), np.arange(SLOTS)
    serving = PlackettLucePolicy(0.3, 0.1)
    orders = draw(serving, of.old[pattern], rng)
    at = pattern[:, np.newaxis], orders, slots
    rewards = (rng.random(orders.shape) < of.chance[at[:2]] * LOOKED_AT) * 1.0
    logged, target = marginals(serving, of.old), marginals(serving, of.new)
    expected = np.full(target.shape, float(rewards.mean()))
    model = reward_model(expected[pattern], orders, target[pattern])
    found = PolicyEvaluator(estimator).evaluate(rewards, logged[at], target[at], model=model)
    truth = float((target * of.chance[:, :, np.newaxis] * LOOKED_AT).sum(axis=(1, 2)).mean())
    return None if isinstance(found, Refusal) else found.low <= truth <= found.high
