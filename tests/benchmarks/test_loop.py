"""The closed loop's shops are what they are said to be, and its figures are counted rightly."""

import numpy as np
import pytest

from benchmarks.loop import judge, report
from benchmarks.loop.play import play
from benchmarks.loop.slopes import question_slopes
from benchmarks.loop.worlds import LOOKED_AT, PRODUCTS, SKIPPED, SLOTS, WORLDS, Floats, Ints, World, best_orders, world
from quizfunnel.recommend.serving.policy import PlackettLucePolicy


@pytest.mark.parametrize("name", WORLDS)
def test_a_shop_is_drawn_by_its_seed(name: str) -> None:
    """The peers' process meets the very shoppers that ours does."""
    one, other = world(name, 3, 500), world(name, 3, 500)
    assert all(np.array_equal(a, b) for a, b in zip(one[1:4], other[1:4], strict=True))
    assert one.chance.mean() == pytest.approx(0.02, rel=0.01)
    assert (one.answers >= SKIPPED).all()


def test_nobody_earns_more_than_who_knows_everything() -> None:
    """Regret is never negative, and 0 for the best orders themselves."""
    shop = world("kinds of shoppers", 1, 500)
    rows = np.arange(500)
    best = shop.value(rows, best_orders(shop))
    for seed in range(5):
        orders = np.argsort(np.random.default_rng(seed).random((500, PRODUCTS)), axis=1)[:, :SLOTS]
        assert (shop.value(rows, orders) <= best + 1e-12).all()
    assert play(shop, Knows(shop)).regret == 0
    assert shop.bought(rows, best_orders(shop)).sum() == play(shop, Knows(shop)).hits


def test_the_rules_are_right_half_of_the_time_where_they_should_be() -> None:
    """By correlation with true log-odds: more in the first shop than in the second."""
    found = {}
    for name in list(WORLDS)[:2]:
        shop = world(name, 1, 500)
        prior, odds = shop.prior(np.arange(500)), np.log(shop.chance / (1 - shop.chance))
        found[name] = np.corrcoef(prior.ravel(), odds.ravel())[0, 1]
    right, half = found.values()
    assert half < 0.6 * right


def test_a_slope_a_question_finds_the_wrong_ones() -> None:
    """Rules of the first four questions know nothing, the others the truth at one and a half times their points."""
    shop = world("additive, rules half wrong", 2, 8000)
    rng, rows = np.random.default_rng(1), np.arange(8000)
    orders = np.argsort(rng.random((8000, PRODUCTS)), axis=1)[:, :SLOTS]
    bought = shop.chance[rows[:, None], orders] * LOOKED_AT * 4.0
    slopes = question_slopes(shop.rules, shop.answers, orders, np.minimum(bought, 1.0), LOOKED_AT)
    assert slopes[:4].max() < 0.7 < slopes[4:].min()


def test_twins_make_a_challenger_of_equal_value() -> None:
    """The exchanged model shows other products and earns as much."""
    shop = judge.shop(1, noise=0.5)
    assert not np.allclose(shop.old, shop.new)
    rows = np.arange(len(shop.chance))
    policy = PlackettLucePolicy(temperature=0, epsilon=0)
    orders = [np.array([[slot.place for slot in policy.rank(row.tolist(), "s")] for row in s]) for s in shop[1:]]
    earned = [judge.buys(shop, rows, each) for each in orders]
    assert earned[0] == pytest.approx(earned[1])
    assert (orders[0] != orders[1]).any()


def test_the_ratio_is_to_the_best_peer() -> None:
    """Of the least mean regret, seed by seed, with limits over seeds; twice the same is no scatter."""
    regrets = {"shop": {report.OURS: [2.0, 4.0], report.IDEA: [4.0, 8.0], "good": [4.0, 8.0], "bad": [9.0, 9.0]}}
    ours, idea = report.ratios(regrets)
    assert ours["best"] == "good"
    assert (ours["ratio"], ours["low"], ours["high"]) == pytest.approx((0.5, 0.5, 0.5))
    assert ours["met"]
    assert idea["ratio"] == pytest.approx(1.0)
    assert not idea["met"]


class Knows:
    """The clairvoyant."""

    def __init__(self, shop: World) -> None:
        """Look."""
        self.best = best_orders(shop)

    def show(self, rows: Ints) -> Ints:
        """Show the best."""
        return self.best[rows]

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:
        """Know already."""
