"""Plackett-Luce policy: an order drawn around the scores, with the exact propensity of every slot; pure.

Each slot is drawn from what is left with chance w_i / sum of remaining w, w = exp(score /
temperature). In each slot an independent coin of probability epsilon instead draws evenly from what
is left. The numbers behind the draws are the digest of a seed, so that anybody can draw them again.
"""

import hashlib
import json
import struct
from bisect import bisect_right, insort
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import accumulate
from math import exp, inf
from typing import Any, NamedTuple, Self

_THIN = 1e-3  # of the weight at the start: with less left than this, sums are taken anew so that they stay exact
_FADED = 1e-100  # weights this small together are taken anew, relative to the best of them


class Slot(NamedTuple):
    """One slot: which of the scored products stands in it, by its place, and its chance given the slots before."""

    place: int
    propensity: float


class Weights(NamedTuple):
    """Softmax weights of scores under one temperature: `each` with the best at 1, `up_to` their running sums.

    A score is `unit` log-odds times its number here, counted from anywhere.
    """

    scores: Sequence[float]
    unit: float
    each: list[float]
    up_to: list[float]


@dataclass
class PlackettLucePolicy:
    """Samples an order around the scores; clones and is tuned like a scikit-learn estimator, without importing it.

    `temperature` divides the scores (log-odds); at 0 the best score leads, equal ones in the order
    they are given. `epsilon` is the share of slots drawn evenly, `k` how many slots an offer has.
    """

    temperature: float = 0.1
    epsilon: float = 0.02
    k: int = 3

    def __post_init__(self) -> None:
        """Refuse what is no policy."""
        if not 0 <= self.temperature < inf or not 0 <= self.epsilon <= 1 or self.k < 1:
            raise ValueError(f"{self} is no policy: temperature >= 0, epsilon from 0 to 1 and k >= 1 are needed")

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002 - scikit-learn's signature
        """Return the settings by name."""
        return asdict(self)

    def set_params(self, **params: Any) -> Self:
        """Change settings by name; nothing changes where one of them is wrong."""
        names = [field.name for field in fields(self)]
        if unknown := set(params) - set(names):
            raise ValueError(f"{sorted(unknown)} are no settings of a policy, which are {names}")
        changed = type(self)(**self.get_params() | params)
        self.temperature, self.epsilon, self.k = changed.temperature, changed.epsilon, changed.k
        return self

    def rank(self, scores: Sequence[float], seed: str, depth: int | None = None) -> tuple[Slot, ...]:
        """Return the first `depth` (by default k) slots of an order drawn with `seed`.

        The same scores and seed give the same order. Equal scores are equally likely anywhere.
        """
        return self.draw(self.weigh(scores), seed, depth)

    def weigh(self, scores: Sequence[float], unit: float = 1.0) -> Weights:
        """Return the weights of all scores, from which any number of orders can be drawn."""
        each = self._weights(scores, unit, max(scores, default=0.0))
        return Weights(scores, unit, each, list(accumulate(each)))

    def draw(
        self, weights: Weights, seed: str, depth: int | None = None, *, without: Collection[int] = ()
    ) -> tuple[Slot, ...]:
        """Return the first `depth` (by default k) slots of an order drawn with `seed`.

        Places `without` are as if they had been drawn before: each chance is that given them too.
        """
        count = len(weights.scores) - len(without)
        depth = min(self.k if depth is None else depth, count)
        # A digest of any length: two numbers a slot, the same on every machine and in every language.
        numbers = struct.unpack(f"<{2 * depth}Q", hashlib.shake_256(seed.encode()).digest(16 * depth))
        left = _Left(self, weights)
        for place in without:
            left.take(place)
        slots = []
        for coin, number in zip(numbers[::2], numbers[1::2], strict=True):
            even = _fraction(coin) < self.epsilon
            place = left.nth(_fraction(number)) if even else left.weighed(_fraction(number))
            slots.append(Slot(place, left.take(place)))
        return tuple(slots)

    def propensities(
        self, scores: Sequence[float], order: Sequence[int], *, without: Collection[int] = ()
    ) -> tuple[float, ...]:
        """Return the chance of each slot of `order`, given the slots before it and places that were gone before."""
        left = _Left(self, self.weigh(scores))
        for place in without:
            left.take(place)
        return tuple(left.take(place) for place in order)

    def as_json(self) -> str:
        """Return the policy's settings as they are logged with an offer."""
        return json.dumps(asdict(self), sort_keys=True)

    def _weights(self, scores: Sequence[float], unit: float, top: float) -> list[float]:
        """Return weights of which that of the score `top` is 1."""
        if self.temperature:
            scale = self.temperature / unit
            return [exp((score - top) / scale) for score in scores]
        first = scores.index(top) if top in scores else -1
        return [float(place == first) for place in range(len(scores))]


class _Left:
    """The products not yet drawn while slots are filled, sampled without replacement."""

    def __init__(self, policy: PlackettLucePolicy, weights: Weights) -> None:
        self._policy = policy
        self._scores, self._unit, self._each, self._up_to = weights
        self._total = self._up_to[-1] if self._up_to else 0.0
        self._chosen: list[int] = []  # in the order of their places

    def nth(self, fraction: float) -> int:
        """Return the place that lies at a fraction of those left, all counted alike."""
        place = int(fraction * (len(self._scores) - len(self._chosen)))
        for taken in self._chosen:
            # in the order of their places: each one taken before it moves it on by one
            place += taken <= place
        return place

    def weighed(self, fraction: float) -> int:
        """Return the place that lies at a fraction of the weight that is left."""
        up_to, at = self._up_to, fraction * self._total
        for taken in self._chosen:
            # The running sums still hold what was taken: step over its weight.
            before = up_to[taken - 1] if taken else 0.0
            if at >= before:
                at = up_to[taken] + (at - before)
        place = bisect_right(up_to, at)
        return place if place < len(up_to) else self._last()  # rounded up beyond the end

    def take(self, place: int) -> float:
        """Move one place from what is left to what is chosen; return the chance that it had."""
        policy, weight = self._policy, self._each[place]
        even = policy.epsilon / (len(self._scores) - len(self._chosen))
        share = weight / self._total
        insort(self._chosen, place)
        self._total -= weight
        if self._total < _THIN * self._up_to[-1] and len(self._chosen) < len(self._scores):
            self._sum_anew()
        return min(1.0, (1 - policy.epsilon) * share + even)

    def _sum_anew(self) -> None:
        """Sum what is left by itself: it can be a millionth of what was taken."""
        each = list(self._each)
        for place in self._chosen:
            each[place] = 0.0
        if sum(each) < _FADED:
            each = self._weigh_anew()
        self._each, self._up_to = each, list(accumulate(each))
        self._total = self._up_to[-1]

    def _weigh_anew(self) -> list[float]:
        """Return weights of which the best that is left is 1."""
        chosen = set(self._chosen)
        scores = [-inf if place in chosen else score for place, score in enumerate(self._scores)]
        return self._policy._weights(scores, self._unit, max(scores))  # noqa: SLF001 - one thing in two parts

    def _last(self) -> int:
        return next(n for n in reversed(range(len(self._each))) if self._each[n] and n not in self._chosen)


def _fraction(number: int) -> float:
    """Return 64 random bits as a number from 0 to below 1."""
    # as many bits as a double holds: with all 64 the largest would round up to 1
    return (number >> 11) * 2.0**-53
