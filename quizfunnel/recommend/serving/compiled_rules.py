"""Compiled rules: the points and the hard rules of one quiz over one catalogue, each answer's worked out once.

A hard rule is a mask with a bit a product, so that what several answers forbid is one `or`.
"""

from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple, TypeVar

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, OfferSection, Quiz
from quizfunnel.recommend.serving.points import Row, answer_points

MOST_KEPT = 512  # rows of one table; answers to `many` could be a million
MOST_TABLES = 32

Key = tuple[str, AnswerValue]
Value = TypeVar("Value")


class RuleMask(NamedTuple):
    """One hard rule, and the products that it forbids: a bit a product, the first lowest."""

    rule: Rule
    forbidden: int


class SectionMask(NamedTuple):
    """One section of the offer, and the products that it takes: a bit a product, the first lowest."""

    section: OfferSection
    takes: int


class CompiledRules:
    """The points and the hard rules of one quiz over one catalogue."""

    def __init__(self, quiz: Quiz, products: Products, *, most_kept: int = MOST_KEPT) -> None:
        """Take a quiz and products; rows are computed when they are first asked for, and `most_kept` of them kept."""
        self.most_kept = most_kept
        self.quiz = quiz
        self.products = products
        self._rows: dict[Key, Row] = {}
        self._rule_masks: dict[Key, tuple[RuleMask, ...]] = {}
        # Most questions have no hard rule: whoever asks what is forbidden passes them over.
        self.strict = frozenset(question.id for question in quiz.questions if question.has_rules)
        self.sections = tuple(SectionMask(each, products.where(each.takes)) for each in quiz.offer.sections)
        # Without sections the offer may show whatever is allowed.
        self.shown = reduce(or_, (each.takes for each in self.sections)) if self.sections else products.everything

    def points(self, question: str, value: AnswerValue) -> Row:
        """Return the points that one answer gives every product."""
        row = self._rows.get((question, value))
        if row is None:
            row = answer_points(self.products.all, self.quiz.by_id[question], value)
            keep(self._rows, (question, value), row, self.most_kept)
        return row

    def rule_masks(self, question: str, value: AnswerValue) -> tuple[RuleMask, ...]:
        """Return the hard rules that one answer brings, with what each of them forbids."""
        masks = self._rule_masks.get((question, value))
        if masks is None:
            rules = self.quiz.by_id[question].rules(value)
            masks = tuple(RuleMask(rule, self._forbidden(rule)) for rule in rules)
            keep(self._rule_masks, (question, value), masks, self.most_kept)
        return masks

    def forbidden(self, answers: Answers) -> int:
        """Return the bit mask of the products that some answer's hard rule forbids: a bit a product."""
        bits = 0
        for id, value in answers.items():
            if id in self.strict:
                for mask in self.rule_masks(id, value):
                    bits |= mask.forbidden
        return bits

    def _forbidden(self, rule: Rule) -> int:
        return sum(1 << n for n, product in enumerate(self.products.all) if not rule.allows(product))


def compiled(quiz: Quiz, products: Products) -> CompiledRules:
    """Return the rules of a quiz over products; one object for the same two objects."""
    return _compiled(QuizKey(quiz), products)


@lru_cache(maxsize=MOST_TABLES)
def _compiled(key: QuizKey, products: Products) -> CompiledRules:
    return CompiledRules(key.quiz, products)


def keep(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep a value, and make room where there are too many."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
