"""Binomial likelihood: each product shown is a trial of its own, beside `choice_likelihood`; pure."""

from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from quizfunnel.recommend.learners.code_book import CodeBook, Floats, Ints

LEVEL_STEPS = 8
TINY = 1e-12
FURTHEST = 3.0  # of a step of the level


class Pairs(NamedTuple):
    """The M pairs of a pattern and a product that were shown at all: their places, purchases and trials, each [M]."""

    pattern: Ints
    product: Ints
    purchases: Floats
    trials: Floats

    def of(self, keep: npt.NDArray[np.bool_]) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.pattern[keep], self.product[keep], self.purchases[keep], self.trials[keep])


class Trials:
    """Products shown as trials, bought or not: a binomial likelihood over pairs."""

    def __init__(
        self, book: CodeBook, codes: Ints, pairs: Pairs, *, products: int, offset: Floats | None = None
    ) -> None:
        """Take codes [P, q], pairs [M] of these patterns and of `products`, and a fixed part of the scores [M].

        Trials may be fractions: a product in a slot that is looked at half as often counts half.
        """
        self.book, self.products = book, products
        self._codes, self._pairs, self._offset = codes, pairs, offset
        self._pattern, self._product, self._bought, self._trials = pairs
        self.purchases, self.patterns = float(pairs.purchases.sum()), len(codes)
        # One purchase and one trial more, so that an empty log has a level.
        self.level = float(np.log((self.purchases + 1.0) / (pairs.trials.sum() + 1.0)))
        if offset is not None and self.purchases:
            self.level = self.level_of(offset, self.purchases)  # a product never shown starts no higher for its offset
        # Flat places in a table [C, I], worked out once: every step of a fit reads and sums by them.
        rows = book.rows(codes)
        self._cells = [rows[pairs.pattern, j] * products + pairs.product for j in range(rows.shape[1])]

    @classmethod
    def of_tables(
        cls, book: CodeBook, codes: Ints, purchases: Floats, *, trials: Floats, offset: Floats | None = None
    ) -> Self:
        """Take purchases, trials and a fixed part of the scores as tables [P, I]; raise ValueError for no counts."""
        if (trials < 0).any() or (purchases < 0).any() or (purchases[trials == 0] > 0).any():
            raise ValueError("trials and purchases must not be negative, and none was bought that was not shown")
        pattern, product = shown = np.nonzero(trials)
        pairs = Pairs(pattern, product, purchases[shown], trials[shown])
        fixed = None if offset is None else offset[shown]
        return cls(book, codes, pairs, products=purchases.shape[1], offset=fixed)

    def spread(self, table: Floats) -> Floats:
        """Return scores [M]."""
        flat = np.ascontiguousarray(table).ravel()
        total = np.zeros(len(self._pattern))
        for cells in self._cells:
            total += flat[cells]
        return total

    def spread_one(self, column: int, block: Floats) -> Floats:
        """Return scores [M]."""
        return np.asarray(block[self._codes[self._pattern, column], self._product])

    def weighed(self, by_score: Floats, patterns: npt.NDArray[np.bool_]) -> Floats:
        """Return [M]."""
        return by_score * patterns[self._pattern]

    def collect(self, by_score: Floats) -> Floats:
        """Return sums [C, I]."""
        total = np.zeros(self.book.count * self.products)
        for cells in self._cells:
            total += np.bincount(cells, weights=by_score, minlength=len(total))
        return total.reshape(self.book.count, self.products)

    def by_product(self, by_score: Floats) -> Floats:
        """Return sums [I]."""
        return np.bincount(self._product, weights=by_score, minlength=self.products).astype(np.float64)

    def each(self, by_product: Floats) -> Floats:
        """Return [M]."""
        return np.asarray(by_product[self._product])

    def loss(self, scores: Floats) -> float:
        """Return minus the log-likelihood of the trials."""
        return self.descent(scores)[0]

    def descent(self, scores: Floats) -> tuple[float, Floats]:
        """Return the loss, and n p - y."""
        scores = scores if self._offset is None else scores + self._offset
        loss = float(np.vdot(self._trials, np.logaddexp(0.0, scores)) - np.vdot(self._bought, scores))
        return loss, self._trials * expit(scores) - self._bought

    def derivatives(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return n p - y and n p (1 - p)."""
        chance = np.asarray(expit(scores if self._offset is None else scores + self._offset))
        expected = self._trials * chance
        return expected - self._bought, expected * (1.0 - chance)

    def bend(self, scores: Floats, direction: Floats) -> float:
        """Return the sum of n p (1 - p) times the direction's square."""
        return float(np.vdot(self.derivatives(scores)[1], direction**2))

    def part(self, keep: npt.NDArray[np.bool_]) -> Self:
        """Return the trials of some patterns."""
        kept = keep[self._pattern]
        return self._with(self._pairs.of(kept), None if self._offset is None else self._offset[kept])

    def fixed(self, offset: Floats) -> Self:
        """Return the same trials with a fixed part of the scores, [M]."""
        return self._with(self._pairs, offset)

    def with_pseudo(self, prior: Floats, strength: float) -> Self:
        """Return the trials with those of pseudo-shoppers, who see what real ones see and buy `strength` in all."""
        if not strength:
            return self
        more, level = self._more(strength), self.level_of(prior, strength)
        bought = self._bought + more * expit(level + prior)
        return self._with(self._pairs._replace(purchases=bought, trials=self._trials + more), self._offset)

    def level_of(self, prior: Floats, strength: float) -> float:
        """Return the intercept at which pseudo-shoppers buy `strength` in all, by Newton's method."""
        level, more = self.level, self._more(strength)
        for _ in range(LEVEL_STEPS):
            chance = np.asarray(expit(level + prior))
            bend = float(np.vdot(more, chance * (1 - chance)))
            step = (strength - float(np.vdot(more, chance))) / max(bend, TINY)
            # far out the curve is flat and Newton's step overshoots without end
            level += min(FURTHEST, max(-FURTHEST, step))
        return level

    def _more(self, strength: float) -> Floats:
        # they see what real shoppers see, in its proportions: else the level would be that of products nobody is shown
        return self._trials * (strength / max(self.purchases, 1.0))

    def _with(self, pairs: Pairs, offset: Floats | None) -> Self:
        return type(self)(self.book, self._codes, pairs, products=self.products, offset=offset)
