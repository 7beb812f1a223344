"""Code book: the codes of all columns, numbered through, as rows of an additive model's table; pure."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag

from quizfunnel.quiz.kinds.column import FIRST_LEVEL

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
