"""Laws of the planner: the design's numbers, and visitors enough to see what was planned for."""

from importlib import import_module
from math import log

import pytest

from quizfunnel.stats import sample_size
from quizfunnel.stats.confidence_sequence import ArmPurchases, log_e
from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.sample_size import PlanningInput


def test_the_numbers_of_the_design() -> None:
    """At a base of 2 %, +10 % needs 153,838 visitors at 50/50 and 427,328 with a holdout of 10 %, looking once."""
    assert round(sample_size.fixed_visitors(0.02, 0.5, 0.1)) == 153_838
    assert round(sample_size.fixed_visitors(0.02, 0.1, 0.1)) == 427_328


def test_one_look_is_the_power_analysis_of_statsmodels() -> None:
    """Before the factor for looking the planner is the usual normal power analysis."""
    power = import_module("statsmodels.stats.power")
    size = 0.03 * 0.2 / (0.03 * 0.97) ** 0.5
    holdout = power.NormalIndPower().solve_power(size, alpha=ALPHA, power=0.8, ratio=4.0, alternative="two-sided")
    assert sample_size.fixed_visitors(0.03, 0.2, 0.2) == pytest.approx(holdout * 5, rel=1e-4)


def test_planned_visitors_see_the_effect_four_times_in_five() -> None:
    """With as many visitors as planned, +10 % is seen at the last look alone in about 80 % of 400 runs."""
    import numpy as np

    base, share, effect = 0.03, 0.5, 0.1
    needed = sample_size.visitors(base, 1 - share, effect)
    draw = np.random.default_rng(5)
    arms = draw.binomial(needed, share, 400)
    invited = draw.binomial(arms, base * (1 + effect))
    holdout = draw.binomial(needed - arms, base)
    seen = [
        log_e(ArmPurchases(int(one), int(none), share), 1.0) >= -log(ALPHA)
        for one, none in zip(invited, holdout, strict=True)
    ]
    assert 0.72 <= sum(seen) / 400 <= 0.9


def test_smaller_effects_and_smaller_arms_take_more() -> None:
    """Half the effect takes about four times the visitors; an even share takes the fewest."""
    assert sample_size.visitors(0.02, 0.5, 0.05) > 3 * sample_size.visitors(0.02, 0.5, 0.1)
    assert sample_size.visitors(0.02, 0.1, 0.1) > sample_size.visitors(0.02, 0.5, 0.1)


def test_a_plan_counts_what_is_still_to_come() -> None:
    """What was seen is taken off, days follow from the traffic, and without traffic nobody knows."""
    needed = sample_size.visitors(0.02, 0.5, 0.1)
    plan = sample_size.plan(0.1, base=0.02, holdout_share=0.5, seen=needed - 1000, per_day=300)
    assert (plan.visitors, plan.more, plan.days) == (needed, 1000, 4)
    assert sample_size.plan(0.1, base=0.02, holdout_share=0.5, seen=0, per_day=0).days is None
    assert sample_size.plan(0.1, base=0.02, holdout_share=0.5, seen=10**9, per_day=1).more == 0


def test_the_base_is_assumed_until_enough_have_bought() -> None:
    """With fewer than 20 buyers, or nobody else, the rate is an assumption and says so."""
    assert sample_size.base_rate(19, 400) == (0.02, True)
    assert sample_size.base_rate(20, 400) == (0.05, False)
    assert sample_size.base_rate(30, 30) == (0.02, True)


def test_the_outlook_is_a_plan_for_each_effect() -> None:
    """Visitors and days for +5, +10, +20 and +50 %, each as if planned alone."""
    setting = PlanningInput(0.03, 0.2, 5000, 400.0, 7)
    found = sample_size.outlook(setting)
    assert [plan.effect for plan in found] == [0.05, 0.10, 0.20, 0.50]
    assert found[1] == sample_size.plan(0.10, base=0.03, holdout_share=0.2, seen=5000, per_day=400)


def test_another_share_starts_again_and_says_what_it_saves() -> None:
    """Half held out is sooner than a twentieth; the present share saves nothing and keeps what it has seen."""
    setting = PlanningInput(0.03, 0.1, 20_000, 400.0, 7)
    by_share = {option.holdout_share: option for option in sample_size.share_options(0.2, setting)}
    assert list(by_share) == [0.05, 0.10, 0.20, 0.50]
    now, half, few = by_share[0.10], by_share[0.50], by_share[0.05]
    assert (now.saves, now.more) == (0, sample_size.visitors(0.03, 0.1, 0.2) - 20_000)
    assert half.more == sample_size.visitors(0.03, 0.5, 0.2)
    assert half.days == -(-half.more // 400) + 7
    assert now.days is not None
    assert half.saves == now.days - half.days > 0
    assert few.saves is not None
    assert few.saves < 0
    assert half.held_out == -(-half.more // 2)


def test_without_traffic_no_share_has_days() -> None:
    """Visitors are known, days are not, and a share that is not on the list is set in its place."""
    found = sample_size.share_options(0.5, PlanningInput(0.02, 0.3, 0, 0.0, 7))
    assert [option.holdout_share for option in found] == [0.05, 0.10, 0.20, 0.30, 0.50]
    assert all(option.days is None and option.saves is None and option.more > 0 for option in found)


def test_what_was_seen_already_takes_no_day() -> None:
    """An effect whose visitors have come takes none at the present share, and any other one would cost."""
    for option in sample_size.share_options(0.5, PlanningInput(0.02, 0.2, 10**7, 100.0, 7)):
        assert option.saves is not None
        assert (option.saves == 0) == (option.holdout_share == 0.2)
        assert option.saves <= 0
