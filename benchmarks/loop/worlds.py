"""Simulated shops, known in every chance: whose shoppers answer seven questions and see three of forty products.

Everything here needs numpy alone, since the peers run it too, in an environment of their own.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tables = list[Floats]

LEVELS = (4, 3, 4, 5, 2, 3, 4)  # choices of each question
PRODUCTS, TAGS, SLOTS = 40, 8, 3
LOOKED_AT = np.array([1.0, 0.65, 0.45])  # how much of the slots is looked at; no learner is told
SKIPS = 0.03  # of answers
POINT = 0.18  # log-odds a point of the rules
SUPPORT = 1.5  # the rules' own slope, where they are right, is worth this much of POINT
UNSEEN, SKIPPED, FIRST = 0, 1, 2  # codes: never asked, skipped, the first choice
SIZES = tuple(FIRST + levels for levels in LEVELS)
BASE_RATE = 0.02  # mean chance that a shopper buys a product of the first slot, over all products


class World(NamedTuple):
    """One shop with its shoppers, in the order they come.

    `answers` [n, q] codes; `chance` [n, I] of buying a product that is looked at; `luck` [n, I] uniform, so
    that every policy meets the same shoppers; `rules` the points of each question's codes, [codes, I]; `tags` [I, a].
    """

    name: str
    answers: Ints
    chance: Floats
    luck: Floats
    rules: Tables
    tags: Floats

    def prior(self, rows: Ints) -> Floats:
        """Return the rules' log-odds for shoppers `rows` [m], [m, I]."""
        return POINT * summed(self.rules, self.answers[rows])

    def bought(self, rows: Ints, orders: Ints) -> Floats:
        """Return the purchases from orders [m, k] shown to shoppers `rows` [m]; 0 or 1 a slot."""
        at = rows[:, np.newaxis], orders
        return np.asarray(self.luck[at] < self.chance[at] * LOOKED_AT, dtype=np.float64)

    def value(self, rows: Ints, orders: Ints) -> Floats:
        """Return the purchases that orders shown to shoppers can be expected to bring, [m]."""
        return np.asarray((self.chance[rows[:, np.newaxis], orders] * LOOKED_AT).sum(axis=1))


class Making(NamedTuple):
    """Ingredients of a shop: chances' log-odds [n, I] but for their level, and the points of the rules."""

    taste: Floats
    rules: Tables


def world(name: str, seed: int, shoppers: int) -> World:
    """Draw the shop `name` of WORLDS with its shoppers; the same seed gives the same."""
    rng = np.random.default_rng([seed, sum(map(ord, name))])
    answers = _answers(rng, shoppers)
    tags = (rng.random((PRODUCTS, TAGS)) < 0.35).astype(np.float64)
    made = WORLDS[name](rng, answers, tags)
    chance = _chances(made.taste + rng.normal(0, 0.3, PRODUCTS))
    return World(name, answers, chance, rng.random((shoppers, PRODUCTS)), made.rules, tags)


def best_orders(of: World) -> Ints:
    """Return the orders that somebody who knows every chance would show, [n, k]."""
    return np.argsort(-of.chance, axis=1)[:, :SLOTS]


def one_hot(answers: Ints) -> Floats:
    """Return codes [n, q] as zeros and ones with a constant, [n, f]."""
    blocks = [np.eye(size)[answers[:, j]][:, SKIPPED:] for j, size in enumerate(SIZES)]
    return np.hstack([np.ones((len(answers), 1)), *blocks])


def _answers(rng: np.random.Generator, shoppers: int) -> Ints:
    columns = [FIRST + rng.choice(levels, size=shoppers, p=rng.dirichlet(np.full(levels, 4.0))) for levels in LEVELS]
    answers = np.stack(columns, axis=1)
    answers[rng.random(answers.shape) < SKIPS] = SKIPPED
    return answers


def _points(rng: np.random.Generator, tags: Floats) -> Tables:
    """Draw what each choice gives to products with each tag, mostly nothing; a [codes, I] array a question."""
    worth = np.array([-2, -1, 0, 1, 2, 3])
    drawn = [rng.choice(worth, size=(levels, TAGS), p=[0.03, 0.07, 0.7, 0.1, 0.07, 0.03]) for levels in LEVELS]
    return [np.vstack([np.zeros((FIRST, PRODUCTS)), each @ tags.T]) for each in drawn]


def summed(tables: Tables, answers: Ints) -> Floats:
    """Return the sums of the rows of answers, [n, I]."""
    return np.asarray(sum(table[answers[:, j]] for j, table in enumerate(tables)))


def _additive(rng: np.random.Generator, answers: Ints, tags: Floats, wrong: int) -> Making:
    """Taste is a sum over answers; the rules know its direction, but for `wrong` questions, where they know nothing."""
    right = _points(rng, tags)
    own = [np.vstack([np.zeros((FIRST, PRODUCTS)), rng.normal(0, 0.25, (levels, PRODUCTS))]) for levels in LEVELS]
    said = [*_points(rng, tags)[:wrong], *right[wrong:]]
    taste = SUPPORT * POINT * summed(right, answers) + summed(own, answers)
    return Making(taste, said)


def _clusters(rng: np.random.Generator, answers: Ints, tags: Floats) -> Making:
    """Taste is that of the nearest of twelve kinds of shoppers, by how many answers agree: no sum over answers.

    The rules say of each answer what the kinds that give it like on average, in whole points by tag.
    """
    kinds = np.stack([FIRST + rng.integers(0, levels, 12) for levels in LEVELS], axis=1)
    likes = rng.normal(0, 0.6, (12, TAGS))
    agree = (answers[:, np.newaxis, :] == kinds).sum(axis=2) + rng.random((1, 12)) * 0.5
    share = np.exp(2.0 * (agree - agree.max(axis=1, keepdims=True)))
    share /= share.sum(axis=1, keepdims=True)
    taste = share @ (likes @ tags.T + rng.normal(0, 0.5, (12, PRODUCTS)))
    said = []
    for j, size in enumerate(SIZES):
        mean = np.stack([_mean(likes[kinds[:, j] == code]) for code in range(size)])
        said.append(np.round(mean / POINT / 2) @ tags.T)
    return Making(taste, said)


def _mean(rows: Floats) -> Floats:
    return np.asarray(rows.mean(axis=0)) if len(rows) else np.zeros(rows.shape[1])


def _chances(taste: Floats) -> Floats:
    """Return chances with these log-odds, of the level at which their mean is BASE_RATE."""
    low, high = -12.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        mean = (1 / (1 + np.exp(-taste - middle))).mean()
        low, high = (middle, high) if mean < BASE_RATE else (low, middle)
    return np.asarray(1 / (1 + np.exp(-taste - low)))


WORLDS: dict[str, Callable[[np.random.Generator, Ints, Floats], Making]] = {
    "additive, rules right": lambda rng, answers, tags: _additive(rng, answers, tags, 0),
    "additive, rules half wrong": lambda rng, answers, tags: _additive(rng, answers, tags, 4),
    "kinds of shoppers": _clusters,
}
