"""A policy's value from another one's log: the estimators that others have, and a refusal where nothing can be told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from quizfunnel.recommend.offpolicy.estimators import (
    Evaluation,
    Floats,
    PolicyEvaluator,
    Refusal,
    reward_model,
)
from quizfunnel.recommend.offpolicy.propensities import (
    at_slots,
    chances,
    draw,
    marginals,
)
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

ORACLE = json.loads((Path(__file__).parent / "obp.json").read_text())
INPUTS: dict[str, Any] = {name: np.array(value) for name, value in ORACLE["inputs"].items()}
SERVED, WARMER = PlackettLucePolicy(0.3, 0.1), PlackettLucePolicy(0.6, 0.1)


@pytest.mark.parametrize("estimator", ["ips", "snips", "dr"])
def test_every_slot_agrees_with_the_open_bandit_pipeline(estimator: str) -> None:
    """Each slot's IPW, SNIPW and DR to 1e-12, and so their sum."""
    found = obp_estimate(estimator)
    expected = [slot[estimator] for slot in ORACLE["answers"]["slots"]]
    assert found.slots == pytest.approx(expected, rel=0, abs=1e-12)
    assert found.value == pytest.approx(sum(expected), rel=0, abs=3e-12)


def test_the_sum_agrees_with_its_slate_estimator() -> None:
    """IIPS, inverse propensities under the item-position model."""
    assert obp_estimate("ips").value == pytest.approx(ORACLE["answers"]["iips"], rel=0, abs=1e-12)


def test_the_models_value_agrees_too() -> None:
    """With rewards that are just what the model expects DR is the direct method."""
    orders = INPUTS["orders"]
    model = reward_model(INPUTS["model"], orders, INPUTS["target"])
    chance = at_slots(INPUTS["behaviour"], orders), at_slots(INPUTS["target"], orders)
    found = PolicyEvaluator("dr").estimate(model.shown, *chance, model=model)
    assert found.slots == pytest.approx([slot["dm"] for slot in ORACLE["answers"]["slots"]], rel=0, abs=1e-12)


@pytest.mark.thorough
@pytest.mark.parametrize("estimator", ["ips", "snips", "dr"])
def test_intervals_hold_what_they_promise(estimator: str) -> None:
    """Of 200 logs of 1,500 offers, the true value lies inside in 93 % or more."""
    scores = np.random.default_rng(7).normal(0, 0.3, (1, 8))
    rate = np.clip(0.08 * np.exp(scores[0]), 0, 1)[:, None] * np.array([1.0, 0.6, 0.4])
    truth = float((marginals(WARMER, scores)[0] * rate).sum())
    inside = 0
    for seed in range(200):
        found = simulated(scores, rate, seed, estimator)
        inside += found.low <= truth <= found.high
    assert inside / 200 >= 0.93 - 2 * (0.93 * 0.07 / 200) ** 0.5


@given(st.integers(0, 10**6))
def test_a_policy_judged_by_its_own_log_earns_what_was_earned(seed: int) -> None:
    """All weights are 1: IPS and SNIPS are the mean, the effective sample is the log."""
    rng = np.random.default_rng(seed)
    rewards, logged = rng.integers(0, 2, (30, 3)).astype(np.float64), rng.uniform(0.1, 1, (30, 3))
    for estimator in ("ips", "snips"):
        found = PolicyEvaluator(estimator).estimate(rewards, logged, logged)
        assert found.value == pytest.approx(rewards.sum(axis=1).mean())
        assert found.error == pytest.approx(rewards.sum(axis=1).std(ddof=1) / 30**0.5)
        assert found.effective == pytest.approx(30)


def test_slots_that_were_not_shown_earn_nothing() -> None:
    """Half of the offers have one slot only: NaN there, whatever else stands there."""
    logged = np.array([[0.5, 0.5], [0.5, np.nan]])
    rewards = np.array([[1.0, 1.0], [0.0, 9.0]])
    for estimator in ("ips", "snips"):
        assert PolicyEvaluator(estimator).estimate(rewards, logged, logged).slots == pytest.approx((0.5, 0.5))


def test_a_policy_unlike_the_log_is_refused() -> None:
    """Told what, why and what to do: few offers are worth anything for it."""
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(2000, 8))
    orders = draw(PlackettLucePolicy(0.1, 0.02), scores, rng)
    logged = chances(PlackettLucePolicy(0.1, 0.02), scores, orders).prod(axis=1, keepdims=True)
    target = chances(PlackettLucePolicy(0.1, 0.02), -scores, orders).prod(axis=1, keepdims=True)
    found = PolicyEvaluator().evaluate(np.ones_like(logged), logged, target)
    assert isinstance(found, Refusal)
    assert "differ too much" in str(found)
    assert "200 are needed" in found.why
    assert "explore more" in found.do


def test_too_few_purchases_are_refused() -> None:
    """However many offers there are."""
    logged, rewards = np.full((5000, 1), 0.5), np.zeros((5000, 1))
    rewards[:4] = 1
    found = PolicyEvaluator().evaluate(rewards, logged, logged)
    assert isinstance(found, Refusal)
    assert "4.0 purchases" in found.why


def test_weights_that_do_not_average_1_are_refused() -> None:
    """Half of what the target would show never was."""
    logged = np.full((5000, 1), 0.5)
    found = PolicyEvaluator().evaluate(np.ones((5000, 1)), logged, logged / 2)
    assert isinstance(found, Refusal)
    assert "mean is 0.50 and should be 1" in found.why


def test_it_keeps_scikit_learns_conventions() -> None:
    """Settings are read, set and cloned; nothing else is kept."""
    evaluator = clone(PolicyEvaluator("ips", alpha=0.1).set_params(least_effective=50))
    assert evaluator.get_params() == {
        "estimator": "ips",
        "alpha": 0.1,
        "least_effective": 50,
        "least_purchases": 10.0,
        "most_off": 4.0,
    }


@pytest.mark.parametrize(
    ("estimator", "change", "words"),
    [
        ("magic", {}, "must be one of ips, snips, dr"),
        ("dr", {}, "needs a model"),
        ("ips", {"rewards": np.ones((2, 2))}, "of one shape"),
        ("ips", {"logged": np.zeros((2, 1))}, "above 0"),
    ],
)
def test_what_cannot_be_a_log_is_an_error(estimator: str, change: dict[str, Floats], words: str) -> None:
    """Said with what was given."""
    asked = {"rewards": np.ones((2, 1)), "logged": np.ones((2, 1)), "target": np.ones((2, 1))} | change
    with pytest.raises(ValueError, match=words):
        PolicyEvaluator(estimator).estimate(**asked)  # type: ignore[arg-type]


def obp_estimate(estimator: str) -> Evaluation:
    """Estimate what the oracle did."""
    orders = INPUTS["orders"]
    model = reward_model(INPUTS["model"], orders, INPUTS["target"])
    chance = at_slots(INPUTS["behaviour"], orders), at_slots(INPUTS["target"], orders)
    return PolicyEvaluator(estimator).estimate(INPUTS["rewards"], *chance, model=model)


def simulated(scores: Floats, rate: Floats, seed: int, estimator: str) -> Evaluation:
    """Serve 1,500 shoppers by one policy, judge another; the model is wrong on purpose."""
    rng = np.random.default_rng(seed)
    orders = draw(SERVED, np.repeat(scores, 1500, axis=0), rng)
    slots: Any = np.arange(3)
    rewards = (rng.random((1500, 3)) < rate[orders, slots]) * 1.0
    logged, target = (marginals(policy, scores)[0] for policy in (SERVED, WARMER))
    expected = np.full((1500, 8, 3), 0.05)
    model = reward_model(expected, orders, np.broadcast_to(target, expected.shape))
    return PolicyEvaluator(estimator).estimate(rewards, logged[orders, slots], target[orders, slots], model=model)
