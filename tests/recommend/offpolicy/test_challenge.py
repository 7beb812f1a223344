"""A challenger replaces what serves only when it proved to be better."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.recommend.offpolicy.challenge import (
    ChallengeLog,
    _wealth,
    any_time_limits,
    decide,
    mixture_weights,
    planned_shoppers,
    values,
)

ORDERS = 6
RATE = 0.08


def challenge(seed: int, shoppers: int, *, lift: float = 0.0, share: float = 0.15, planned: int = 4000) -> ChallengeLog:
    """Simulate two models that vary the order of six; the challenger's favourite sells `lift` more often."""
    rng = np.random.default_rng(seed)
    old = rng.dirichlet(np.full(ORDERS, 0.7), 40)
    new = 0.5 * old + 0.5 * np.eye(ORDERS)[rng.integers(0, ORDERS, 40)]
    pattern, row = rng.integers(0, 40, shoppers), np.arange(shoppers)
    serves = np.where(rng.random((shoppers, 1)) < share, new[pattern], old[pattern])
    shown = (rng.random((shoppers, 1)) > np.cumsum(serves, axis=1)).sum(axis=1).clip(max=ORDERS - 1)
    gain = (new - old)[pattern, shown] > 0
    rewards = (rng.random(shoppers) < RATE + lift * gain) * 1.0
    return ChallengeLog(rewards, new[pattern][row, shown], old[pattern][row, shown], share, planned)


def until(log: ChallengeLog, shoppers: int) -> ChallengeLog:
    """Return what was known earlier."""
    return log._replace(rewards=log.rewards[:shoppers], new=log.new[:shoppers], old=log.old[:shoppers])


@pytest.mark.thorough
def test_at_equal_value_a_challenger_is_seldom_promoted() -> None:
    """At most 5 % of 80 challenges, looked at five times each, the last time at the planned size."""
    promoted = 0
    for seed in range(80):
        log = challenge(seed, 4000)
        promoted += any(decide(until(log, size)).verdict == "promote" for size in (800, 1600, 2400, 3200, 4000))
    assert promoted <= 4


def test_limits_at_the_planned_size_hold_what_they_promise() -> None:
    """Of 300 logs at equal value 0 lies outside in no more than 7 %; at any time in hardly one."""
    found = [values(challenge(seed, 1500)) for seed in range(300)]
    assert np.mean([one.low <= 0 <= one.high for one in found]) >= 0.93
    assert all(any_time_limits(challenge(seed, 500))[0] <= 0 for seed in range(20))


def test_a_better_challenger_is_promoted() -> None:
    """Long before the planned size when it is much better, and the sentence says by how much."""
    found = decide(challenge(1, 6000, lift=0.15, planned=50_000))
    assert found.verdict == "promote"
    assert found.any_time
    assert found.more == 0
    assert found.sentence.startswith("The challenger is better: ")
    assert found.low > 0


def test_a_worse_challenger_is_ended_early() -> None:
    """As soon as even the upper limit is below 0."""
    log = challenge(1, 9000, lift=0.15, planned=50_000)
    found = decide(log._replace(new=log.old, old=log.new, share=1 - log.share))
    assert found.verdict == "keep"
    assert found.high < 0
    assert found.sentence.startswith("The challenger is worse, the serving model stays")


def test_the_planned_size_decides_once_and_for_all() -> None:
    """Not better there: what serves stays, and shoppers after it change nothing."""
    log = challenge(3, 5000)
    early, ended, late = decide(until(log, 3000)), decide(until(log, 4000)), decide(log)
    assert early.verdict == "undecided"
    assert early.more == 1000
    assert "at most 1000 more shoppers are needed" in early.sentence
    assert ended.verdict == "keep"
    assert not ended.any_time
    assert "did not prove to be better" in ended.sentence
    assert late == ended


def test_a_small_gain_is_proved_at_the_planned_size() -> None:
    """Limits for one look are narrower than those for any number of them."""
    log = challenge(1, 4000, lift=0.045)
    narrow, (low, high) = values(log), any_time_limits(log)
    assert low < narrow.low < narrow.difference < narrow.high < high
    assert low < 0
    assert decide(log).verdict == "promote"


def test_the_same_model_twice_is_no_better() -> None:
    """Their difference is 0 without any noise."""
    log = challenge(4, 4000)
    found = decide(log._replace(new=log.old))
    assert found.difference == 0
    assert found.verdict == "keep"


def test_too_little_is_refused_with_what_is_missing() -> None:
    """Shoppers, or purchases."""
    few = decide(challenge(5, 60))
    assert few.verdict == "refused"
    assert few.sentence.startswith("Too early: 60 shoppers are worth ")
    assert few.more == 3940
    log = challenge(5, 2000)
    poor = decide(log._replace(rewards=log.rewards * (np.arange(2000) < 50)))
    assert poor.verdict == "refused"
    assert "purchases are needed" in poor.sentence


def test_a_log_of_other_models_is_refused() -> None:
    """Weights whose mean is not 1 cannot be those of this log."""
    log = challenge(6, 3000)
    found = decide(log._replace(new=np.full(3000, 0.9)))
    assert found.verdict == "refused"
    assert "start the challenge anew" in found.sentence


@given(st.integers(0, 10**6), st.floats(0.05, 0.5))
def test_no_weight_exceeds_one_over_the_share(seed: int, share: float) -> None:
    """And the two weights average to 1 over the mixture."""
    new, old = mixture_weights(challenge(seed, 50, share=share))
    assert new.max() <= 1 / share + 1e-9
    assert old.max() <= 1 / (1 - share) + 1e-9
    assert share * new + (1 - share) * old == pytest.approx(1)


def test_the_mixture_knows_more_than_the_two_groups() -> None:
    """Over 200 challenges the difference scatters less than that of two groups that share no order."""
    scatter = np.std([values(challenge(seed, 1000)).difference for seed in range(200)])
    apart = (RATE * (1 - RATE) / 1000 / (0.15 * 0.85)) ** 0.5
    assert scatter < 0.9 * apart


def test_the_size_is_planned_by_what_shall_be_proved() -> None:
    """Twice the gain takes a quarter of the shoppers; models that mostly agree take fewer."""
    size = planned_shoppers(0.05, 0.01, 0.1)
    assert size == pytest.approx(7.849 * 0.05 / 0.09 / 0.0001, rel=1e-3)
    assert planned_shoppers(0.05, 0.02, 0.1) == pytest.approx(size / 4, abs=1)
    assert planned_shoppers(0.05, 0.01, 0.1, ratios=np.array([0.9, 1.1])) < size / 100
    assert planned_shoppers(0.05, 0.01, 0.1, ratios=np.ones(3)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 0.0},
        {"planned": 0},
        {"rewards": np.ones(2)},
        {"rewards": np.full(3, 2.0)},
        {"new": np.zeros(3), "old": np.zeros(3)},
    ],
)
def test_what_is_no_challenge_is_an_error(wrong: dict[str, object]) -> None:
    """Said with what was given."""
    log = ChallengeLog(np.ones(3), np.full(3, 0.5), np.full(3, 0.5), 0.1, 10)
    with pytest.raises(ValueError, match=r"share|shopper|lie between"):
        decide(log._replace(**wrong))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="between 0 and 1"):
        planned_shoppers(1.5, 0.1, 0.1)


def test_bets_never_lose_all() -> None:
    """With any stake, any term and any difference that is asked about, wealth stays above 0."""
    for share in (0.01, 0.5, 0.99):
        extreme = np.array([1 / share, -1 / (1 - share)])
        for stake, terms in ((1 - share, extreme), (share, -extreme)):
            for difference in (-1.0, 0.0, 1.0):
                assert np.isfinite(_wealth(terms, 1, stake, difference))
