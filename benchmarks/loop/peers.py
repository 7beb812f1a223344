"""The peers in the loop: MABWiser's contextual bandits, warmed with the rules, and two that know no contexts.

Run in an environment of their own (see `environment`), as ``python -m benchmarks.loop.peers SHOPPERS SEEDS TUNING``;
prints its figures as JSON. Nothing of the product is imported.
"""

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from benchmarks.loop.play import Played, play
from benchmarks.loop.worlds import LOOKED_AT, PRODUCTS, SLOTS, WORLDS, Floats, Ints, World, one_hot, world

TRIALS = 18  # settings that each peer may try on each shop, on seeds of their own
TUNING_FROM = 1000  # seeds of tuning; the comparison's begin at 0
ASSUMED = 0.02  # the base rate that warming assumes: the true one


class Setting(NamedTuple):
    """A peer's settings: exploration, ridge penalty, pseudo-shoppers who buy by the rules, whether positions count."""

    explore: float
    ridge: float
    pseudo: int
    correct: bool


class Bandit:
    """A contextual bandit with a model a product; the three products of the highest expectation are shown."""

    def __init__(self, world: World, seed: int, learning: Any, setting: Setting) -> None:
        """Warm it: pseudo-shoppers, each of whom saw every product, bought as the rules say."""
        self.contexts, self.setting = one_hot(world.answers), setting
        self.bandit = mabwiser().MAB(list(range(PRODUCTS)), learning, seed=seed)
        pseudo = np.random.default_rng([seed, 2]).integers(0, len(world.answers), max(1, setting.pseudo))
        odds = np.log(ASSUMED / (1 - ASSUMED)) + world.prior(pseudo)
        rewards = 1 / (1 + np.exp(-odds)) if setting.pseudo else np.full(odds.shape, ASSUMED)
        self.bandit.fit(
            np.tile(np.arange(PRODUCTS), len(pseudo)),
            rewards.ravel(),
            np.repeat(self.contexts[pseudo], PRODUCTS, axis=0),
        )

    def show(self, rows: Ints) -> Ints:
        """Show those expected most."""
        expected = self.bandit.predict_expectations(self.contexts[rows])
        table = np.array([[each[arm] for arm in range(PRODUCTS)] for each in expected])
        return np.argsort(-table, axis=1)[:, :SLOTS]

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:
        """Take each product shown as a trial; corrected, a purchase counts more where fewer look (as they truly do)."""
        rewards = bought / LOOKED_AT if self.setting.correct else bought
        self.bandit.partial_fit(orders.ravel(), rewards.ravel(), np.repeat(self.contexts[rows], SLOTS, axis=0))


class Rules:
    """The rules alone, the best first, equal ones in the catalogue's order."""

    def __init__(self, world: World) -> None:
        """Take the rules."""
        self.world = world

    def show(self, rows: Ints) -> Ints:
        """Show the best by the rules."""
        return np.argsort(-self.world.prior(rows), axis=1, kind="stable")[:, :SLOTS]

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:
        """Learn nothing."""


class Popularity:
    """Bestsellers, whoever asks: Thompson sampling on each product's rate, corrected for positions."""

    def __init__(self, seed: int) -> None:
        """Start with one purchase in fifty looks for all."""
        self.rng = np.random.default_rng([seed, 3])
        self.bought, self.seen = np.ones(PRODUCTS), np.full(PRODUCTS, 50.0)

    def show(self, rows: Ints) -> Ints:
        """Show the best of a draw a shopper."""
        rates = self.rng.gamma(self.bought, 1 / self.seen, (len(rows), PRODUCTS))
        return np.argsort(-rates, axis=1)[:, :SLOTS]

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:  # noqa: ARG002 - whoever it was
        """Count."""
        np.add.at(self.bought, orders, bought)
        np.add.at(self.seen, orders, np.broadcast_to(LOOKED_AT, orders.shape))


def mabwiser() -> Any:
    """Return MABWiser, which is there in its own environment only."""
    return import_module("mabwiser.mab")


def bandits() -> dict[str, tuple[Any, Sequence[float]]]:
    """Return each bandit's learning policy as MABWiser names it, and what its exploration may be."""
    of = mabwiser().LearningPolicy
    return {
        "MABWiser LinUCB": (lambda x, ridge: of.LinUCB(alpha=x, l2_lambda=ridge), (0.01, 0.03, 0.1)),
        "MABWiser LinTS": (lambda x, ridge: of.LinTS(alpha=x, l2_lambda=ridge), (0.01, 0.03, 0.1)),
        "MABWiser epsilon-greedy": (
            lambda x, ridge: of.LinGreedy(epsilon=x, l2_lambda=ridge),
            (0.0, 0.02, 0.05),
        ),
    }


def settings(explorations: Sequence[float]) -> list[Setting]:
    """Return the settings that are tried: a fixed draw from the grid."""
    grid = [Setting(*each) for each in itertools.product(explorations, (1.0, 10.0), (0, 50, 200), (False, True))]
    return [grid[n] for n in np.random.default_rng(5).permutation(len(grid))[:TRIALS]]


def compare(shoppers: int, seeds: int, tuning: int) -> Iterator[dict[str, Any]]:
    """Yield a row for each shop, seed and peer."""
    for name in WORLDS:
        tuned = [world(name, TUNING_FROM + seed, shoppers) for seed in range(tuning)]
        chosen = {peer: _tuned(tuned, *how) for peer, how in bandits().items()}
        for seed in range(seeds):
            shop = world(name, seed, shoppers)
            players: dict[str, Any] = {"rules alone": Rules(shop), "popularity": Popularity(seed)}
            for peer, setting in chosen.items():
                learning = bandits()[peer][0](setting.explore, setting.ridge)
                players[peer] = Bandit(shop, seed, learning, setting)
            for peer, player in players.items():
                setting_of = chosen[peer]._asdict() if peer in chosen else {}
                yield _row(name, seed, peer, play(shop, player)) | {"setting": setting_of}


def _tuned(shops: Sequence[World], policy: Any, explorations: Sequence[float]) -> Setting:
    def regret(setting: Setting) -> float:
        learning = policy(setting.explore, setting.ridge)
        return sum(play(shop, Bandit(shop, 77, learning, setting)).regret for shop in shops)

    return min(settings(explorations), key=regret)


def _row(name: str, seed: int, peer: str, played: Played) -> dict[str, Any]:
    return {"world": name, "seed": seed, "policy": peer, "regret": played.regret, "hits": played.hits}


if __name__ == "__main__":
    print(json.dumps(list(compare(*map(int, sys.argv[1:])))))
