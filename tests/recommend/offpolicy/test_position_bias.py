"""Position weights are found from a randomised log, whatever was put first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.recommend.offpolicy.position_bias import SlotLog, position_weights, swap_weights
from quizfunnel.recommend.offpolicy.propensities import chances, draw
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

LOOKED_AT = np.array([1.0, 0.6, 0.45])


def logged(seed: int, offers: int, policy: PlackettLucePolicy, *, taste: float = 1.0, rate: float = 0.1) -> SlotLog:
    """Simulate offers of which better products, by their score, are bought more often and stand higher."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 0.3, size=(offers, 8))
    orders = draw(policy, scores, rng)
    shown = np.take_along_axis(scores, orders, axis=1)
    buys = rng.random(shown.shape) < rate * np.exp(taste * (shown - 0.5)) * LOOKED_AT
    return SlotLog(
        shown, chances(policy, scores, orders), np.full(offers, 8.0), buys * 1.0, policy.temperature, policy.epsilon
    )


@pytest.mark.parametrize("seed", range(3))
def test_known_position_weights_are_recovered(seed: int) -> None:
    """Within four standard errors, though the best products stand first and are bought most."""
    log = logged(seed, 20_000, PlackettLucePolicy(0.2, 0.1), taste=2.0)
    found = position_weights(log, pseudo=0.0)
    assert (np.abs(np.log(found.weights / LOOKED_AT)) < 4 * found.log_errors + 1e-12).all()
    naive = log.bought.mean(axis=0)
    assert naive[2] / naive[0] < 0.36


@pytest.mark.thorough
def test_estimates_scatter_around_the_truth_as_their_errors_say() -> None:
    """Over 150 logs: no bias, and a spread of what the standard errors say, within their own noise."""
    policy = PlackettLucePolicy(0.2, 0.05)
    logs = [position_weights(logged(seed, 4000, policy, taste=2.0), pseudo=0.0) for seed in range(150)]
    away = np.array([np.log(one.weights / LOOKED_AT)[1:] / one.log_errors[1:] for one in logs])
    assert (np.abs(away.mean(axis=0)) < 0.25).all()
    assert (np.abs(away.std(axis=0) - 1) < 0.2).all()


@given(st.integers(0, 10**6), st.floats(0.05, 1), st.floats(0, 0.9))
def test_swap_weights_are_the_swapped_order_s_chance(seed: int, temperature: float, epsilon: float) -> None:
    """As the policy itself gives it when asked about both orders; what follows the two is the same for both."""
    policy, rng = PlackettLucePolicy(temperature, epsilon), np.random.default_rng(seed)
    scores = rng.normal(size=(5, 6))
    orders = rng.permuted(np.tile(np.arange(6), (5, 1)), axis=1)[:, :3]
    shown = np.take_along_axis(scores, orders, axis=1)
    log = SlotLog(shown, chances(policy, scores, orders), np.full(5, 6.0), np.zeros((5, 3)), temperature, epsilon)
    for slot, swapped in ((0, [1, 0, 2]), (1, [0, 2, 1])):
        one, other = (chances(policy, scores, each).prod(axis=1) for each in (orders, orders[:, swapped]))
        known = np.abs(shown[:, slot] - shown[:, slot + 1]) / temperature < 20
        np.testing.assert_allclose(swap_weights(log, slot)[known], (other / (one + other))[known], rtol=1e-5, atol=1e-9)


def test_without_data_every_slot_counts_the_same() -> None:
    """No offers, or none bought from: weights of 1."""
    none = logged(1, 0, PlackettLucePolicy())
    assert position_weights(none).weights.tolist() == [1.0, 1.0, 1.0]
    some = logged(1, 50, PlackettLucePolicy(), rate=0.0)
    found = position_weights(some)
    assert found.weights.tolist() == [1.0, 1.0, 1.0]
    assert found.effective.tolist() == [0.0, 0.0]


def test_few_purchases_are_drawn_to_one() -> None:
    """Ten purchases in the first slot against none say less than a thousand."""
    log = logged(1, 40, PlackettLucePolicy(0.3))._replace(bought=np.tile([1.0, 0.0, 0.0], (40, 1)))
    weak, strong = position_weights(log).weights, position_weights(log, pseudo=0.01).weights
    assert strong[1] < weak[1] < 1


def test_only_offers_bought_from_have_influence() -> None:
    """Leaving the others out changes nothing, so that a query need not fetch them."""
    log = logged(2, 2000, PlackettLucePolicy(0.3))
    kept = log.bought.sum(axis=1) > 0
    part = SlotLog(log.scores[kept], log.propensities[kept], log.eligible[kept], log.bought[kept], 0.3, 0.02)
    for whole, few in zip(position_weights(log), position_weights(part), strict=True):
        assert few == pytest.approx(whole)


def test_slots_not_shown_and_orders_without_chance_say_nothing() -> None:
    """NaN where fewer were shown; at temperature 0 no order could have been swapped."""
    log = logged(3, 500, PlackettLucePolicy(0.3))
    hidden = np.array([[0.0, 0.0, np.nan]])
    short = log._replace(scores=log.scores + hidden, propensities=log.propensities + hidden, bought=log.bought + hidden)
    found = position_weights(short)
    assert found.weights[2] == found.weights[1]
    cold = position_weights(log._replace(temperature=np.zeros(500), epsilon=0.0))
    assert cold.weights.tolist() == [1.0, 1.0, 1.0]
