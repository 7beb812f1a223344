"""The order is drawn around the scores, and the chance of every slot is known exactly."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.recommend.serving.policy import PlackettLucePolicy, _Left

scores_of = st.lists(st.floats(-3, 3), min_size=1, max_size=6)


@pytest.mark.thorough
@given(scores_of, st.floats(0.05, 2), st.floats(0, 1))
def test_the_chances_of_all_orders_sum_to_one(scores: list[float], temperature: float, epsilon: float) -> None:
    """Multiplied over slots and summed over every order there is, the propensities are a distribution."""
    policy = PlackettLucePolicy(temperature, epsilon, k=len(scores))
    orders = itertools.permutations(range(len(scores)))
    total = math.fsum(math.prod(policy.propensities(scores, order)) for order in orders)
    assert total == pytest.approx(1, abs=1e-9)


@given(scores_of, st.text(max_size=8), st.floats(0, 0.5))
def test_what_is_logged_can_be_computed_again(scores: list[float], seed: str, epsilon: float) -> None:
    """The same seed draws the same order, each product once, with propensities that the order explains."""
    policy = PlackettLucePolicy(epsilon=epsilon)
    slots = policy.rank(scores, seed, depth=len(scores))
    assert slots == policy.rank(scores, seed, depth=len(scores))
    order = [slot.place for slot in slots]
    assert sorted(order) == list(range(len(scores)))
    assert [slot.propensity for slot in slots] == pytest.approx(policy.propensities(scores, order), rel=1e-9)
    assert all(0 < slot.propensity <= 1 for slot in slots)


@pytest.mark.thorough
@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_orders_come_as_often_as_their_propensity_says(start: int) -> None:
    """4,000 draws of three products: each order's share lies within five standard errors of its chance."""
    scores, draws = [0.3, 0.1, 0.0], 4000
    policy = PlackettLucePolicy(temperature=0.3, epsilon=0.2)
    counts = dict.fromkeys(itertools.permutations(range(3)), 0)
    for number in range(draws):
        counts[tuple(slot.place for slot in policy.rank(scores, f"{start}:{number}"))] += 1
    for order, count in counts.items():
        chance = math.prod(policy.propensities(scores, order))
        assert abs(count / draws - chance) < 5 * math.sqrt(chance * (1 - chance) / draws)


def test_the_best_score_leads_nearly_always_when_it_is_far_ahead() -> None:
    """Ten points at 0.18 log-odds and temperature 0.1: only the even coin moves it."""
    policy = PlackettLucePolicy()
    leads = sum(policy.rank([1.8, 0.0, 0.0, 0.0], str(number))[0].place == 0 for number in range(1000))
    assert leads > 960


def test_depth_and_k_bound_the_slots() -> None:
    """K slots by default, fewer where there are fewer products, none for none."""
    policy = PlackettLucePolicy(k=3)
    assert len(policy.rank([0.0] * 9, "s")) == 3
    assert len(policy.rank([0.0] * 9, "s", depth=6)) == 6
    assert len(policy.rank([0.0] * 2, "s")) == 2
    assert policy.rank([], "s") == ()


@given(st.lists(st.sampled_from([0.0, 0.18, 0.36]), min_size=1, max_size=6), st.text(max_size=3))
def test_at_temperature_0_the_best_lead_and_equals_stand_in_catalogue_order(scores: list[float], seed: str) -> None:
    """Without the even coin nothing is varied, and the propensities say so."""
    policy = PlackettLucePolicy(temperature=0, epsilon=0)
    slots = policy.rank(scores, seed, depth=len(scores))
    assert [slot.place for slot in slots] == sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    assert {slot.propensity for slot in slots} == {1.0}


@given(scores_of, st.text(max_size=3))
def test_a_small_temperature_comes_to_what_0_gives(scores: list[float], seed: str) -> None:
    """Scores that differ stand in their order."""
    cold = PlackettLucePolicy(temperature=1e-4, epsilon=0).rank(scores, seed, depth=len(scores))
    ordered = [scores[slot.place] for slot in cold]
    assert ordered == pytest.approx(sorted(scores, reverse=True), abs=0.01)


@given(st.floats(0, 1), st.lists(st.floats(-3, 3), min_size=2, max_size=5))
def test_at_temperature_0_the_chances_sum_to_one_too(epsilon: float, scores: list[float]) -> None:
    """The even coin alone varies the order."""
    policy = PlackettLucePolicy(temperature=0, epsilon=epsilon)
    orders = itertools.permutations(range(len(scores)))
    assert math.fsum(math.prod(policy.propensities(scores, order)) for order in orders) == pytest.approx(1)


@pytest.mark.thorough
@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_later_slots_come_as_often_as_their_propensity_says(start: int) -> None:
    """With many equal scores among seven, and even coins in any slot: each product's share of slot 2."""
    scores, draws = [0.18, 0.0, 0.0, 0.18, 0.09, 0.0, 0.0], 3000
    policy = PlackettLucePolicy(temperature=0.15, epsilon=0.3)
    seen, expected = [0] * 7, [0.0] * 7
    for number in range(draws):
        first, second = policy.rank(scores, f"{start}:{number}", depth=2)
        seen[second.place] += 1
        for place in set(range(7)) - {first.place}:
            expected[place] += policy.propensities(scores, [first.place, place])[1]
    for count, mean in zip(seen, expected, strict=True):
        assert abs(count - mean) < 5 * math.sqrt(mean * (1 - mean / draws))


def test_a_score_out_of_reach_keeps_a_chance_that_can_be_logged() -> None:
    """Once the best is taken the others are weighed anew, however far below it they are."""
    policy = PlackettLucePolicy(temperature=0.001, epsilon=0)
    slots = policy.rank([100.0, 0.0, -100.0], "s")
    assert policy.propensities([100.0, 0.0, 0.0], [0, 2])[1] == 0.5
    assert slots[0].place == 0
    assert all(slot.propensity > 0 for slot in slots)


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"temperature": math.nan}, {"epsilon": 1.1}, {"k": 0}])
def test_what_is_no_policy_is_refused(wrong: dict[str, float]) -> None:
    """At its making, not when it serves."""
    with pytest.raises(ValueError, match="is no policy"):
        PlackettLucePolicy(**wrong)  # type: ignore[arg-type]


def test_the_orders_of_a_seed_stay_the_same_in_every_release() -> None:
    """A logged order must be drawn again years later."""
    slots = PlackettLucePolicy(temperature=0.3, epsilon=0.2).rank([0.3, 0.1, 0.0, 0.2], "a seed", depth=4)
    assert [slot.place for slot in slots] == [2, 1, 0, 3]


def test_it_is_cloned_and_tuned_like_an_estimator() -> None:
    """scikit-learn's clone and set_params work on it, and what is wrong changes nothing."""
    base = pytest.importorskip("sklearn.base")
    policy = PlackettLucePolicy(0.2, 0.05, k=4)
    assert base.clone(policy) == policy
    assert base.clone(policy) is not policy
    assert policy.get_params() == {"temperature": 0.2, "epsilon": 0.05, "k": 4}
    assert policy.set_params(k=2) is policy
    assert policy == PlackettLucePolicy(0.2, 0.05, k=2)
    with pytest.raises(ValueError, match="is no policy"):
        policy.set_params(k=1, epsilon=2)
    with pytest.raises(ValueError, match="no settings"):
        policy.set_params(heat=1)
    assert policy == PlackettLucePolicy(0.2, 0.05, k=2)


@given(scores_of, st.floats(-100, 100), st.sampled_from([2.0**-36, 0.5, 4.0]))
def test_scores_may_be_counted_from_anywhere_and_in_any_unit(scores: list[float], start: float, unit: float) -> None:
    """Only the differences count, so that a table's own numbers need not be turned into log-odds first."""
    policy = PlackettLucePolicy()
    weights = policy.weigh([(score + start) / unit for score in scores], unit)
    assert weights.each == pytest.approx(policy.weigh(scores).each, rel=1e-6)


@pytest.mark.parametrize("gap", [1.0, 5.0, 50.0])
def test_what_the_best_leave_is_drawn_by_its_own_weights(gap: float) -> None:
    """With a thousandth, and with nothing, of the weight left after two slots: each other product's share of slot 3."""
    scores, draws = [2 * gap, gap, 0.05, 0.0, 0.02, 0.0], 3000
    policy = PlackettLucePolicy(epsilon=0)
    drawn = [policy.rank(scores, str(number), depth=3) for number in range(draws)]
    for place in range(2, 6):
        chance = policy.propensities(scores, [0, 1, place])[2]
        kept = [slots[2].place for slots in drawn if [slot.place for slot in slots[:2]] == [0, 1]]
        assert abs(kept.count(place) / len(kept) - chance) < 5 * math.sqrt(chance * (1 - chance) / len(kept))
    total = math.fsum(policy.propensities(scores, [0, 1, place])[2] for place in range(2, 6))
    assert total == pytest.approx(1, abs=1e-12)


@given(st.lists(st.floats(-60, 60), min_size=1, max_size=8), st.integers(0, 10**9))
def test_whatever_the_scores_each_product_stands_once(scores: list[float], number: int) -> None:
    """Weights from 1 down to 0: a full order, each chance as the order explains it."""
    policy = PlackettLucePolicy()
    slots = policy.rank(scores, str(number), depth=len(scores))
    order = [slot.place for slot in slots]
    assert sorted(order) == list(range(len(scores)))
    assert tuple(slot.propensity for slot in slots) == policy.propensities(scores, order)


def test_a_fraction_rounded_up_beyond_the_end_takes_the_last_that_is_left() -> None:
    """Running sums are rounded, and so is a fraction of them."""
    policy = PlackettLucePolicy(temperature=1.0)
    left = _Left(policy, policy.weigh([0.0, 0.0, 0.0, -5000.0]))
    assert left.weighed(1.0) == 2
    left.take(2)
    assert left.weighed(1.0) == 1
