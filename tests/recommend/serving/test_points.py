"""The rules' points: summed as integers, scaled once, equal points equal scores."""

import pytest

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.points import SLOPE, points
from quizfunnel.recommend.serving.recommender import RulesRecommender
from tests.cast import coffee_catalog, coffee_quiz

QUIZ = coffee_quiz()
PRODUCTS = Products(coffee_catalog().products)
IDS = [product.id for product in PRODUCTS.all]


def points_by_id(**answers: AnswerValue) -> dict[str, float]:
    """Return each product's points under these answers."""
    return dict(zip(IDS, points(QUIZ, PRODUCTS, answers), strict=True))


def test_favours_add_points_to_what_they_name() -> None:
    """Espresso favours dark roasts by two, the morning by one more."""
    assert points_by_id(brew="espresso")["dark-bean"] == 2
    assert points_by_id(brew="espresso", moment="morning")["dark-bean"] == 3
    assert points_by_id(brew="espresso")["light-bean"] == 0


def test_near_takes_off_in_proportion_to_the_distance() -> None:
    """At the answer nothing, at the scale's far end one whole point."""
    found = points_by_id(strength=5.0)
    assert (found["dark-bean"], found["light-ground"], found["decaf-bean"]) == (0, -1, -0.5)


def test_skipped_and_empty_answers_add_nothing() -> None:
    """A skip, "none of these" and no answer at all leave every product level."""
    assert set(points_by_id(strength=None, avoid=()).values()) == {0}
    assert set(points_by_id().values()) == {0}


def test_equal_points_are_equal_scores() -> None:
    """1 + 2 and 3 are the same number, since points are summed before they are scaled."""
    quiz = coffee_quiz()
    scores = RulesRecommender().scores(quiz, PRODUCTS, {"brew": "espresso", "moment": "morning"})
    assert scores[IDS.index("dark-bean")] == pytest.approx(SLOPE * 3)
    assert len({scores[IDS.index(name)] for name in ("dark-bean", "dark-ground", "nutty")}) == 1


def test_contributions_sum_to_the_score() -> None:
    """The answers' contributions make up the whole."""
    answers: dict[str, AnswerValue] = {"brew": "filter", "moment": "evening", "strength": 2.0}
    rules = RulesRecommender()
    parts = rules.contributions(QUIZ, PRODUCTS, answers)
    total = [sum(column) for column in zip(*parts.values(), strict=True)]
    assert total == pytest.approx(rules.scores(QUIZ, PRODUCTS, answers), abs=1e-9)
