"""A quiz's rules over a catalogue's products, ready for serving: a row of points for every answer.

The numbers are those of `recommend.prior`; here each row is computed once and then only added.
"""

from functools import lru_cache
from operator import add
from typing import NamedTuple

from quizfunnel.quiz.key import QuizKey
from quizfunnel.quiz.rules import Products, Rule, rules_of
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


class Held(NamedTuple):
    """One hard rule, and the products that it forbids: a bit a product, the first lowest."""

    rule: Rule
    forbidden: int


class CompiledRules:
    """The rows of one quiz over one catalogue."""

    def __init__(self, quiz: Quiz, products: Products) -> None:
        """Take a quiz and products; rows are computed when they are first asked for."""
        self._quiz = quiz
        self._products = products
        self._level = AnswerRow((0.0,) * len(products.all), (0.0,) * len(products.all), level=True)
        self._rows: dict[tuple[str, AnswerValue], AnswerRow] = {}
        self._held: dict[tuple[str, AnswerValue], tuple[Held, ...]] = {}
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

    def held(self, question: str, value: AnswerValue) -> tuple[Held, ...]:
        """Return the hard rules that one answer brings, with what each of them forbids."""
        found = self._held.get((question, value))
        if found is None:
            rules = rules_of(self._quiz.by_id[question], value)
            found = tuple(Held(rule, self._forbidden(rule)) for rule in rules)
            _make_room(self._held)
            self._held[question, value] = found
        return found

    def _forbidden(self, rule: Rule) -> int:
        return sum(1 << n for n, product in enumerate(self._products.all) if not rule.allows(product))

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
    return _compiled(QuizKey(quiz), products)


@lru_cache(maxsize=MOST_TABLES)
def _compiled(key: QuizKey, products: Products) -> CompiledRules:
    return CompiledRules(key.quiz, products)


def _make_room(
    kept: dict[tuple[str, AnswerValue], AnswerRow] | dict[tuple[str, AnswerValue], tuple[Held, ...]],
) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
