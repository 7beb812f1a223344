"""From scores to an order that is varied a little, with the exact chance of every choice it made.

Plackett-Luce by the Gumbel trick: perturbing log-weights with Gumbel noise and sorting draws an
order whose slots follow w_i / sum of remaining w (Yellott 1977; Kool, van Hoof and Welling 2019).
The largest log(w) + Gumbel is the smallest Exponential / w, which needs one logarithm fewer a product.
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

_LEAST = 1e-290  # a weight never underflows: a score out of reach keeps a chance that can be logged


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
        count, weights = len(scores), self._weights(scores)
        slots = min(self.k if depth is None else depth, count)
        best = self._race(scores, weights, draw, slots)
        chosen: list[int] = []
        found = []
        for left in range(count, count - slots, -1):
            if draw() < self.epsilon:
                place = _nth_left(int(draw() * left), chosen)
            else:
                place = next(n for n in best if n not in chosen)
            found.append(Slot(place, self._chance(scores, weights, place, left)))
            chosen.append(place)
            weights[place] = 0.0
        return tuple(found)

    def propensities(self, scores: Sequence[float], order: Sequence[int]) -> tuple[float, ...]:
        """Return the chance of each slot of `order`, given the slots before it."""
        weights = self._weights(scores)
        found = []
        for taken, place in enumerate(order):
            found.append(self._chance(scores, weights, place, len(scores) - taken))
            weights[place] = 0.0
        return tuple(found)

    def as_json(self) -> str:
        """Return the policy's settings as they are logged with an offer."""
        return json.dumps({"epsilon": self.epsilon, "k": self.k, "temperature": self.temperature})

    def _weights(self, scores: Sequence[float]) -> list[float]:
        if not self.temperature:
            return [1.0] * len(scores)
        top, temperature = max(scores, default=0.0), self.temperature
        distinct = set(scores)
        if 2 * len(distinct) < len(scores):  # points are few numbers
            known = {score: max(exp((score - top) / temperature), _LEAST) for score in distinct}
            return list(map(known.__getitem__, scores))
        return [max(exp((score - top) / temperature), _LEAST) for score in scores]

    def _race(
        self, scores: Sequence[float], weights: Sequence[float], draw: Callable[[], float], slots: int
    ) -> list[int]:
        """Return the winners of the race, best first: as many as there are slots are always enough."""
        places = range(len(scores))
        if not self.temperature:
            return sorted(places, key=lambda n: (-scores[n], n))
        times = [log(1.0 - draw()) / weight for weight in weights]  # negative, so that the largest is first
        return nlargest(slots, places, key=times.__getitem__)

    def _chance(self, scores: Sequence[float], weights: Sequence[float], place: int, left: int) -> float:
        if self.temperature:
            # Summed anew, not subtracted: what is left can be a millionth of what was taken.
            share = weights[place] / sum(weights)
        else:
            first = max((n for n, weight in enumerate(weights) if weight), key=lambda n: (scores[n], -n))
            share = float(place == first)
        return min(1.0, (1 - self.epsilon) * share + self.epsilon / left)


def _nth_left(number: int, chosen: Sequence[int]) -> int:
    """Return the place of the `number`-th product that is not chosen yet, counted from 0."""
    for taken in sorted(chosen):
        number += taken <= number
    return number
