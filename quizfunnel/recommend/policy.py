"""From scores to an order that is varied a little, with the exact chance of every choice it made.

Plackett-Luce by the Gumbel trick: perturbing log-weights with Gumbel noise and sorting draws an
order whose slots follow w_i / sum of remaining w (Yellott 1977; Kool, van Hoof and Welling 2019).
In each slot an independent coin of probability epsilon instead draws evenly from what is left.
"""

import hashlib
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Slot(NamedTuple):
    """One slot: which of the scored products stands in it, by its place, and its chance given the slots before."""

    place: int
    propensity: float


@dataclass(frozen=True)
class PlackettLucePolicy:
    """Samples an order around the scores.

    `temperature` divides the scores (log-odds), `epsilon` is the share of slots drawn evenly, `k`
    how many slots an offer has.
    """

    temperature: float = 0.1
    epsilon: float = 0.02
    k: int = 3

    def rank(self, scores: Sequence[float], seed: str, depth: int | None = None) -> tuple[Slot, ...]:
        """Return the first `depth` (by default k) slots of an order drawn with `seed`.

        The same scores and seed give the same order. Equal scores are equally likely anywhere.
        """
        draw = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 - exploration, not secrecy
        weights = self._weights(scores)
        keys = [math.log(weight) + _gumbel(draw) if weight > 0 else -math.inf for weight in weights]
        order = sorted(range(len(scores)), key=lambda n: (-keys[n], n))
        slots: list[Slot] = []
        left = math.fsum(weights)
        for _ in range(min(depth if depth is not None else self.k, len(scores))):
            even = draw.random() < self.epsilon
            chosen = order[draw.randrange(len(order))] if even else order[0]
            slots.append(Slot(chosen, self._propensity(weights[chosen], left, len(order))))
            order.remove(chosen)
            # Summed anew, not subtracted: what is left can be a millionth of what was taken.
            left = math.fsum(weights[n] for n in order)
        return tuple(slots)

    def propensities(self, scores: Sequence[float], order: Sequence[int]) -> tuple[float, ...]:
        """Return the chance of each slot of `order`, given the slots before it."""
        weights = self._weights(scores)
        remaining = list(range(len(scores)))
        found = []
        for index in order:
            left = math.fsum(weights[n] for n in remaining)
            found.append(self._propensity(weights[index], left, len(remaining)))
            remaining.remove(index)
        return tuple(found)

    def as_json(self) -> str:
        """Return the policy's settings as they are logged with an offer."""
        return json.dumps({"epsilon": self.epsilon, "k": self.k, "temperature": self.temperature})

    def _weights(self, scores: Sequence[float]) -> list[float]:
        top = max(scores, default=0.0)
        return [math.exp((score - top) / self.temperature) for score in scores]

    def _propensity(self, weight: float, left: float, count: int) -> float:
        share = weight / left if left > 0 else 1 / count
        return min(1.0, (1 - self.epsilon) * share + self.epsilon / count)


def _gumbel(draw: random.Random) -> float:
    return -math.log(-math.log(draw.random() or 1e-300))
