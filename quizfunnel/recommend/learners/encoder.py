"""`AnswerEncoder`: sets of answers to the integer codes that the learners take, as a scikit-learn transformer."""

from collections.abc import Iterable
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.spec import Answers, Quiz
from quizfunnel.recommend.learners.code_book import CodeBook, Ints
from quizfunnel.recommend.serving.answer_codes import (
    columns_of,
    encode,
    unlike_columns,
)


class AnswerEncoder(TransformerMixin, BaseEstimator):
    """Encodes answers to a quiz.

    Args:
        quiz: the quiz whose questions and choices are the columns.

    After `fit`, which learns nothing from the answers: `columns_`, `sizes_` (the codes of each column) and
    `ordered_` (which of them lie along a scale), the last two as the learners' `fit` takes them.
    """

    def __init__(self, quiz: Quiz | None = None) -> None:
        """Keep the quiz."""
        self.quiz = quiz

    def fit(self, answers: Iterable[Answers] | None = None, y: object = None) -> Self:  # noqa: ARG002 - scikit-learn's
        """Lay out the columns of the quiz; the answers are not looked at."""
        if self.quiz is None:
            raise ValueError("AnswerEncoder needs a quiz")
        self.columns_ = columns_of(self.quiz)
        self.sizes_ = tuple(column.codes for column in self.columns_)
        self.ordered_ = tuple(column.ordered for column in self.columns_)
        return self

    def transform(self, answers: Iterable[Answers], quiz: Quiz | None = None) -> Ints:
        """Return the codes of n sets of answers, ints [n, q].

        With `quiz`, an older version that the answers were given to, what is not comparable counts as
        never asked.
        """
        columns = self._columns()
        assert self.quiz is not None  # noqa: S101 - `fit` saw to it
        unlike = unlike_columns(quiz, self.quiz) if quiz is not None else {}
        rows = [encode(columns, each, unlike) for each in answers]
        # without answers there would be no second dimension
        return np.asarray(rows, dtype=np.int64).reshape(len(rows), len(columns))

    def indicators(self, codes: Ints) -> "csr_array":
        """Return codes [n, q] as zeros and ones [n, f]: one a code, and one a step between a scale's levels.

        A step's is 1 for the answers above it.
        """
        book = CodeBook([column.codes for column in self._columns()])
        expand, _ = book.expansion(self.ordered_)
        rows = book.rows(codes)
        pointers = np.arange(0, rows.size + 1, rows.shape[1])  # every row has one entry a column
        return csr_array(csr_array((np.ones(rows.size), rows.ravel(), pointers), (len(codes), book.count)) @ expand)

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:  # noqa: ARG002 - scikit-learn's
        """Return the columns' names, [q]."""
        return np.asarray([column.name for column in self._columns()], dtype=object)

    def _columns(self) -> tuple[AnswerColumn, ...]:
        check_is_fitted(self, "columns_")
        return self.columns_
