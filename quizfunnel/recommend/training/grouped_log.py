"""Grouped log of a quiz: how often each product was shown to each distinct set of answers, and bought; pure.

The size is that of the distinct sets of answers times what they were shown, and not of the shoppers.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.quiz.spec import Answers
from quizfunnel.recommend.learners.code_book import Floats, Ints

SLICES = 5


class Pattern(NamedTuple):
    """One distinct set of answers, and the quiz version that it was given to."""

    version: str
    answers: Answers


class LogSummary(NamedTuple):
    """The log in a card's figures: offers seen, those whose window is still open, and how orders were found.

    `elsewhere` are purchases by shoppers who had seen an offer, of a product that was not in it.
    `unreadable` are purchases that answers to versions led to which this release cannot read.
    `positions` is how much each place of an offer is looked at, the first being 1.
    """

    offers: int = 0
    waiting: int = 0
    lines: int = 0
    lines_without_product: int = 0
    elsewhere: int = 0
    unreadable: int = 0
    positions: tuple[float, ...] = ()
    simulated: bool = False
    window_days: int = 0


NOTHING = LogSummary()
_ROWS = ("pattern", "product", "section", "part", "trials", "bought")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A grouped log.

    `pattern`, `product` and `section` are places in `patterns`, `products` and `sections` (without a name where an
    offer has none), `part` is which of `SLICES` parts of the time the offers were first seen in, with as many purchases
    each; `trials` how often the product was shown, in first places (one in a place that is looked at half as much
    counts half, unless it was bought there), `bought` in how many of these it was bought; all [M]. `bounds` are the
    parts' limits in ms since 1970, [SLICES + 1].
    """

    patterns: tuple[Pattern, ...]
    products: tuple[str, ...]
    pattern: Ints
    product: Ints
    part: Ints
    trials: Floats
    bought: Floats
    section: Ints
    sections: tuple[str, ...] = ("",)
    bounds: tuple[int, ...] = ()
    facts: LogSummary = NOTHING

    @property
    def purchases(self) -> float:
        """Return the number of purchases of products that had been shown."""
        return float(self.bought.sum())

    def of(self, keep: npt.NDArray[np.bool_]) -> "Counts":
        """Return some of the rows; patterns and products stay as they are."""
        rows = {name: getattr(self, name)[keep] for name in _ROWS}
        return replace(self, **rows)

    def of_patterns(self, known: npt.NDArray[np.bool_]) -> "Counts":
        """Return the rows of some of the patterns, and these patterns alone."""
        kept = self.of(known[self.pattern])
        moved = np.cumsum(known) - 1  # a kept pattern's new place: how many are kept before it
        patterns = tuple(pattern for pattern, keep in zip(self.patterns, known, strict=True) if keep)
        return replace(kept, patterns=patterns, pattern=moved[kept.pattern])
