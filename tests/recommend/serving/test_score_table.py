"""The table's rows give the very numbers of the points, and several choices what each of them adds."""

from typing import ClassVar

import pytest
from hypothesis import given, settings

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.compiled_rules import CompiledRules
from quizfunnel.recommend.serving.packed import GRID
from quizfunnel.recommend.serving.points import SLOPE, Row, contributions, points
from quizfunnel.recommend.serving.recommender import RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_table import ScoreTable
from tests.cast import coffee_catalog, coffee_quiz, product
from tests.quiz import small
from tests.recommend.trained import coffee_model
from tests.recommend.worlds import World, worlds


@pytest.mark.thorough
@settings(max_examples=25)
@given(worlds())
def test_the_tables_scores_are_the_scaled_points(world: World) -> None:
    """Within the grid on which they are added up; and what has equal points has the very same score."""
    products = Products(world.products)
    given = points(world.quiz, products, world.answers)
    recommender = RulesRecommender()
    scores = recommender.scores(world.quiz, products, world.answers)
    assert scores == pytest.approx([SLOPE * each for each in given], abs=1e-9)
    assert len(set(scores)) == len({round(each, 9) for each in given})
    rows = contributions(world.quiz, products, world.answers)
    for name, row in recommender.contributions(world.quiz, products, world.answers).items():
        assert row == pytest.approx([SLOPE * each for each in rows[name]], abs=1e-9)


@pytest.mark.thorough
@settings(max_examples=25)
@given(worlds())
def test_contributions_sum_to_the_scores(world: World) -> None:
    """Question by question, nothing is added and nothing is lost."""
    products = Products(world.products)
    parts = RulesRecommender().contributions(world.quiz, products, world.answers)
    for n, score in enumerate(RulesRecommender().scores(world.quiz, products, world.answers)):
        assert sum(row[n] for row in parts.values()) == score  # on the grid every sum is exact


def test_equal_points_are_equal_scores_beside_a_fraction() -> None:
    """1 + 1 and 2 beside a `near` that no binary number holds: whole points are summed before it."""
    near = {"id": "s", "ask": "?", "pick": "scale", "scale": small.SCALE, "near": {"strength": 1}}
    ones = [{"id": "a", "label": "a", "favours": {"tag:red": 1, "tag:blue": 2}}, {"id": "b", "label": "b"}]
    more = [{"id": "a", "label": "a", "favours": {"tag:red": 1}}, {"id": "b", "label": "b"}]
    quiz = small.quiz_of(
        [
            near,
            {"id": "p", "ask": "?", "pick": "one", "choices": ones},
            {"id": "q", "ask": "?", "pick": "one", "choices": more},
        ]
    )
    products = Products([product(tag, tags=(tag,), attributes={"strength": 2.5}) for tag in ("red", "blue")])
    answers: dict[str, AnswerValue] = {"s": 2.0, "p": "a", "q": "a"}
    assert SLOPE * ((-0.5 / 3 + 1) + 1) != SLOPE * (-0.5 / 3 + 2)  # in the quiz's order
    assert len(set(points(quiz, products, answers))) == 1
    assert len(set(RulesRecommender().scores(quiz, products, answers))) == 1


def test_several_choices_are_worth_what_each_adds_alone() -> None:
    """To the very number that the rules' and the learnt part of the whole answer come to, unlike never being asked."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    picked = ("caffeine", "nuts")
    for recommender in (RulesRecommender(), TableRecommender("m", coffee_model(best="nutty"))):
        table = recommender.table(quiz, products)
        asked, never = (map(sum, zip(*table.parts("avoid", given), strict=True)) for given in ({"avoid": picked}, {}))
        whole = [one - other for one, other in zip(asked, never, strict=True)]
        assert [GRID * number for number in table.contribution("avoid", picked).each] == whole


class Watched(CompiledRules):
    """Rules that keep in mind which answers they were asked to work out."""

    asked: ClassVar[list[tuple[str, AnswerValue]]] = []

    def points(self, question: str, value: AnswerValue) -> Row:
        """Note the answer."""
        self.asked.append((question, value))
        return super().points(question, value)


def test_what_was_prepared_is_what_is_served() -> None:
    """Once the reference answers are ready, one of each question needs no new row."""
    rules = Watched(coffee_quiz(), Products(coffee_catalog().products))
    ready = ScoreTable(rules, coffee_model())
    ready.prepare()
    assert rules.asked
    rules.asked.clear()
    answers: dict[str, AnswerValue] = {"brew": "espresso", "moment": "morning", "strength": 3.0, "avoid": ("nuts",)}
    for question, value in answers.items():
        ready.lift(question, value)
    assert ready.scores(answers)
    assert not rules.asked
