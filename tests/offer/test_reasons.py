"""Over quizzes, catalogues and answers drawn at random: nothing forbidden is offered, and every reason is true.

What is true is found from the words of the quiz file and from scores with one answer taken away, never
from the code that wrote the sentence.
"""

import re
from dataclasses import replace
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.offer import reasons
from quizfunnel.offer.allowed import Allowed, allowed, products_of
from quizfunnel.offer.choose import Chooser, relaxed
from quizfunnel.quiz import rules
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.compiled_rules import compiled
from quizfunnel.recommend.serving.points import SLOPE, points
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import ModelTable
from tests import cast
from tests.quiz import small
from tests.recommend.worlds import World, worlds

pytestmark = pytest.mark.thorough


CHOOSER = Chooser(RulesRecommender(), PlackettLucePolicy())
ENOUGH = settings(max_examples=30)


def allowed_in(world: World) -> list[Product]:
    """Return what may be shown, by the words of the file format."""
    return [one for one in world.products if one.available and small.keeps(one, world.raw, world.answers)]


def soft(world: World) -> list[tuple[Product, str]]:
    """Return every soft reason of every product that may be shown."""
    table = CHOOSER.models.table(world.quiz, products_of(world.live.catalog))  # type: ignore[attr-defined]
    why = reasons.Reasons(table, world.answers, allowed(table.rules, world.answers))
    fit = allowed_in(world)
    return [(one, said) for n, one in enumerate(world.products) if one in fit for said in why.soft(n)]


def hard(world: World) -> list[str]:
    """Return what is said of the hard rules."""
    return reasons.hard(compiled(world.quiz, products_of(world.live.catalog)), world.answers)


def lead(world: World, product: Product, answers: dict[str, AnswerValue]) -> float:
    """Return a product's points above the mean of what the shopper's own answers allow."""
    given = points(world.quiz, products_of(world.live.catalog), answers)
    place = world.products.index(product)
    return given[place] - fmean(given[world.products.index(one)] for one in allowed_in(world))


def named(said: str) -> tuple[str, str] | None:
    """Return the question and the choice that a sentence names."""
    found = re.search(r"(q\d)-([a-d])", said)
    return (found.group(1), found.group(2)) if found else None


@ENOUGH
@given(worlds(), st.text(max_size=4))
def test_nothing_forbidden_or_sold_out_is_ever_offered(world: World, seed: str) -> None:
    """Fewer rather than a forbidden one; none twice; each slot with its chance."""
    choice = CHOOSER.choose(world.live, world.answers, seed=seed)
    allowed = {one.id for one in allowed_in(world)}
    chosen = [item.product.id for item in choice.items]
    assert set(choice.eligible) == allowed
    assert set(chosen) <= allowed
    assert len(chosen) == len(set(chosen)) == min(len(allowed), 2 * world.quiz.offer.show)
    assert all(0 < item.propensity <= 1 for item in choice.items)


@ENOUGH
@given(worlds())
def test_when_none_is_left_the_closest_name_all_that_they_break(world: World) -> None:
    """At most three, fewest broken rules first, each rule named really broken and no other."""
    if allowed_in(world):
        return
    assert CHOOSER.choose(world.live, world.answers, seed="s").items == ()
    misses = relaxed(world.live, world.answers)
    assert len(misses) == min(3, sum(one.available for one in world.products))
    assert [len(miss.broken) for miss in misses] == sorted(len(miss.broken) for miss in misses)
    for miss in misses:
        assert miss.product.available
        without = {rule.question for rule in miss.broken}
        kept = {name: value for name, value in world.answers.items() if name not in without}
        assert small.keeps(miss.product, world.raw, kept)
        for question in without:
            assert not small.keeps(miss.product, world.raw, {question: world.answers[question]})


@ENOUGH
@given(worlds())
def test_a_reason_that_names_a_choice_is_a_choice_that_speaks_for_the_product(world: World) -> None:
    """The choice was taken, its own words give the product points, and without it the product loses its lead."""
    for product, said in soft(world):
        if (found := named(said)) is None:
            continue
        question, letter = found
        value = world.answers[question]
        chosen = value if isinstance(value, tuple) else (value,)
        assert letter in chosen
        assert own_points(world, product, question, letter) > 0
        rest: Any = tuple(id for id in chosen if id != letter) if isinstance(value, tuple) else None
        without = dict(world.answers) | {question: rest}
        assert lead(world, product, dict(world.answers)) > lead(world, product, without)


def own_points(world: World, product: Product, question: str, letter: str) -> int:
    """Return the points of one choice for a product, by the words of the file format."""
    raw = next(each for each in world.raw if each["id"] == question)
    choice = next(each for each in raw["choices"] if each["id"] == letter)
    good = sum(worth for selector, worth in choice["favours"].items() if selector[4:] in product.tags)
    return int(good - sum(worth for selector, worth in choice["against"].items() if selector[4:] in product.tags))


@ENOUGH
@given(worlds())
def test_a_reason_of_closeness_is_told_of_close_products_alone(world: World) -> None:
    """No other answer is as near to what it has, and it is closer than the allowed products are on average."""
    for product, said in soft(world):
        if named(said) is not None:
            continue
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", said.replace(" of 4", ""))]
        facts = [product.price / 100, product.attributes.get("strength")]
        assert numbers[0] in facts
        assert said.endswith("as you asked") if len(numbers) == 1 else said.endswith("you asked for")
        assert 2 * abs(numbers[0] - numbers[-1]) < small.SCALE["step"]
        kind = "strength" if said.startswith("Strength") else "price"
        asked = [each["id"] for each in world.raw if kind in each.get("near", {})]
        assert any(
            world.answers.get(id) == numbers[-1]
            and lead(world, product, dict(world.answers)) > lead(world, product, dict(world.answers) | {id: None})
            for id in asked
        )


@ENOUGH
@given(worlds())
def test_at_most_two_soft_reasons_and_none_that_holds_for_all_alike(world: World) -> None:
    """If one answer gives all allowed products the same, no product is told of it."""
    told = soft(world)
    for product in world.products:
        mine = [said for one, said in told if one is product]
        assert len(mine) == len(set(mine)) <= reasons.MOST_SOFT
    for said in {said for _, said in told if named(said)}:
        question, letter = named(said) or ("", "")
        assert len({own_points(world, one, question, letter) for one in allowed_in(world)}) > 1


@ENOUGH
@given(worlds())
def test_a_hard_rule_is_told_where_it_kept_something_away(world: World) -> None:
    """A rule that is told, of a choice or a bound, forbade a product that could be bought."""
    for said in hard(world):
        if (found := named(said)) is None:
            continue
        question, letter = found
        taken: Any = (letter,) if isinstance(world.answers[question], tuple) else letter
        assert any(one.available and not small.keeps(one, world.raw, {question: taken}) for one in world.products)


@ENOUGH
@given(worlds())
def test_every_bound_that_mattered_is_told(world: World) -> None:
    """A limit that forbade something that could be bought stands among the reasons, in its own number."""
    said = " ".join(hard(world))
    for question in world.raw:
        value = world.answers.get(question["id"])
        if question["pick"] != "scale" or value is None:
            continue
        mattered = any(
            one.available and not small.keeps(one, world.raw, {question["id"]: value}) for one in world.products
        )
        if mattered:
            bound = f"up to £{value:g}" if question.get("limits") else f"strength at least {value:g}"
            assert bound in said.lower()


@ENOUGH
@given(worlds(), st.integers(0, 8))
def test_the_order_of_the_catalogue_decides_nothing_but_ties(world: World, turn: int) -> None:
    """The same products in another order get the same scores and the same reasons."""
    turned = world.products[turn:] + world.products[:turn]
    other = world._replace(live=replace(world.live, catalog=Catalog(turned)))
    assert sorted(map(str, soft(world))) == sorted(map(str, soft(other)))
    assert hard(world) == hard(other)


@ENOUGH
@given(worlds())
def test_what_a_choice_asks_for_is_never_said_as_a_cause(world: World) -> None:
    """The words "no fragrance" of a choice with a hard rule are no English after "because"."""
    hard_ones = {
        f"{question['id']}-{choice['id']}"
        for question in world.raw
        for choice in question.get("choices", ())
        if choice["requires"] or choice["excludes"]
    }
    for said in [*hard(world), *(said for _, said in soft(world))]:
        found = re.match(r"Because no (\S+)", said)
        assert not found or found.group(1) not in hard_ones


def test_words_for_rules_kept_and_broken() -> None:
    """Phrases, clauses, bounds with and without a unit: as they are read on the page."""
    sizes = {"from": 0, "to": 2000000, "step": 500000, "unit": "ml"}
    bounds = {"scale": {"from": 8, "to": 9, "step": 0.125, "unit": "GBP"}, "pick": "scale"}
    quiz = small.quiz_of(
        [
            {"id": "a", "ask": "Avoid?", "pick": "one", "choices": [
                {"id": "x", "label": "Scent", "excludes": ["tag:scent"], "because": "no scent"},
                {"id": "y", "label": "Mild", "requires": ["tag:mild"], "because": "you like it mild"},
                {"id": "z", "label": "Beans", "requires": ["tag:beans"], "because": "whole beans"},
                {"id": "w", "label": "Vegan", "requires": ["tag:vegan"]},
                {"id": "u", "label": "Fits", "requires": [{"any": ["tag:pot", "tag:x"]}], "because": "for pot or cup"},
                {"id": "v", "label": "Nuts", "requires": ["tag:nut-free"], "because": "without nuts"}]},
            {"id": "b", "ask": "Budget?", **bounds, "limits": "price"},
            {"id": "c", "ask": "Size?", "pick": "scale", "scale": sizes, "at_least": "size"},
            {"id": "d", "ask": "Bitter?", "pick": "scale", "scale": small.SCALE, "limits": "bitter"},
        ]
    )  # fmt: skip
    products = Products([cast.product("bare", price=950, tags=("scent",))])
    told: dict[tuple[str, AnswerValue], tuple[str, str]] = {
        ("a", "x"): ("No scent", "With scent"),
        ("a", "y"): ("Because you like it mild", "Does not fit your answer “Mild” to “Avoid?”"),
        ("a", "z"): ("Whole beans", "Not whole beans"),
        ("a", "w"): ("Fits your answer “Vegan” to “Avoid?”", "Does not fit your answer “Vegan” to “Avoid?”"),
        ("a", "u"): ("For pot or cup", "Not for pot or cup"),
        ("a", "v"): ("Without nuts", "Not sure to be without nuts"),
        ("b", 8.5): ("Up to £8.50", "Not within £8.50"),
        ("b", 8.125): ("Up to 8.125 GBP", "Not within 8.125 GBP"),
        ("c", 1500000.0): ("At least 1500000 ml", "Not at least 1500000 ml"),
        ("d", 2.0): ("Bitter at most 2", "Not bitter at most 2"),
    }
    for (question, value), (kept, missed) in told.items():
        answers: dict[str, AnswerValue] = {question: value}
        (rule,) = rules.rules(quiz, answers)
        assert reasons.hard(compiled(quiz, products), answers) == [kept]
        assert reasons.broken_in_words(quiz, products, rule) == missed


def told_of(
    questions: list[dict[str, Any]],
    products: list[Product],
    answers: dict[str, AnswerValue],
    recommender: Recommender | None = None,
) -> list[str]:
    """Return the soft reasons of the first of some products, all of which are allowed."""
    quiz, all_of_them = small.quiz_of(questions), Products(products)
    table = (recommender or RulesRecommender()).table(quiz, all_of_them)
    return reasons.Reasons(table, answers, Allowed(all_of_them, all_of_them.everything)).soft(0)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"favours": {"tag:all": 3}}, {"favours": {"tag:red": 1}}, ["Because you picked “Second”"]),
        ({"favours": {"tag:red": 1}}, {"favours": {"tag:red": 2}}, ["Because you picked “Second”"]),
        ({"against": {"tag:green": 3}}, {}, []),
        ({"against": {"tag:red": 1, "tag:green": 3}}, {}, []),
        ({"favours": {"tag:red": 1}}, {"against": {"tag:red": 2}}, []),
        ({"favours": {"tag:all": 1}}, {"favours": {"tag:all": 2}}, []),
    ],
)
def test_of_several_choices_the_one_that_made_the_difference_is_told(
    first: dict[str, Any], second: dict[str, Any], told: list[str]
) -> None:
    """Not one that holds for all alike or merely speaks against others; none where the whole answer costs points."""
    choices = [{"id": "a", "label": "First", **first}, {"id": "b", "label": "Second", **second}]
    products = [cast.product("p0", tags=("all", "red")), cast.product("p1", tags=("all", "green"))]
    assert told_of([{"id": "q", "ask": "?", "pick": "many", "choices": choices}], products, {"q": ("a", "b")}) == told


@pytest.mark.parametrize(
    ("mine", "others", "told"),
    [
        (3.0, 1.0, ["Strength 3 of 4, as you asked"]),
        (2.75, 1.0, ["Strength 2.75 of 4, close to the 3 you asked for"]),
        (3.5, 1.0, []),
        (3.5, 3.0, []),
        (4.0, 1.0, []),
        (None, 1.0, []),
    ],
)
def test_closeness_is_told_where_it_is_true_whatever_a_model_says(
    mine: float | None, others: float, told: list[str]
) -> None:
    """A learned part may lift a product for an answer that it is far from: that is no reason in words."""
    question = {"id": "q", "ask": "?", "pick": "scale", "scale": small.SCALE, "near": {"strength": 1}}
    attributes = [{} if each is None else {"strength": each} for each in (mine, others)]
    products = [cast.product(f"p{n}", attributes=each) for n, each in enumerate(attributes)]
    for model in (None, lifting(question)):
        assert told_of([question], products, {"q": 3.0}, model) == told


def lifting(question: dict[str, Any]) -> Recommender:
    """Return a model in which the answer 3 speaks for the first of two products, and no other one does."""
    columns = columns_of(small.quiz_of([question]))
    rows = tuple((0.5, -0.5) if level == "3" else (0.0, 0.0) for level in ("", "", *columns[0].levels))
    return TableRecommender("model", ModelTable(("p0", "p1"), columns, SLOPE, (0.0, 0.0), (rows,)))
