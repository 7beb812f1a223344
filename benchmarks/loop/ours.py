"""`QuizRecommender` in the loop: served by the rules first, trained again at growing intervals on grouped counts."""

import numpy as np

from benchmarks.loop.report import OURS as NAME
from benchmarks.loop.worlds import PRODUCTS, SIZES, SLOTS, Floats, Ints, World
from quizfunnel.recommend.estimator import QuizRecommender
from quizfunnel.recommend.marginals import chances, draw
from quizfunnel.recommend.policy import PlackettLucePolicy
from quizfunnel.recommend.positions import SlotLog, position_weights

__all__ = ["NAME", "Ours"]

TRAINED_AT = (250, 500, 1000, 2000, 4000, 8000, 14_000)


class Ours:
    """The recommender with the settings that it ships with; nothing here is tuned to these shops."""

    def __init__(self, world: World, seed: int) -> None:
        """Start with the rules and an empty log."""
        self.world, self.recommender, self.policy = world, QuizRecommender("binomial"), PlackettLucePolicy(k=SLOTS)
        self.rng = np.random.default_rng([seed, 1])
        self.fitted = False
        count = len(world.answers)
        self.orders = np.zeros((count, SLOTS), dtype=np.int64)
        self.scores, self.chances, self.bought = (np.zeros((count, SLOTS)) for _ in range(3))
        self.weights = np.ones(SLOTS)

    def show(self, rows: Ints) -> Ints:
        """Draw orders around the scores, and log what the store would."""
        prior = self.world.prior(rows)
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
        bought, trials = (np.zeros((len(patterns), PRODUCTS)) for _ in range(2))
        for slot in range(SLOTS):
            at = which, self.orders[:count, slot]
            np.add.at(bought, at, self.bought[:count, slot])
            np.add.at(trials, at, self.weights[slot])
        self.recommender.fit(
            patterns, bought, trials=trials, item_features=self.world.tags, prior=self.world.prior(first), sizes=SIZES
        )
        self.fitted = True

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
