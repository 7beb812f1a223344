"""The binomial likelihood: each product shown is a trial of its own; see `losses`; pure."""

from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from quizfunnel.recommend.learners.code_book import CodeBook, Floats, Ints

LEVEL_STEPS = 8
TINY = 1e-12
FURTHEST = 3.0  # of a step of the level


class Trials:
    """Products shown as trials, bought or not: a binomial over the M pairs that were shown at all."""

    def __init__(
        self, book: CodeBook, codes: Ints, purchases: Floats, *, trials: Floats, offset: Floats | None = None
    ) -> None:
        """Take codes [P, q], purchases and trials [P, I], and a fixed part of the scores [P, I].

        Trials may be fractions: what was shown in a place that is looked at half as often counts half.
        """
        if (trials < 0).any() or (purchases < 0).any() or (purchases[trials == 0] > 0).any():
            raise ValueError("trials and purchases must not be negative, and none was bought that was not shown")
        pattern, product = np.nonzero(trials)
        fixed = None if offset is None else offset[pattern, product]
        self._take(
            book,
            codes,
            pattern,
            product,
            purchases[pattern, product],
            trials[pattern, product],
            fixed,
            purchases.shape[1],
        )

    @classmethod
    def of_pairs(
        cls,
        book: CodeBook,
        codes: Ints,
        pairs: tuple[Ints, Ints, Floats, Floats],
        *,
        products: int,
        offset: Floats | None = None,
    ) -> Self:
        """Take pairs as (pattern, product, purchases, trials), each [M], and a fixed part of the scores [M]."""
        made = cls.__new__(cls)
        made._take(book, codes, *pairs, offset, products)  # noqa: SLF001 - its own constructor
        return made

    def _take(  # noqa: PLR0913, PLR0917 - the columns of one table
        self,
        book: CodeBook,
        codes: Ints,
        pattern: Ints,
        product: Ints,
        bought: Floats,
        trials: Floats,
        offset: Floats | None,
        products: int,
    ) -> None:
        self.book, self.products = book, products
        self._codes, self._pattern, self._product = codes, pattern, product
        self._bought, self._trials, self._offset = bought, trials, offset
        self.purchases, self.patterns = float(bought.sum()), len(codes)
        self.level = float(np.log((self.purchases + 1.0) / (trials.sum() + 1.0)))
        if offset is not None and self.purchases:
            self.level = self.level_of(offset, self.purchases)  # a product never shown starts no higher for its offset
        rows = book.rows(codes)
        self._cells = [rows[pattern, j] * products + product for j in range(rows.shape[1])]

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
        return self._those(keep[self._pattern])

    def fixed(self, offset: Floats) -> Self:
        """Return the same trials with a fixed part of the scores, [M]."""
        pairs = (self._pattern, self._product, self._bought, self._trials)
        return self.of_pairs(self.book, self._codes, pairs, products=self.products, offset=offset)

    def with_pseudo(self, prior: Floats, strength: float) -> Self:
        """Return the trials with those of virtual shoppers, who see what real ones see and buy `strength` in all."""
        if not strength:
            return self
        more, level = self._more(strength), self.level_of(prior, strength)
        pairs = (self._pattern, self._product, self._bought + more * expit(level + prior), self._trials + more)
        return self.of_pairs(self.book, self._codes, pairs, products=self.products, offset=self._offset)

    def level_of(self, prior: Floats, strength: float) -> float:
        """Return the level at which the virtual shoppers buy as much as they should."""
        level, more = self.level, self._more(strength)
        for _ in range(LEVEL_STEPS):
            chance = np.asarray(expit(level + prior))
            bend = float(np.vdot(more, chance * (1 - chance)))
            step = (strength - float(np.vdot(more, chance))) / max(bend, TINY)
            level += min(FURTHEST, max(-FURTHEST, step))
        return level

    def _more(self, strength: float) -> Floats:
        return self._trials * (strength / max(self.purchases, 1.0))

    def _those(self, kept: npt.NDArray[np.bool_]) -> Self:
        pairs = (self._pattern[kept], self._product[kept], self._bought[kept], self._trials[kept])
        offset = None if self._offset is None else self._offset[kept]
        return self.of_pairs(self.book, self._codes, pairs, products=self.products, offset=offset)
