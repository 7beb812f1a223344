"""The merchandiser's rules as a score: points of `favours`, `against` and `near`, summed, then scaled once.

Pure and shared: the rules-only recommender serves these scores as they are, and a trained one starts
from them. Integer points are summed before they are scaled, so that equal points are equal scores.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.rules import Products, attribute, matches
from quizfunnel.quiz.spec import Answers, AnswerValue, Choice, Question, Quiz, ScaleQuestion

SLOPE = 0.18  # log-odds a point

Row = tuple[float, ...]


def points(quiz: Quiz, products: Products, answers: Answers) -> list[float]:
    """Return the points of every product, in the order of `products`; shape [products]."""
    total = [0.0] * len(products.all)
    for row in contributions(quiz, products, answers).values():
        total = [sum(pair) for pair in zip(total, row, strict=True)]
    return total


def contributions(quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, Row]:
    """Return each answered question's points for every product; shape {question: [products]}."""
    return {
        question.id: answer_points(products, question, answers[question.id])
        for question in quiz.questions
        if answers.get(question.id) is not None
    }


def answer_points(products: Products, question: Question, value: AnswerValue) -> Row:
    """Return the points that one answer gives every product."""
    if value is None:
        return (0.0,) * len(products.all)
    if isinstance(question, ScaleQuestion):
        return _near(products, _Asked(question), float(value))  # type: ignore[arg-type]
    chosen = value if isinstance(value, tuple) else (value,)
    rows = [_choice(products, _Asked(choice)) for choice in question.choices if choice.id in chosen]
    if len(rows) == 1:
        return rows[0]
    return tuple(float(sum(column)) for column in zip(*rows, strict=True)) or (0.0,) * len(products.all)


class _Asked:
    """A part of a quiz as a cache key, by identity."""

    __slots__ = ("part",)

    def __init__(self, part: Choice | ScaleQuestion) -> None:
        self.part = part

    def __hash__(self) -> int:
        return id(self.part)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.part is self.part


@lru_cache(maxsize=4096)
def _choice(products: Products, asked: _Asked) -> Row:
    choice = asked.part
    assert isinstance(choice, Choice)  # noqa: S101 - narrows the type
    found = [_selected(product, choice.favours) - _selected(product, choice.against) for product in products.all]
    return tuple(float(worth) for worth in found)


def _selected(product: Product, selectors: Mapping[str, int]) -> int:
    return sum(worth for selector, worth in selectors.items() if matches(product, selector))


@lru_cache(maxsize=8192)
def _near(products: Products, asked: _Asked, value: float) -> Row:
    question = asked.part
    assert isinstance(question, ScaleQuestion)  # noqa: S101 - narrows the type
    span = question.scale.to - question.scale.from_
    total: Sequence[float] = (0.0,) * len(products.all)
    for name, worth in question.near.items():
        row = [_closeness(attribute(product, name), value, span) * worth for product in products.all]
        total = [sum(pair) for pair in zip(total, row, strict=True)]
    return tuple(total)


def _closeness(found: float | str | None, wanted: float, span: float) -> float:
    """Return 0 where product and answer agree, down to -1 at the scale's full distance; unknown is full distance."""
    if not isinstance(found, float | int):
        return -1.0
    return -min(1.0, abs(found - wanted) / span)
