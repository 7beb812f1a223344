"""Position bias: how much each slot is looked at, from the log that the policy randomised; nothing is assumed of it.

Two adjacent products i, j would have stood the other way round with a chance that the log tells: a
product's share of the weights in its slot follows from its logged propensity, the other's from the
difference of their scores. Each is weighted by the chance of the order that was *not* drawn (overlap
weights: Li, Morgan and Zaslavsky 2018), so that over both orders each product stands in both slots
equally often, however scores and slots go together. What is bought in slot s + 1 over what is bought in
slot s is then the ratio of how much the two are looked at (with intervention harvesting, Agarwal et
al. 2019, the same idea across rankers).

Offers are [n], slots [n, k]. Only offers from which something was bought have any influence, so a
caller may leave all others out.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PSEUDO = 5.0  # purchases in each slot of a pair that say "no difference"
_APART = 30.0  # log-weights further apart: the logged propensity no longer tells the lesser one's weight


class SlotLog(NamedTuple):
    """Log of offers by slot, and of the purchases from them.

    `scores`, `propensities` (of each slot, given those before it) and `bought` (0 or 1, or a number of
    purchases) are [n, k], NaN in slots that were not shown. `eligible` [n] is how many products were
    allowed. `temperature` and `epsilon` are the policy's, a number or one an offer.
    """

    scores: Floats
    propensities: Floats
    eligible: Floats
    bought: Floats
    temperature: float | Floats
    epsilon: float | Floats


class PositionWeights(NamedTuple):
    """Position weights: attention to each slot relative to the first, with the standard errors of the logarithms.

    `effective` [k - 1] is the number of purchases that each ratio of neighbours rests on.
    """

    weights: Floats
    log_errors: Floats
    effective: Floats


def position_weights(log: SlotLog, *, pseudo: float = PSEUDO) -> PositionWeights:
    """Return the weights of k slots relative to slot 1; without purchases they are 1.

    `pseudo` purchases in both slots of each pair draw the ratio of neighbours to 1. Standard errors are
    those of the purchases alone: they don't count what the pseudo-purchases may be wrong about, and
    are 0 where nothing was bought.
    """
    slots = log.scores.shape[1]
    logs, influence, effective = np.zeros(slots), np.zeros(log.scores.shape), np.zeros(max(0, slots - 1))
    for slot in range(1, slots):
        overlap = swap_weights(log, slot - 1)
        upper, lower = overlap * log.bought[:, slot - 1], overlap * log.bought[:, slot]
        upper, lower = np.nan_to_num(upper), np.nan_to_num(lower)
        above, below = upper.sum() + pseudo, lower.sum() + pseudo
        logs[slot] = logs[slot - 1] + np.log(below / above)
        influence[:, slot] = influence[:, slot - 1] + lower / below - upper / above
        effective[slot - 1] = (upper + lower).sum() ** 2 / max(1e-300, float(((upper + lower) ** 2).sum()))
    return PositionWeights(np.exp(logs), np.sqrt((influence**2).sum(axis=0)), effective)


def swap_weights(log: SlotLog, slot: int) -> Floats:
    """Return each offer's chance of the swapped order of `slot` (from 0) and the next, given one of the two; [n].

    0 where no weight can be told: a slot not shown, a temperature of 0, a product that only the even
    coin could bring (which is so in both orders, and therefore no bias).
    """
    left, epsilon = log.eligible - slot, np.broadcast_to(np.asarray(log.epsilon, dtype=np.float64), log.eligible.shape)
    even, even_next = epsilon / np.maximum(left, 1), epsilon / np.maximum(left - 1, 1)
    first, second = log.propensities[:, slot], log.propensities[:, slot + 1]
    one, other, apart = _shares(log, slot, even, even_next)
    swapped_first = (1 - epsilon) * other + even
    swapped_second = (1 - epsilon) * one / np.maximum(1 - other, 1e-300) + even_next
    swapped = swapped_first * np.minimum(swapped_second, 1.0)
    with np.errstate(invalid="ignore"):
        chance = swapped / (first * second + swapped)
        known = np.isfinite(chance) & (np.abs(apart) < _APART) & (epsilon < 1)
    return np.where(known, chance, 0.0)


def _shares(log: SlotLog, slot: int, even: Floats, even_next: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the shares of the weight in `slot` of the product there and of the next one, and how far apart they are.

    The share is read from the propensity of whichever weighs more; the other's follows from the
    scores. Read from the lesser one it would be the rounding of a difference.
    """
    heat = np.broadcast_to(np.asarray(log.temperature, dtype=np.float64), log.eligible.shape)
    random = 1 - np.broadcast_to(np.asarray(log.epsilon, dtype=np.float64), log.eligible.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart = (log.scores[:, slot + 1] - log.scores[:, slot]) / heat
        share = np.clip((log.propensities[:, slot] - even) / random, 0, 1)
        next_share = np.clip((log.propensities[:, slot + 1] - even_next) / random, 0, 1)
        from_next = next_share / (1 + next_share * np.exp(-apart))
        one = np.where(apart > 0, from_next * np.exp(-apart), share)
        other = np.where(apart > 0, from_next, share * np.exp(apart))
    return one, np.minimum(other, 1 - one), apart
