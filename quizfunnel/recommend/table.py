"""A quiz's rules over a catalogue's products, ready for serving: a row of points for every answer.

The numbers are those of `recommend.prior`; here each row is computed once and then only added.
"""

from functools import lru_cache
from operator import add
from typing import NamedTuple

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Quiz, ScaleQuestion
from quizfunnel.recommend import prior
from quizfunnel.recommend.prior import Row

MOST_KEPT = 512  # rows of one table; answers to `many` could be a million
MOST_TABLES = 32


class AnswerRow(NamedTuple):
    """What one answer gives every product, in points and in log-odds; `level` where it gives all of them nothing."""

    points: Row
    scaled: Row
    level: bool


class CompiledRules:
    """The rows of one quiz over one catalogue."""

    def __init__(self, quiz: Quiz, products: Products) -> None:
        """Take a quiz and products; rows are computed when they are first asked for."""
        self._quiz = quiz
        self._products = products
        self._level = AnswerRow((0.0,) * len(products.all), (0.0,) * len(products.all), level=True)
        self._rows: dict[tuple[str, AnswerValue], AnswerRow] = {}
        self._allowed: dict[tuple[str, AnswerValue], int] = {}
        # whole points first, as in the prior
        self._order = sorted(quiz.questions, key=lambda question: isinstance(question, ScaleQuestion))

    def row(self, question: str, value: AnswerValue) -> AnswerRow:
        """Return what one answer gives every product."""
        found = self._rows.get((question, value))
        if found is None:
            points = prior.answer_points(self._products.all, self._quiz.by_id[question], value)
            scaled = tuple(prior.SLOPE * worth for worth in points)
            found = AnswerRow(points, scaled, level=False) if any(points) else self._level
            _make_room(self._rows)
            self._rows[question, value] = found
        return found

    def allowed(self, question: str, value: AnswerValue) -> int:
        """Return the products that one answer's hard rules leave, a bit a product, the first lowest."""
        found = self._allowed.get((question, value))
        if found is None:
            found = self._products.left(self._quiz.by_id[question], value)
            _make_room(self._allowed)
            self._allowed[question, value] = found
        return found

    def scaled(self, answers: Answers) -> dict[str, Row]:
        """Return each answered question's log-odds for every product; shape {question: [products]}."""
        return {
            question.id: self.row(question.id, answers[question.id]).scaled
            for question in self._quiz.questions
            if answers.get(question.id) is not None
        }

    def scores(self, answers: Answers) -> list[float]:
        """Return every product's log-odds: the points summed, then scaled once; shape [products]."""
        total: list[float] | Row = self._level.points
        for question in self._order:
            value = answers.get(question.id)
            if value is not None and not (row := self.row(question.id, value)).level:
                total = row.points if total is self._level.points else list(map(add, total, row.points))
        slope = prior.SLOPE
        return [slope * points for points in total]


def compiled(quiz: Quiz, products: Products) -> CompiledRules:
    """Return the rows of a quiz over products; one object for the same two objects."""
    return _compiled(_Same(quiz), products)


class _Same:
    """A quiz as a cache key, by identity: comparing two quizzes would take longer than serving one."""

    __slots__ = ("quiz",)

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz

    def __hash__(self) -> int:
        return id(self.quiz)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.quiz is self.quiz


@lru_cache(maxsize=MOST_TABLES)
def _compiled(same: _Same, products: Products) -> CompiledRules:
    return CompiledRules(same.quiz, products)


def _make_room(kept: dict[tuple[str, AnswerValue], AnswerRow] | dict[tuple[str, AnswerValue], int]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
