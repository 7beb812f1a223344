"""The compiled rules forbid the very products that the rules do, and are kept for the same two objects alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.quiz import rules
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.serving.compiled_rules import CompiledRules, compiled
from quizfunnel.recommend.serving.points import answer_points
from tests.cast import coffee_catalog, coffee_quiz
from tests.quiz import small
from tests.recommend.worlds import World, worlds


@settings(max_examples=25)
@given(worlds())
def test_the_table_forbids_what_the_rules_forbid(world: World) -> None:
    """Every product and every answer: the bit of each rule against the rule itself."""
    rules_of_world = compiled(world.quiz, Products(world.products))
    masks = [each for question, value in world.answers.items() for each in rules_of_world.rule_masks(question, value)]
    assert {each.rule for each in masks} == set(rules.rules(world.quiz, world.answers))
    for each in masks:
        bits = [bool(each.forbidden >> n & 1) for n in range(len(world.products))]
        assert bits == [not each.rule.allows(product) for product in world.products]


@settings(max_examples=40, deadline=None)
@given(small.questions(), small.products(), st.data())
def test_the_table_forbids_what_the_format_says(
    questions: list[small.Raw], products: list[Product], data: st.DataObject
) -> None:
    """Any of several names, all entries of a list, open ends: read from the words of the file, without the rules."""
    answers = {each["id"]: data.draw(st.sampled_from(small.every_answer(each))) for each in questions}
    forbidden = compiled(small.quiz_of(questions), Products(products)).forbidden(answers)
    assert [not forbidden >> n & 1 for n in range(len(products))] == [
        small.keeps(one, questions, answers) for one in products
    ]


def test_a_table_is_one_for_the_same_quiz_and_products_and_another_for_others() -> None:
    """A changed catalogue or quiz file is a new object, and never meets the old one's numbers."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    first = compiled(quiz, products)
    assert compiled(quiz, products) is first
    assert compiled(Quiz.model_validate(quiz.model_dump(by_alias=True)), products) is not first
    assert compiled(quiz, Products(coffee_catalog().products)) is not first


def test_a_table_keeps_only_so_many_rows() -> None:
    """Answers to `many` could be a million; the numbers stay right when room is made."""
    quiz, products = coffee_quiz(), Products(coffee_catalog().products)
    kept = CompiledRules(quiz, products, most_kept=3)
    wanted = [answer_points(products.all, quiz.by_id["strength"], float(n)) for n in range(1, 6)]
    for _ in range(2):
        assert [kept.points("strength", float(n)) for n in range(1, 6)] == wanted
        assert len(kept._rows) <= 3
