"""Points: the merchandiser's rules as a score, `favours`, `against` and `near` summed, then scaled once; pure.

The rules-only recommender serves these scores, and a trained one starts from them.
Whole points are summed first, those of `near` after them, and only the sum is scaled, so that equal
points are equal scores. `score_table` holds the same numbers ready for serving.
"""

from collections.abc import Mapping, Sequence

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz

SLOPE = 0.18  # log-odds a point

Row = tuple[float, ...]


def points(quiz: Quiz, products: Products, answers: Answers) -> list[float]:
    """Return the points of every product, in the order of `products`; shape [products]."""
    rows = contributions(quiz, products, answers)
    whole = [row for name, row in rows.items() if quiz.by_id[name].WHOLE_POINTS]
    broken = [row for name, row in rows.items() if not quiz.by_id[name].WHOLE_POINTS]
    return add(len(products.all), [*whole, *broken])


def contributions(quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, Row]:
    """Return each answered question's points for every product; shape {question: [products]}."""
    return {
        question.id: answer_points(products.all, question, answers[question.id])
        for question in quiz.questions
        if answers.get(question.id) is not None
    }


def answer_points(products: Sequence[Product], question: Question, value: AnswerValue) -> Row:
    """Return the points that one answer gives every product; a skipped question gives none."""
    return (0.0,) * len(products) if value is None else question.points(products, value)


def add(count: int, rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the sum of rows of `count` numbers, added in their order."""
    total = [0.0] * count
    for row in rows:
        total = [so_far + more for so_far, more in zip(total, row, strict=True)]
    return total
