"""Propensities: the exact chance of each product at each slot, and of a shown order, for many shoppers at once.

`policy` logs the chance of a slot given the slots before it. What is asked of a whole policy, how often
a product stands in a slot at all, sums over everything that can stand before it: worked out here, after
the fact, from the scores and the policy alone.

Scores are [n, I], one row a shopper or a distinct pattern of answers, -inf (or NaN) where a product was
not eligible. Weights are always taken relative to the best one of those that can stand there, so that no
sum of what is left is a difference of nearly equal numbers: all results are exact to rounding (errors of
a few 1e-15), also where one product outweighs all others by more than a double can hold.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.recommend.serving.policy import PlackettLucePolicy

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DEEPEST = 3  # a fourth slot would cost the cube of the products
_CELLS = 2_000_000  # of pairs of products in memory at once


class _Sorted(NamedTuple):
    """Rows of scores, best first: where each came from, how many are eligible, weights relative to rank 0, 1 and 2."""

    order: Ints
    eligible_count: Floats
    eligible: npt.NDArray[np.bool_]
    weights: tuple[Floats, Floats, Floats]


def marginals(policy: PlackettLucePolicy, scores: Floats, *, depth: int | None = None) -> Floats:
    """Return the chance of each product at each of the first `depth` slots (by default k, at most 3); [n, I, depth].

    Over products a slot sums to 1, or to 0 where too few are eligible. Time and memory grow with n I^2:
    300 products take about 2 ms a row.
    """
    depth = min(policy.k, DEEPEST) if depth is None else depth
    if not 1 <= depth <= DEEPEST:
        raise ValueError(f"marginals are known for slots 1 to {DEEPEST}; {depth} were asked for")
    scores = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    by_slot = np.zeros((*scores.shape, depth))
    rows = max(1, _CELLS // max(1, scores.shape[1] ** 2))
    for start in range(0, len(scores), rows):
        by_slot[start : start + rows] = _marginals(policy, scores[start : start + rows], depth)
    return by_slot


def chances(policy: PlackettLucePolicy, scores: Floats, orders: Ints) -> Floats:
    """Return the chance of each slot of `orders` [n, k] given the slots before it, [n, k].

    The same numbers as `PlackettLucePolicy.propensities`, for many at once. A place of -1 is a slot that
    was not filled; its chance is 1, so that a row's product is the chance of what was shown.
    """
    left = _copy(scores)
    rows = np.arange(len(left))
    by_slot = np.ones(orders.shape)
    for slot in range(orders.shape[1]):
        place = orders[:, slot]
        filled = place >= 0
        by_slot[filled, slot] = _slot(policy, left)[rows[filled], place[filled]]
        left[rows[filled], place[filled]] = -np.inf
    return by_slot


def draw(policy: PlackettLucePolicy, scores: Floats, rng: np.random.Generator) -> Ints:
    """Return an order of k places drawn for each row, [n, k], -1 where nothing was left: for simulation."""
    left = _copy(scores)
    rows = np.arange(len(left))
    orders = np.full((len(left), policy.k), -1, dtype=np.int64)
    for slot in range(min(policy.k, left.shape[1])):
        chance = _slot(policy, left)
        reached = np.cumsum(chance, axis=1)
        place = (reached <= rng.random((len(left), 1)) * reached[:, -1:]).sum(axis=1)
        some = reached[:, -1] > 0
        orders[some, slot] = place[some]
        left[rows[some], place[some]] = -np.inf
    return orders


def at_slots(by_product: Floats, orders: Ints) -> Floats:
    """Return the values of `by_product` [n, I, k] for the products in the slots of `orders` [n, k]; NaN for -1."""
    taken = np.take_along_axis(by_product, np.maximum(orders, 0)[:, np.newaxis, :], axis=1)[:, 0, :]
    return np.where(orders >= 0, taken, np.nan)


def _copy(scores: Floats) -> Floats:
    copy = np.array(np.atleast_2d(scores), dtype=np.float64)
    copy[np.isnan(copy)] = -np.inf
    return copy


def _slot(policy: PlackettLucePolicy, left: Floats) -> Floats:
    """Return every product's chance to be next, [n, I]; -inf is what cannot be."""
    free = left > -np.inf
    count = free.sum(axis=1, keepdims=True)
    top = left.max(axis=1, keepdims=True, initial=-np.inf)
    if policy.temperature:
        away = np.where(free, left - np.where(count, top, 0.0), -np.inf)
        weights = np.exp(away / policy.temperature)
    else:
        weights = np.zeros(left.shape)
        np.put_along_axis(weights, left.argmax(axis=1)[:, np.newaxis], 1.0, axis=1)
        weights *= free
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray((1 - policy.epsilon) * share + policy.epsilon * free / np.maximum(count, 1))


def _marginals(policy: PlackettLucePolicy, scores: Floats, depth: int) -> Floats:
    ranked = _sorted(policy, scores)
    first = _first(policy, ranked)
    slots = [first]
    if depth > 1:
        pairs = _pairs(policy, ranked, first)
        slots.append(pairs.sum(axis=1))
    if depth > 2:  # noqa: PLR2004 - the third slot
        slots.append(_third(policy, ranked, pairs, 1.0 - slots[0] - slots[1]))
    by_slot = np.zeros((*scores.shape, depth))
    np.put_along_axis(by_slot, ranked.order[:, :, np.newaxis], np.stack(slots, axis=2), axis=1)
    return by_slot


def _sorted(policy: PlackettLucePolicy, scores: Floats) -> _Sorted:
    """Sort each row, best first, equal scores in their order, what is not eligible last."""
    scores = _copy(scores)
    order = np.argsort(-scores, axis=1, kind="stable")
    scores = np.take_along_axis(scores, order, axis=1)
    eligible = scores > -np.inf
    weights = [_weights(policy, scores, eligible, rank) for rank in range(DEEPEST)]
    return _Sorted(order, eligible.sum(axis=1).astype(np.float64), eligible, (weights[0], weights[1], weights[2]))


def _weights(policy: PlackettLucePolicy, scores: Floats, eligible: npt.NDArray[np.bool_], rank: int) -> Floats:
    """Return weights of the ranks from `rank` on, the first of which is 1; those before it are 0."""
    weights = np.zeros(scores.shape)
    if rank >= scores.shape[1]:
        return weights
    if policy.temperature:
        base = np.where(eligible[:, rank], scores[:, rank], 0.0)[:, np.newaxis]
        weights[:, rank:] = np.exp((scores[:, rank:] - base) / policy.temperature)
    else:
        weights[:, rank] = 1.0
    return weights * eligible


def _first(policy: PlackettLucePolicy, ranked: _Sorted) -> Floats:
    weights = ranked.weights[0]
    share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    even = ranked.eligible / np.maximum(ranked.eligible_count, 1.0)[:, np.newaxis]
    return np.asarray((1 - policy.epsilon) * share + policy.epsilon * even)


def _pairs(policy: PlackettLucePolicy, ranked: _Sorted, first: Floats) -> Floats:
    """Return the chance of each product in slot 1 (axis 1) with each in slot 2 (axis 2), [n, I, I]."""
    best, second, _ = ranked.weights
    left = best.sum(axis=1, keepdims=True) - best  # at least 1, but for the best itself
    share = best[:, np.newaxis, :] / np.maximum(left, 1.0)[:, :, np.newaxis]
    share[:, 0, :] = second / np.maximum(second.sum(axis=1, keepdims=True), 1.0)
    even = policy.epsilon / np.maximum(ranked.eligible_count - 1, 1.0)
    pairs = first[:, :, np.newaxis] * ((1 - policy.epsilon) * share + even[:, np.newaxis, np.newaxis])
    pairs *= ranked.eligible[:, np.newaxis, :]
    diagonal = np.arange(first.shape[1])
    pairs[:, diagonal, diagonal] = 0.0
    return np.asarray(pairs)


def _third(policy: PlackettLucePolicy, ranked: _Sorted, pairs: Floats, unused: Floats) -> Floats:
    """Sum over the pairs before it: those without the best, those with it, and the two best together."""
    best, second, third = ranked.weights
    pairs = pairs + pairs.transpose(0, 2, 1)  # which of the two came first is all the same from here
    share = best * _without_best(best, pairs)
    if best.shape[1] > 1:
        with_best = pairs[:, 0, :] / np.maximum(second.sum(axis=1, keepdims=True) - second, 1.0)
        with_best[:, :2] = 0.0
        share[:, 1:] += second[:, 1:] * (with_best.sum(axis=1, keepdims=True) - with_best)[:, 1:]
        both = pairs[:, 0, 1] / np.maximum(third.sum(axis=1), 1.0)
        share += third * both[:, np.newaxis]
    even = policy.epsilon / np.maximum(ranked.eligible_count - 2, 1.0)
    enough = (ranked.eligible_count > 2)[:, np.newaxis] & ranked.eligible  # noqa: PLR2004 - two stand before it
    return np.where(enough, (1 - policy.epsilon) * share + even[:, np.newaxis] * np.maximum(unused, 0.0), 0.0)


def _without_best(best: Floats, pairs: Floats) -> Floats:
    """Return for each product the chances of pairs without it and the best, over the weight they leave; [n, I]."""
    left = best.sum(axis=1)[:, np.newaxis, np.newaxis] - best[:, :, np.newaxis] - best[:, np.newaxis, :]
    over = pairs / np.maximum(left, 1.0)
    over[:, 0, :] = over[:, :, 0] = 0.0
    by_product = over.sum(axis=2)
    return np.asarray(by_product.sum(axis=1, keepdims=True) / 2 - by_product)
