"""`QuizRecommender` in the loop: served by the rules first, trained again at growing intervals on grouped counts."""

from typing import Any

import numpy as np

from benchmarks.loop.play import play
from benchmarks.loop.report import IDEA, OURS
from benchmarks.loop.slopes import question_slopes
from benchmarks.loop.worlds import POINT, PRODUCTS, SIZES, SLOTS, Floats, Ints, World, summed, world
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.offpolicy.position_bias import SlotLog, position_weights
from quizfunnel.recommend.offpolicy.propensities import chances, draw
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

# Fewer than a fifth of the settings that each peer may try, on the peers' tuning seeds, one choice for all shops.
TRAINED_AT = (250, 500, 750, 1000, 1500, 2000, 2750, 3500, 4500, 5500, 7000, 8500, 10_500, 12_500, 15_000, 17_500)
TEMPERATURE, STRENGTH, LEARNERS = 0.05, 20.0, "tables"


def played(name: str, seed: int, shoppers: int, *, slopes: bool) -> dict[str, Any]:
    """Return the row of one shop and seed; with `slopes`, of the idea of a slope a question."""
    shop = world(name, seed, shoppers)
    found = play(shop, Ours(shop, seed, slopes=slopes))
    policy = IDEA if slopes else OURS
    return {"world": name, "seed": seed, "policy": policy, "regret": found.regret, "hits": found.hits}


class Ours:
    """The recommender, trained on what it showed; `slopes` gives it rules whose questions are weighed first."""

    def __init__(self, world: World, seed: int, *, slopes: bool = False) -> None:
        """Start with the rules and an empty log."""
        self.world, self.policy = world, PlackettLucePolicy(TEMPERATURE, k=SLOTS)
        self.recommender = QuizRecommender("binomial", prior_strength=STRENGTH, learners=LEARNERS)
        self.slopes = np.ones(len(SIZES)) if slopes else None
        self.rng = np.random.default_rng([seed, 1])
        self.fitted = False
        count = len(world.answers)
        self.orders = np.zeros((count, SLOTS), dtype=np.int64)
        self.scores, self.chances, self.bought = (np.zeros((count, SLOTS)) for _ in range(3))
        self.weights = np.ones(SLOTS)

    def show(self, rows: Ints) -> Ints:
        """Draw orders around the scores, and log what the store would."""
        prior = self._prior(rows)
        scores = self.recommender.decision_function(self.world.answers[rows], prior) if self.fitted else prior
        orders = draw(self.policy, scores, self.rng)
        self.orders[rows], self.scores[rows] = orders, np.take_along_axis(scores, orders, axis=1)
        self.chances[rows] = chances(self.policy, scores, orders)
        return orders

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:  # noqa: ARG002 - `show` logged the orders
        """Log the purchases; train when it is time."""
        self.bought[rows] = bought
        if int(rows[-1]) + 1 in TRAINED_AT:
            self._train(int(rows[-1]) + 1)

    def _train(self, count: int) -> None:
        patterns, first, which = np.unique(self.world.answers[:count], axis=0, return_index=True, return_inverse=True)
        self.weights = self._position_weights(count)
        if self.slopes is not None:
            log = self.orders[:count], self.bought[:count]
            self.slopes = question_slopes(self.world.rules, self.world.answers[:count], *log, self.weights)
        bought, trials = (np.zeros((len(patterns), PRODUCTS)) for _ in range(2))
        for slot in range(SLOTS):
            at = which, self.orders[:count, slot]
            np.add.at(bought, at, self.bought[:count, slot])
            np.add.at(trials, at, self.weights[slot])
        self.recommender.fit(
            patterns, bought, trials=trials, item_features=self.world.tags, prior=self._prior(first), sizes=SIZES
        )
        self.fitted = True

    def _prior(self, rows: Ints) -> Floats:
        if self.slopes is None:
            return self.world.prior(rows)
        rules = [slope * table for slope, table in zip(self.slopes, self.world.rules, strict=True)]
        return POINT * summed(rules, self.world.answers[rows])

    def _position_weights(self, count: int) -> Floats:
        log = SlotLog(
            self.scores[:count],
            self.chances[:count],
            np.full(count, float(PRODUCTS)),
            self.bought[:count],
            self.policy.temperature,
            self.policy.epsilon,
        )
        return position_weights(log).weights
