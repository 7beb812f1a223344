"""The two likelihoods that the learners share, over answers as codes; pure.

*Choice* (McFadden 1974): each purchase is one choice among the products that were shown, a softmax
masked to them. *Binomial*: each product shown is a trial of its own, bought or not.

Both work in the space of codes. With C codes over all columns and I products, an additive model is
a table T [C, I]: a row of answers scores the sum of its codes' rows. `spread` turns a table into
scores, `collect` a gradient by score into one by table; what lies between depends on the likelihood
alone. Scores are [P, I] for choices, and [M] for trials, whose M pairs of a pattern and a product
with at least one trial are all that is kept.
"""

from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from quizfunnel.recommend.learners.code_book import CodeBook, Floats, Ints

# finite: minus infinity times a weight of 0 is no number
LOWEST = -1e9  # the score of what was not shown


class Likelihood(Protocol):
    """Interface of a data set to a learner: scores of a table, and the loss with its derivatives by score."""

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
        # Patterns by codes, as ones and zeros: a product with a table sums the rows of each pattern's codes.
        self._indicators = csr_array((np.ones(rows.size), rows.ravel(), pointers), shape=shape)
        # kept beside it: every step multiplies by both, and a transposed one is read by columns otherwise
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
        # The largest score is taken out before exp, lest it overflow.
        top = scores.max(axis=1, keepdims=True)
        chance = np.exp(scores - top)
        total = chance.sum(axis=1, keepdims=True)
        chance /= total
        loss = float((self._sizes * (np.log(total) + top)).sum()) - float(np.vdot(self._bought, scores))
        return loss, chance
