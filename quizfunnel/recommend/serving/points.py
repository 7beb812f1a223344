"""Points: the merchandiser's rules as a score, `favours`, `against` and `near` summed, then scaled once; pure.

The rules-only recommender serves these scores, and a trained one starts from them.
Whole points are summed first, those of `near` after them, and only the sum is scaled, so that equal
points are equal scores. `compiled` holds the same numbers ready for serving.
"""

from collections.abc import Mapping, Sequence

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.rules import Products, attribute, matches
from quizfunnel.quiz.spec import Answers, AnswerValue, Choice, Question, Quiz, ScaleQuestion

SLOPE = 0.18  # log-odds a point

Row = tuple[float, ...]


def points(quiz: Quiz, products: Products, answers: Answers) -> list[float]:
    """Return the points of every product, in the order of `products`; shape [products]."""
    rows = contributions(quiz, products, answers)
    whole = [row for name, row in rows.items() if not isinstance(quiz.by_id[name], ScaleQuestion)]
    near = [row for name, row in rows.items() if isinstance(quiz.by_id[name], ScaleQuestion)]
    return add(len(products.all), [*whole, *near])


def contributions(quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, Row]:
    """Return each answered question's points for every product; shape {question: [products]}."""
    return {
        question.id: answer_points(products.all, question, answers[question.id])
        for question in quiz.questions
        if answers.get(question.id) is not None
    }


def answer_points(products: Sequence[Product], question: Question, value: AnswerValue) -> Row:
    """Return the points that one answer gives every product; a skipped question gives none."""
    if isinstance(question, ScaleQuestion) and isinstance(value, float | int):
        return tuple(near_points(product, question, float(value)) for product in products)
    chosen = value if isinstance(value, tuple) else (value,)
    choices = [] if isinstance(question, ScaleQuestion) else [one for one in question.choices if one.id in chosen]
    return tuple(float(sum(choice_points(product, choice) for choice in choices)) for product in products)


def choice_points(product: Product, choice: Choice) -> int:
    """Return what a choice's `favours` and `against` give one product."""
    good = sum(points for selector, points in choice.favours.items() if matches(product, selector))
    return good - sum(points for selector, points in choice.against.items() if matches(product, selector))


def near_points(product: Product, question: ScaleQuestion, value: float) -> float:
    """Return 0 where product and answer agree, down to minus `near`'s points at the scale's whole length.

    A product without the attribute is as far away as can be.
    """
    span = question.scale.to - question.scale.from_
    total = 0.0
    for name, points in question.near.items():
        found = attribute(product, name)
        distance = abs(found - value) / span if isinstance(found, float | int) else 1.0
        total -= points * min(1.0, distance)
    return total


def add(count: int, rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the sum of rows of `count` numbers, added in their order."""
    total = [0.0] * count
    for row in rows:
        total = [so_far + more for so_far, more in zip(total, row, strict=True)]
    return total
