"""From scores to an order that is varied a little, with the exact chance of every choice it made.

Plackett-Luce by the Gumbel trick: perturbing log-weights with Gumbel noise and sorting draws an
order whose slots follow w_i / sum of remaining w (Yellott 1977; Kool, van Hoof and Welling 2019).
In each slot an independent coin of probability epsilon instead draws evenly from what is left.
"""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import exp, log
from typing import NamedTuple

_FADED = 1e-100  # weights this small together are taken anew, relative to the best of them
_SMALLEST = 2.0**-1074


class Slot(NamedTuple):
    """One slot: which of the scored products stands in it, by its place, and its chance given the slots before."""

    place: int
    propensity: float


@dataclass(frozen=True)
class PlackettLucePolicy:
    """Samples an order around the scores.

    `temperature` divides the scores (log-odds); at 0 the best score leads, equal ones in the order
    they are given. `epsilon` is the share of slots drawn evenly, `k` how many slots an offer has.
    """

    temperature: float = 0.1
    epsilon: float = 0.02
    k: int = 3

    def __post_init__(self) -> None:
        """Refuse what is no policy."""
        if not 0 <= self.temperature < float("inf") or not 0 <= self.epsilon <= 1 or self.k < 1:
            raise ValueError(f"{self} is no policy: temperature >= 0, epsilon from 0 to 1 and k >= 1 are needed")

    def rank(self, scores: Sequence[float], seed: str, depth: int | None = None) -> tuple[Slot, ...]:
        """Return the first `depth` (by default k) slots of an order drawn with `seed`.

        The same scores and seed give the same order. Equal scores are equally likely anywhere.
        """
        draw = random.Random(hashlib.sha256(seed.encode()).digest()).random  # noqa: S311 - exploration, no secret
        count = len(scores)
        depth = min(self.k if depth is None else depth, count)
        best = self._best(scores, draw, depth)
        weights, chosen, found = self._weights(scores), list[int](), []
        for left in range(count, count - depth, -1):
            if draw() < self.epsilon:
                place = _nth_left(int(draw() * left), chosen)
            else:
                place = next(n for n in best if n not in chosen)
            found.append(Slot(place, self._take(place, scores, weights, chosen)))
        return tuple(found)

    def propensities(self, scores: Sequence[float], order: Sequence[int]) -> tuple[float, ...]:
        """Return the chance of each slot of `order`, given the slots before it."""
        weights, chosen = self._weights(scores), list[int]()
        return tuple(self._take(place, scores, weights, chosen) for place in order)

    def as_json(self) -> str:
        """Return the policy's settings as they are logged with an offer."""
        return json.dumps({"epsilon": self.epsilon, "k": self.k, "temperature": self.temperature})

    def _best(self, scores: Sequence[float], draw: Callable[[], float], depth: int) -> list[int]:
        """Return the places of the largest perturbed scores, best first: `depth` of them are always enough."""
        places = range(len(scores))
        if not self.temperature:
            return sorted(places, key=lambda n: (-scores[n], n))[:depth]
        temperature = self.temperature
        keys = [score / temperature - log(-log(draw() or _SMALLEST)) for score in scores]
        return nlargest(depth, places, key=keys.__getitem__)

    def _weights(self, scores: Sequence[float], chosen: Sequence[int] = ()) -> list[float]:
        """Return the weights of what is left, the best of which is 1, and 0 for what is chosen."""
        left = [score for n, score in enumerate(scores) if n not in chosen] if chosen else scores
        top = max(left, default=0.0)
        if self.temperature:
            weights = self._exponentials(scores, top)
        else:
            first = next((n for n, score in enumerate(scores) if score == top and n not in chosen), None)
            weights = [float(n == first) for n in range(len(scores))]
        for place in chosen:
            weights[place] = 0.0
        return weights

    def _exponentials(self, scores: Sequence[float], top: float) -> list[float]:
        temperature, distinct = self.temperature, set(scores)
        if 2 * len(distinct) > len(scores):
            return [exp(min(0.0, (score - top) / temperature)) for score in scores]
        known = {score: exp(min(0.0, (score - top) / temperature)) for score in distinct}  # points are few numbers
        return list(map(known.__getitem__, scores))

    def _take(self, place: int, scores: Sequence[float], weights: list[float], chosen: list[int]) -> float:
        """Move one place from what is left to what is chosen; return the chance that it had."""
        total = sum(weights)  # anew, not subtracted: what is left can be a millionth of what was taken
        if total < _FADED:
            weights[:] = self._weights(scores, chosen)
            total = sum(weights)
        share = weights[place] / total
        left = len(scores) - len(chosen)
        chosen.append(place)
        weights[place] = 0.0
        return min(1.0, (1 - self.epsilon) * share + self.epsilon / left)


def _nth_left(number: int, chosen: Sequence[int]) -> int:
    """Return the place of the `number`-th product that is not chosen yet, counted from 0."""
    for taken in sorted(chosen):
        number += taken <= number
    return number
