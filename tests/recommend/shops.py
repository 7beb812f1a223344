"""Small simulated shops for the learners: patterns, what is shown, and who buys what, by a known taste."""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, softmax

from quizfunnel.recommend.learners.code_book import Floats, Ints

CODES = 6


class Shop(NamedTuple):
    """Codes [P, q], the rules' log-odds and the true ones [P, I], and the products' attributes [I, a]."""

    codes: Ints
    rules: Floats
    truth: Floats
    attributes: Floats

    @property
    def sizes(self) -> list[int]:
        """Return how many codes each column has."""
        return [CODES] * self.codes.shape[1]


def shop(*, patterns: int, products: int = 8, columns: int = 4, seed: int = 1) -> Shop:
    """Return a shop whose rules know half of the taste."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(2, CODES, (patterns, columns))
    attributes = rng.normal(size=(products, 2))
    taste = [
        rng.normal(size=(CODES, 2)) @ attributes.T * 0.3 + rng.normal(size=(CODES, products)) * 0.2
        for _ in range(columns)
    ]
    points = [np.clip(np.round(table / 0.18 / 2), -3, 3) * 0.18 for table in taste]
    rules = sum(table[codes[:, j]] for j, table in enumerate(points))
    truth = sum(table[codes[:, j]] for j, table in enumerate(taste)) + rng.normal(size=products) * 0.3
    return Shop(codes, np.asarray(rules), np.asarray(truth), attributes)


def choices(found: Shop, *, seed: int = 2, each: int = 1) -> Floats:
    """Return `each` purchases a pattern among all products."""
    rng = np.random.default_rng(seed)
    return np.asarray([rng.multinomial(each, row) for row in softmax(found.truth, axis=1)], dtype=np.float64)


def trials(found: Shop, *, level: float = -2.0, most: int = 20, seed: int = 3) -> tuple[Floats, Floats]:
    """Return purchases and trials: three products shown a pattern, up to `most` times."""
    rng = np.random.default_rng(seed)
    shown: Floats = np.zeros(found.truth.shape)
    for row in shown:
        row[rng.permutation(found.truth.shape[1])[:3]] = rng.integers(1, most)
    return rng.binomial(shown.astype(int), expit(found.truth + level)).astype(np.float64), shown


def choice_loss(chance: Floats, purchases: Floats) -> Any:
    """Return the mean log-loss of a purchase."""
    return -(purchases * np.log(chance)).sum() / purchases.sum()


def trial_loss(chance: Floats, purchases: Floats, shown: Floats) -> Any:
    """Return the log-loss of trials, a purchase."""
    missed = (shown - purchases) * np.log1p(-chance)
    return -(purchases * np.log(chance) + missed).sum() / purchases.sum()
