"""The two likelihoods that the learners share, over answers as codes; pure.

*Choice* (McFadden 1974): each purchase is one choice among the products that were shown, a softmax
masked to them. *Binomial*: each product shown is a trial of its own, bought or not.

Both work in the space of codes. With C codes over all columns and I products, an additive model is
a table T [C, I]: a row of answers scores the sum of its codes' rows. `spread` turns a table into
scores, `collect` a gradient by score into one by table; what lies between depends on the likelihood
alone. Scores are [P, I] for choices, and [M] for trials, whose M pairs of a pattern and a product
with at least one trial are all that is kept.
"""

from collections.abc import Sequence
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag
from scipy.sparse import csr_array
from scipy.special import expit

from quizfunnel.recommend.columns import FIRST_LEVEL

LEVEL_STEPS = 8
TINY = 1e-12
FURTHEST = 3.0  # of a step of the level
LOWEST = -1e9  # the score of what was not shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class CodeBook:
    """The codes of q columns, numbered through: column j's code c is ``starts[j] + c``."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """Take how many codes each column has."""
        self.sizes = tuple(int(size) for size in sizes)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        self.count = int(self.starts[-1])

    def blocks(self, table: Floats) -> list[Floats]:
        """Return a table [C, ...] as one array a column."""
        return [table[self.starts[j] : self.starts[j + 1]] for j in range(len(self.sizes))]

    def rows(self, codes: Ints) -> Ints:
        """Return codes [P, q] as rows of a table; a code that no column has is an error."""
        sizes = np.asarray(self.sizes)
        if codes.shape[1] != len(sizes) or (codes < 0).any() or (codes >= sizes).any():
            raise ValueError(f"X must be codes of {len(sizes)} columns, each from 0 to below {self.sizes}")
        return np.asarray(codes + self.starts[:-1], dtype=np.int64)

    def expansion(self, ordered: Sequence[bool]) -> tuple[Floats, Ints]:
        """Return the features of every code, zeros and ones [C, f], and which column each feature is of, [f].

        A feature a code; for an ordered column also one a step between two levels, 1 for the codes above it.
        """
        blocks = [_features(size, along) for size, along in zip(self.sizes, ordered, strict=True)]
        return np.asarray(block_diag(*blocks)), np.repeat(np.arange(len(blocks)), [b.shape[1] for b in blocks])


def _features(size: int, along: bool) -> Floats:  # noqa: FBT001 - of a column, as the book has it
    steps = np.tril(np.ones((size, size)), -1)[:, FIRST_LEVEL : size - 1]
    return np.hstack([np.eye(size), steps]) if along else np.eye(size)


class Likelihood(Protocol):
    """What a learner asks of the data: scores of a table, and the loss with its derivatives by score."""

    book: CodeBook
    products: int
    purchases: float
    patterns: int
    level: float  # a start for the base

    def spread(self, table: Floats) -> Floats:
        """Return the scores of a table [C, I]."""
        ...

    def spread_one(self, column: int, block: Floats) -> Floats:
        """Return the scores of one column's part of a table, [codes, I]."""
        ...

    def weighed(self, by_score: Floats, patterns: npt.NDArray[np.bool_]) -> Floats:
        """Return a value by score for some patterns, and 0 for the others."""
        ...

    def collect(self, by_score: Floats) -> Floats:
        """Return the sums of a value by score over the codes and products, [C, I]."""
        ...

    def by_product(self, by_score: Floats) -> Floats:
        """Return the sums of a value by score over the products, [I]."""
        ...

    def each(self, by_product: Floats) -> Floats:
        """Return a number a product [I] as scores."""
        ...

    def loss(self, scores: Floats) -> float:
        """Return minus the log-likelihood."""
        ...

    def descent(self, scores: Floats) -> tuple[float, Floats]:
        """Return the loss and its derivative by score."""
        ...

    def derivatives(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the first and the diagonal of the second derivative of the loss by score."""
        ...

    def bend(self, scores: Floats, direction: Floats) -> float:
        """Return the second derivative of the loss along a direction, by score."""
        ...

    def part(self, keep: npt.NDArray[np.bool_]) -> Self:
        """Return the same for some of the patterns, `keep` [P]."""
        ...

    def fixed(self, offset: Floats) -> Self:
        """Return the same with a fixed part of the scores."""
        ...

    def with_pseudo(self, prior: Floats, strength: float) -> Self:
        """Return the same with so many purchases more, by virtual shoppers who buy as the scores `prior` say."""
        ...


class Choices:
    """Purchases as choices among what was shown: a masked softmax over dense scores [P, I]."""

    def __init__(
        self,
        book: CodeBook,
        codes: Ints,
        purchases: Floats,
        *,
        shown: npt.NDArray[np.bool_] | None = None,
        offset: Floats | None = None,
    ) -> None:
        """Take codes [P, q], purchases [P, I], what was shown [P, I] or None, and a fixed part of the scores."""
        self.book = book
        self.products = purchases.shape[1]
        self.patterns, self.level = len(codes), 0.0
        self._codes, self._bought, self._shown, self._offset = codes, purchases, shown, offset
        self._hidden = None if shown is None else ~shown
        if self._hidden is not None and (purchases[self._hidden] > 0).any():
            raise ValueError("a product was bought that was not shown")
        self._sizes = purchases.sum(axis=1, keepdims=True)
        self.purchases = float(self._sizes.sum())
        rows = book.rows(codes)
        pointers = np.arange(0, rows.size + 1, rows.shape[1])
        shape = (len(codes), book.count)
        self._indicators = csr_array((np.ones(rows.size), rows.ravel(), pointers), shape=shape)
        self._transposed = self._indicators.T.tocsr()

    def spread(self, table: Floats) -> Floats:
        """Return scores [P, I]."""
        return np.asarray(self._indicators @ table)

    def spread_one(self, column: int, block: Floats) -> Floats:
        """Return scores [P, I]."""
        return np.asarray(block[self._codes[:, column]])

    def weighed(self, by_score: Floats, patterns: npt.NDArray[np.bool_]) -> Floats:
        """Return [P, I]."""
        return by_score * patterns[:, None]

    def collect(self, by_score: Floats) -> Floats:
        """Return sums [C, I]."""
        return np.asarray(self._transposed @ by_score)

    def by_product(self, by_score: Floats) -> Floats:
        """Return sums [I]."""
        return np.asarray(by_score.sum(axis=0))

    def each(self, by_product: Floats) -> Floats:
        """Return [P, I]."""
        return np.broadcast_to(by_product, (len(self._codes), self.products))

    def loss(self, scores: Floats) -> float:
        """Return minus the log-likelihood of the choices."""
        return self._chances(scores)[0]

    def descent(self, scores: Floats) -> tuple[float, Floats]:
        """Return the loss, and n p - y."""
        loss, expected = self._chances(scores)
        expected *= self._sizes
        expected -= self._bought
        return loss, expected

    def derivatives(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return n p - y and n p (1 - p)."""
        chance = self._chances(scores)[1]
        expected = self._sizes * chance
        return expected - self._bought, expected * (1.0 - chance)

    def bend(self, scores: Floats, direction: Floats) -> float:
        """Return the variance of `direction` under each row's chances, summed over the purchases."""
        chance = self._chances(scores)[1]
        mean = (chance * direction).sum(axis=1, keepdims=True)
        return float((self._sizes * chance * (direction - mean) ** 2).sum())

    def part(self, keep: npt.NDArray[np.bool_]) -> Self:
        """Return the choices of some patterns."""
        shown = None if self._shown is None else self._shown[keep]
        offset = None if self._offset is None else self._offset[keep]
        return type(self)(self.book, self._codes[keep], self._bought[keep], shown=shown, offset=offset)

    def fixed(self, offset: Floats) -> Self:
        """Return the same choices with a fixed part of the scores."""
        return type(self)(self.book, self._codes, self._bought, shown=self._shown, offset=offset)

    def with_pseudo(self, prior: Floats, strength: float) -> Self:
        """Return the choices with those of virtual shoppers, spread over the patterns as real ones are."""
        if not strength:
            return self
        chance = self.fixed(prior)._chances(np.zeros_like(prior))[1]  # noqa: SLF001 - another of the same
        share = (self._sizes + 1.0) / (self._sizes + 1.0).sum()
        bought = self._bought + strength * share * chance
        return type(self)(self.book, self._codes, bought, shown=self._shown, offset=self._offset)

    def _chances(self, scores: Floats) -> tuple[float, Floats]:
        """Return minus the log-likelihood, and the chance of every product, 0 for what was not shown; [P, I]."""
        scores = scores if self._offset is None else scores + self._offset
        if self._hidden is not None:
            scores = np.where(self._hidden, LOWEST, scores)
        top = scores.max(axis=1, keepdims=True)
        chance = np.exp(scores - top)
        total = chance.sum(axis=1, keepdims=True)
        chance /= total
        loss = float((self._sizes * (np.log(total) + top)).sum()) - float(np.vdot(self._bought, scores))
        return loss, chance


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
