"""Factorised patterns: each question's distinct values once, and every set of answers as a row of their numbers; pure.

What depends on one answer alone, its codes and the points it gives every product, is then worked out
once a value, however many shoppers gave it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.private import private_questions
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.learners.code_book import Floats, Ints
from quizfunnel.recommend.serving.answer_codes import columns_of, unlike_columns
from quizfunnel.recommend.serving.points import answer_points
from quizfunnel.recommend.training.grouped_log import Pattern

# Not None, which is the answer of who skipped the question.
_ABSENT = object()


class Factors:
    """The patterns of a log, as a quiz of today reads them.

    `codes` are [P, q]. Answers to questions that an older version did not ask in the same way are taken
    as never asked; `unlike` says which, by version and column. Answers to private questions are left out.
    """

    def __init__(self, quiz: Quiz, patterns: Sequence[Pattern], versions: Mapping[str, Quiz]) -> None:
        """Take patterns and the quizzes of their versions; one whose version is unknown is no pattern of this quiz."""
        self._quiz = quiz
        self.columns = columns_of(quiz)
        logged = dict.fromkeys(pattern.version for pattern in patterns)
        self.unlike = {version: unlike_columns(versions[version], quiz) for version in logged}
        dropped = {version: _dropped(self.columns, unlike) for version, unlike in self.unlike.items()}
        self._values: dict[str, list[AnswerValue | object]] = {}
        self._places: dict[str, Ints] = {}
        private = private_questions(quiz).ids
        for question in quiz.questions:
            if question.id not in private:
                self._number(question.id, patterns, dropped)
        self.codes = self._codes(patterns)

    def points(self, products: Products, pattern: Ints, product: Ints) -> Floats:
        """Return the rules' points of pairs of a pattern and a product, [M]."""
        total = np.zeros(len(pattern))
        for id, values in self._values.items():
            question = self._quiz.by_id[id]
            rows = [
                (0.0,) * len(products.all)
                if value is _ABSENT or value is None
                else answer_points(products.all, question, value)  # type: ignore[arg-type]
                for value in values
            ]
            worth = np.asarray(rows, dtype=np.float64).reshape(len(values), len(products.all))
            total += worth[self._places[id][pattern], product]
        return total

    def _number(self, id: str, patterns: Sequence[Pattern], dropped: Mapping[str, frozenset[str]]) -> None:
        numbers: dict[AnswerValue | object, int] = {}
        places = np.empty(len(patterns), dtype=np.int64)
        for row, (version, answers) in enumerate(patterns):
            value = _ABSENT if id in dropped[version] else answers.get(id, _ABSENT)
            places[row] = numbers.setdefault(value, len(numbers))
        self._values[id], self._places[id] = list(numbers), places

    def _codes(self, patterns: Sequence[Pattern]) -> Ints:
        codes = np.empty((len(patterns), len(self.columns)), dtype=np.int64)
        versions = np.array([pattern.version for pattern in patterns], dtype=object)
        for j, column in enumerate(self.columns):
            values = self._values[column.question]
            by_value = np.array([_code(column, value) for value in values], dtype=np.int64)
            codes[:, j] = by_value[self._places[column.question]]
            for version, unlike in self.unlike.items():
                if column.name in unlike:
                    codes[versions == version, j] = 0
        return codes


def _code(column: AnswerColumn, value: AnswerValue | object) -> int:
    return column.code({} if value is _ABSENT else {column.question: value})  # type: ignore[dict-item]


def _dropped(columns: Sequence[AnswerColumn], unlike: Mapping[str, str]) -> frozenset[str]:
    """Return the questions of which no column is comparable."""
    alike = {column.question for column in columns if column.name not in unlike}
    return frozenset(column.question for column in columns) - alike
