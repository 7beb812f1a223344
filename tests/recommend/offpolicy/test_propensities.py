"""Marginal propensities: how often a product stands in a slot, over everything that can stand before it."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.recommend.offpolicy.propensities import (
    at_slots,
    chances,
    draw,
    marginals,
)
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

# Scores are kept to 1e-3: at a temperature of 0.01 that already is a tenth of a weight.
scores_of = st.lists(st.integers(-3000, 3000).map(lambda n: n / 1000), min_size=1, max_size=6)
temperatures = st.one_of(st.just(0.0), st.floats(0.01, 2))


def enumerated(policy: PlackettLucePolicy, scores: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Sum the chances of all orders there are."""
    found = np.zeros((len(scores), 3))
    for order in itertools.permutations(range(len(scores)), min(3, len(scores))):
        chance = math.prod(policy.propensities(scores, order))
        for slot, place in enumerate(order):
            found[place, slot] += chance
    return found


@pytest.mark.thorough
@given(scores_of, temperatures, st.floats(0, 1))
def test_marginals_are_the_sum_over_all_orders(scores: list[float], temperature: float, epsilon: float) -> None:
    """Slots 1, 2 and 3 to 1e-12, up to one product that outweighs the next by e^600.

    The policy that the sum is made of takes what was drawn from a running total, down to a thousandth of it: that
    costs three digits of a double.
    """
    policy = PlackettLucePolicy(temperature, epsilon, k=3)
    found = marginals(policy, np.array([scores]))[0]
    np.testing.assert_allclose(found, enumerated(policy, scores), rtol=0, atol=1e-12)


@given(scores_of, st.sets(st.integers(0, 5)), st.floats(0.05, 1))
def test_what_is_not_eligible_stands_nowhere(scores: list[float], hidden: set[int], temperature: float) -> None:
    """The others' chances are those of a shop without it."""
    policy = PlackettLucePolicy(temperature, 0.2)
    kept = [n for n in range(len(scores)) if n not in hidden]
    row = np.array([[-np.inf if n in hidden else score for n, score in enumerate(scores)]])
    found = marginals(policy, row)[0]
    alone = marginals(policy, np.array([[scores[n] for n in kept]]))[0] if kept else np.zeros((0, 3))
    np.testing.assert_allclose(found[kept], alone, rtol=0, atol=1e-13)
    assert not found[sorted(hidden & set(range(len(scores))))].any()


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(3, 40), temperatures)
def test_a_slot_is_always_filled_by_one(seed: int, products: int, temperature: float) -> None:
    """Chances of a slot sum to one; a product's over all slots never exceed it."""
    scores = np.random.default_rng(seed).normal(size=(4, products))
    found = marginals(PlackettLucePolicy(temperature, 0.05), scores)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)
    assert (found >= 0).all()
    assert (found.sum(axis=2) <= 1 + 1e-12).all()


def test_marginals_are_what_rank_does() -> None:
    """4,000 orders of the serving code: each product's share of each slot within five standard errors."""
    policy, scores, draws = PlackettLucePolicy(0.2, 0.1), [0.4, 0.2, 0.2, 0.0, -0.1], 4000
    seen = np.zeros((5, 3))
    for number in range(draws):
        for slot, (place, _) in enumerate(policy.rank(scores, str(number))):
            seen[place, slot] += 1 / draws
    expected = marginals(policy, np.array([scores]))[0]
    assert (np.abs(seen - expected) < 5 * np.sqrt(expected * (1 - expected) / draws)).all()


@given(scores_of, temperatures, st.floats(0, 1), st.randoms(use_true_random=False))
def test_chances_are_the_policys_propensities(
    scores: list[float], temperature: float, epsilon: float, any_order: random.Random
) -> None:
    """For the serving code's order and for any other, slot by slot; an empty slot has chance 1."""
    policy = PlackettLucePolicy(temperature, epsilon)
    order = list(range(len(scores)))
    any_order.shuffle(order)
    found = chances(policy, np.array([scores]), np.array([[*order, -1]]))[0]
    assert found[:-1] == pytest.approx(policy.propensities(scores, order), abs=1e-12)
    assert found[-1] == 1.0


@settings(max_examples=5)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3]))
def test_drawn_orders_follow_the_marginals(seed: int, temperature: float) -> None:
    """20,000 orders drawn at once, one product not eligible."""
    policy = PlackettLucePolicy(temperature, 0.2)
    row = np.array([0.3, 0.0, -np.inf, 0.1])
    orders = draw(policy, np.tile(row, (20_000, 1)), np.random.default_rng(seed))
    expected = marginals(policy, row[np.newaxis])[0]
    seen = np.stack([(orders == place).mean(axis=0) for place in range(4)])
    assert (np.abs(seen - expected) <= 5 * np.sqrt(expected * (1 - expected) / 20_000)).all()


def test_fewer_products_than_slots_leave_slots_empty() -> None:
    """Drawn as -1, with no chance for anybody."""
    scores = np.array([[0.0, -np.inf, 0.0]])
    orders = draw(PlackettLucePolicy(k=3), scores, np.random.default_rng(1))
    assert sorted(orders[0]) == [-1, 0, 2]
    assert orders[0, 2] == -1
    found = marginals(PlackettLucePolicy(k=3), scores)
    np.testing.assert_allclose(found.sum(axis=1), [[1, 1, 0]])
    assert np.isnan(at_slots(found, orders)[0, 2])


def test_a_fourth_slot_is_refused() -> None:
    """It has no exact form at this cost; by default the first three of a longer offer are worked out."""
    with pytest.raises(ValueError, match="slots 1 to 3"):
        marginals(PlackettLucePolicy(k=6), np.zeros((1, 8)), depth=4)
    assert marginals(PlackettLucePolicy(k=6), np.zeros((1, 8))).shape == (1, 8, 3)
