"""The compiled rows give the very numbers of the prior, and the very products that the rules leave."""

import pytest
from hypothesis import given, settings

from quizfunnel.quiz import rules
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.serving import compiled as table
from quizfunnel.recommend.serving import points as prior
from quizfunnel.recommend.serving.recommender import RulesRecommender, TableRecommender
from tests.cast import coffee_catalog, coffee_quiz, product
from tests.quiz import small
from tests.recommend.trained import coffee_model
from tests.recommend.worlds import World, worlds


@settings(max_examples=25)
@given(worlds())
def test_the_tables_scores_are_the_priors(world: World) -> None:
    """Within the grid on which they are added up; and what has equal points has the very same score."""
    products = Products(world.products)
    points = prior.points(world.quiz, products, world.answers)
    recommender = RulesRecommender()
    scores = recommender.scores(world.quiz, products, world.answers)
    assert scores == pytest.approx([prior.SLOPE * each for each in points], abs=1e-9)
    assert len(set(scores)) == len({round(each, 9) for each in points})
    rows = prior.contributions(world.quiz, products, world.answers)
    for name, row in recommender.contributions(world.quiz, products, world.answers).items():
        assert row == pytest.approx([prior.SLOPE * each for each in rows[name]], abs=1e-9)


@settings(max_examples=25)
@given(worlds())
def test_contributions_sum_to_the_scores(world: World) -> None:
    """Question by question, nothing is added and nothing is lost."""
    products = Products(world.products)
    parts = RulesRecommender().contributions(world.quiz, products, world.answers)
    for n, score in enumerate(RulesRecommender().scores(world.quiz, products, world.answers)):
        assert sum(row[n] for row in parts.values()) == score  # on the grid every sum is exact


@settings(max_examples=25)
@given(worlds())
def test_the_table_forbids_what_the_rules_forbid(world: World) -> None:
    """Every product and every answer: the bit of each rule against the rule itself."""
    compiled = table.compiled(world.quiz, Products(world.products))
    held = [each for question, value in world.answers.items() for each in compiled.held(question, value)]
    assert {each.rule for each in held} == set(rules.rules(world.quiz, world.answers))
    for each in held:
        bits = [bool(each.forbidden >> n & 1) for n in range(len(world.products))]
        assert bits == [not each.rule.allows(product) for product in world.products]


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
    assert prior.SLOPE * ((-0.5 / 3 + 1) + 1) != prior.SLOPE * (-0.5 / 3 + 2)  # in the quiz's order
    assert len(set(prior.points(quiz, products, answers))) == 1
    assert len(set(RulesRecommender().scores(quiz, products, answers))) == 1


def test_a_table_is_one_for_the_same_quiz_and_products_and_another_for_others() -> None:
    """A changed catalogue or quiz file is a new object, and never meets the old one's numbers."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    first = table.compiled(quiz, products)
    assert table.compiled(quiz, products) is first
    assert table.compiled(Quiz.model_validate(quiz.model_dump(by_alias=True)), products) is not first
    assert table.compiled(quiz, Products(coffee_catalog().products)) is not first


def test_a_table_keeps_only_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers to `many` could be a million; the numbers stay right when room is made."""
    monkeypatch.setattr(table, "MOST_KEPT", 3)
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    compiled = table.CompiledRules(quiz, products)
    wanted = [prior.answer_points(products.all, quiz.by_id["strength"], float(n)) for n in range(1, 6)]
    for _ in range(2):
        assert [compiled.points("strength", float(n)) for n in range(1, 6)] == wanted
        assert len(compiled._rows) <= 3


def test_several_choices_are_worth_what_each_adds_alone() -> None:
    """To the very number, for the rules and for a model, and as many rows are kept as before."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    for recommender in (RulesRecommender(), TableRecommender("m", coffee_model(best="nutty"))):
        both = recommender.table(quiz, products)
        assert list(both.worth("avoid", ("caffeine", "nuts")).each) == both._single("avoid", ("caffeine", "nuts"))


def test_what_was_prepared_is_what_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the foreseen answers are ready, one of each question needs no new row."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    ready = TableRecommender("m", coffee_model()).table(quiz, products)
    ready.prepare()
    monkeypatch.setattr(ready, "_single", None)
    answers: dict[str, AnswerValue] = {"brew": "espresso", "moment": "morning", "strength": 3.0, "avoid": ("nuts",)}
    for question, value in answers.items():
        ready.lift(question, value)
    assert ready.scores(answers)
