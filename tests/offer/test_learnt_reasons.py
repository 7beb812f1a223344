"""Over quizzes, catalogues, answers and models drawn at random: nothing forbidden is offered, and every reason is true.

A model's score is counted here from its own numbers, never by the code that serves them.
"""

import re
from statistics import fmean
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.offer import reasons
from quizfunnel.offer.allowed import Allowed, allowed, products_of
from quizfunnel.offer.choose import Chooser
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.answer_codes import columns_of, encode
from quizfunnel.recommend.serving.points import SLOPE, points
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import ModelTable
from tests.cast import product
from tests.quiz import small
from tests.recommend.trained import models
from tests.recommend.worlds import World, worlds

pytestmark = pytest.mark.thorough


ENOUGH = settings(max_examples=30)
POLICY = PlackettLucePolicy()


class Shop(NamedTuple):
    """A world and a model of its quiz."""

    world: World
    recommender: TableRecommender

    @property
    def model(self) -> ModelTable:
        """Return the model's numbers."""
        assert self.recommender.model is not None
        return self.recommender.model

    @property
    def fit(self) -> list[Product]:
        """Return what may be shown, by the words of the file format."""
        world = self.world
        return [one for one in world.products if one.available and small.keeps(one, world.raw, world.answers)]

    def score(self, one: Product, answers: dict[str, AnswerValue]) -> float:
        """Return a product's score, by the words of the model's format."""
        model, products = self.model, products_of(self.world.live.catalog)
        given = points(self.world.quiz, products, answers)[self.world.products.index(one)]
        if one.id not in model.products:
            return model.slope * given
        place = model.products.index(one.id)
        codes = encode(model.columns, answers)
        learnt = sum(block[code][place] for block, code in zip(model.rows, codes, strict=True))
        return model.slope * given + model.base[place] + learnt

    def lead(self, one: Product, answers: dict[str, AnswerValue]) -> float:
        """Return a product's score above the mean of what the shopper's own answers allow."""
        return self.score(one, answers) - fmean(self.score(other, answers) for other in self.fit)


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """Draw a world with a model of its quiz."""
    world = draw(worlds())
    return Shop(world, draw(models(world)))


@ENOUGH
@given(shops(), st.text(max_size=4))
def test_nothing_forbidden_or_sold_out_is_ever_offered(shop: Shop, seed: str) -> None:
    """Whatever a model says of a product: fewer rather than a forbidden one, none twice, each slot with its chance."""
    world = shop.world
    choice = Chooser(shop.recommender, POLICY).choose(world.live, world.answers, seed=seed)
    chosen = [item.product.id for item in choice.items]
    assert choice.eligible == tuple(one.id for one in shop.fit)
    assert set(chosen) <= set(choice.eligible)
    assert len(chosen) == len(set(chosen)) == min(len(choice.eligible), 2 * world.quiz.offer.show)
    for item in choice.items:
        assert item.score == pytest.approx(shop.score(item.product, dict(world.answers)), abs=1e-8)
    if chosen:
        scores = Chooser(shop.recommender, POLICY).scores(world.live, world.answers)
        order = [choice.eligible.index(id) for id in chosen]
        assert tuple(item.propensity for item in choice.items) == POLICY.propensities(scores, order)


@ENOUGH
@given(shops())
def test_contributions_are_the_models(shop: Shop) -> None:
    """Question by question the rules' part and the learnt one; what is left is the base and what was not asked."""
    world, products = shop.world, products_of(shop.world.live.catalog)
    table = shop.recommender.table(world.quiz, products)
    rows = table.contributions(world.answers)
    for n, one in enumerate(world.products):
        parts = {question.id: table.parts(question.id, world.answers) for question in world.quiz.questions}
        whole = sum(points[n] + learnt[n] for points, learnt in parts.values()) + table.base[n] * 2.0**-36
        assert whole == pytest.approx(shop.score(one, dict(world.answers)), abs=1e-8)
        for question, row in rows.items():
            assert row[n] == pytest.approx(sum(part[n] for part in parts[question]))


@settings(max_examples=60)
@given(shops())
def test_every_reason_is_an_answer_that_made_the_difference(shop: Shop) -> None:
    """With the mean of the question's answers instead, or the named choice left out, the product loses of its lead."""
    world, answers = shop.world, dict(shop.world.answers)
    table = shop.recommender.table(world.quiz, products_of(world.live.catalog))
    why = reasons.Reasons(table, answers, allowed(table.rules, answers))
    for one in shop.fit:
        said = why.soft(world.products.index(one))
        assert len(said) == len(set(said)) <= reasons.MOST_SOFT
        for sentence in said:
            asked = _questions(world, sentence)
            assert any(_made_a_difference(shop, one, id, sentence) for id in asked), sentence


def _questions(world: World, sentence: str) -> list[str]:
    """Return the questions that a sentence can be of."""
    if found := re.search(r"(q\d)-[a-d]", sentence):
        return [found.group(1)]
    name = "strength" if sentence.startswith("Strength") else "price"
    return [question["id"] for question in world.raw if name in question.get("near", {})]


def _made_a_difference(shop: Shop, one: Product, question: str, sentence: str) -> bool:
    """Tell whether another answer, taken from the quiz file, would have cost the product of its lead."""
    answers: dict[str, Any] = dict(shop.world.answers)
    raw = next(each for each in shop.world.raw if each["id"] == question)
    value: Any = answers.get(question)
    others: list[Any]
    if raw["pick"] == "many":
        letter = sentence[sentence.index(f"{question}-") + 3]
        assert letter in value
        others = [tuple(id for id in value if id != letter)]
    elif raw["pick"] == "one":
        assert f"{question}-{value}" in sentence
        others = [choice["id"] for choice in raw["choices"]]
    else:
        others = [1.0, 2.0, 3.0, 4.0]
    instead = fmean(shop.lead(one, answers | {question: other}) for other in others)
    return shop.lead(one, answers) > instead


@settings(max_examples=60)
@given(shops(), st.sampled_from(["rules", "model"]), st.text(max_size=4))
def test_a_reason_on_a_card_raises_the_score_as_explain_takes_it_apart(shop: Shop, recommends: str, seed: str) -> None:
    """By the rules alone and by a model: the question's part is above its mean over the allowed, and not below zero.

    A wish on a scale is counted down from a perfect fit: of it, what was learnt is not below zero.
    """
    world, answers = shop.world, dict(shop.world.answers)
    recommender = shop.recommender if recommends == "model" else RulesRecommender()
    table = recommender.table(world.quiz, products_of(world.live.catalog))
    places = [world.products.index(one) for one in shop.fit]
    hard = set(reasons.hard(table.rules, answers))
    for item in Chooser(recommender, POLICY).choose(world.live, answers, seed=seed).items:
        place = world.products.index(item.product)
        for sentence in [each for each in item.reasons if each not in hard]:
            raised = False
            for question in _questions(world, sentence):
                points, rows = table.parts(question, answers)
                part = [by_rules + by_model for by_rules, by_model in zip(points, rows, strict=True)]
                near = next(each.get("near") for each in world.raw if each["id"] == question)
                own = rows[place] if near else part[place]
                raised |= own >= 0 and part[place] > fmean(part[other] for other in places)
            assert raised, sentence


@ENOUGH
@given(shops(), st.text(max_size=4))
def test_what_is_true_of_all_is_told_of_each_in_the_same_words(shop: Shop, seed: str) -> None:
    """Each card has at most two reasons of its own; those for every product shown are few, and can be said once."""
    world = shop.world
    items = Chooser(shop.recommender, POLICY).choose(world.live, world.answers, seed=seed).items
    table = shop.recommender.table(world.quiz, products_of(world.live.catalog))
    hard = reasons.hard(table.rules, world.answers)
    for together in (items[: world.quiz.offer.show], items):
        soft = [[each for each in item.reasons if each not in hard] for item in together]
        if len(soft) < 2:
            continue
        shared = [each for each in soft[0] if all(each in other for other in soft)]
        assert len(shared) <= reasons.MOST_SHARED
    assert all(set(hard) <= set(item.reasons) for item in items)


@ENOUGH
@given(shops())
def test_what_holds_for_all_alike_is_no_reason(shop: Shop) -> None:
    """A product that is allowed alone has nothing that tells it from others."""
    world = shop.world
    if len(shop.fit) != 1:
        return
    table = shop.recommender.table(world.quiz, products_of(world.live.catalog))
    why = reasons.Reasons(table, world.answers, allowed(table.rules, world.answers))
    assert why.soft(world.products.index(shop.fit[0])) == []


def test_a_model_that_learnt_nothing_gives_the_reasons_that_set_an_answer_apart() -> None:
    """Beside a choice that is worth more to the product, the lesser one is no reason once answers are compared."""
    choices = [
        {"id": "a", "label": "Less", "favours": {"tag:red": 1}},
        {"id": "b", "label": "More", "favours": {"tag:red": 3}},
    ]
    quiz = small.quiz_of([{"id": "q", "ask": "?", "pick": "one", "choices": choices}])
    products = Products([product("p0", tags=("red",)), product("p1")])
    columns = columns_of(quiz)
    level = ((0.0, 0.0),) * columns[0].codes
    learnt = TableRecommender("m", ModelTable(("p0", "p1"), columns, SLOPE, (0.0, 0.0), (level,)))
    told = {}
    for value in ("a", "b"):
        for recommender in (RulesRecommender(), learnt):
            table = recommender.table(quiz, products)
            why = reasons.Reasons(table, {"q": value}, Allowed(products, products.everything))
            told[recommender.name, value] = why.soft(0)
    assert told == {
        ("rules", "a"): ["Because you chose “Less”"],
        ("rules", "b"): ["Because you chose “More”"],
        ("m", "a"): [],
        ("m", "b"): ["Because you chose “More”"],
    }


@pytest.mark.parametrize(("learnt", "told"), [(0.2, ["Because you chose “Red”"]), (0.01, [])])
def test_what_was_learnt_is_told_where_it_moves_the_odds(learnt: float, told: list[str]) -> None:
    """A fifth of the odds is a reason, a hundredth is none."""
    assert _told(learnt, {}) == told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (((0.3, 0.0), (0.0, 0.0)), ["Because you chose “Red”"]),
        (((-0.1, 0.0), (-0.7, 0.0)), []),  # it loses the product odds, only less than the other answer would
        (((-0.1, -0.5), (-0.7, 0.0)), []),  # above what it does to the other product, and below zero
        (((0.1, 0.3), (-0.7, 0.0)), []),  # above zero, and below what it does to the other product
    ],
)
def test_an_answer_that_costs_the_product_its_place_is_no_reason(
    rows: tuple[tuple[float, float], ...], told: list[str]
) -> None:
    """Whatever the question's other answers would have cost: explain shows the part, and the part above the mean."""
    assert _told_by(rows, {}) == told


def test_a_choice_that_is_only_a_rule_is_told_as_a_rule() -> None:
    """However much was learnt of those who avoid something: they are not told that they picked it."""
    assert _told(2.0, {"excludes": ["tag:nuts"]}) == []
    assert _told(2.0, {"excludes": ["tag:nuts"], "favours": {"tag:sweet": 1}}) == ["Fits your answer “Red” to “?”"]


def _told(learnt: float, rule: dict[str, Any]) -> list[str]:
    """Return the reasons for the first of two products, for which the choice `Red` alone was learnt to speak."""
    return _told_by(((learnt, -learnt), (0.0, 0.0)), rule)


def _told_by(learnt: tuple[tuple[float, float], ...], rule: dict[str, Any]) -> list[str]:
    """Return the reasons for the first of two products after `Red`; learnt was one row for it, one for `Blue`."""
    choices = [{"id": "a", "label": "Red", **rule}, {"id": "b", "label": "Blue"}]
    quiz = small.quiz_of([{"id": "q", "ask": "?", "pick": "one", "choices": choices}])
    products = Products([product("p0"), product("p1")])
    rows = ((0.0, 0.0), (0.0, 0.0), *learnt)
    model = ModelTable(("p0", "p1"), columns_of(quiz), SLOPE, (0.0, 0.0), (rows,))
    table = TableRecommender("m", model).table(quiz, products)
    return reasons.Reasons(table, {"q": "a"}, Allowed(products, products.everything)).soft(0)


def test_of_a_products_own_reasons_the_second_is_what_sets_it_apart() -> None:
    """Three answers speak for the first two products, the strongest alike; a weaker one speaks for the first alone."""
    tags = {"strong": 3, "middle": 2, "weak": 1}
    ask = [
        {
            "id": f"q{n}",
            "ask": "?",
            "pick": "one",
            "choices": [
                {"id": "a", "label": tag, "favours": {f"tag:{tag}": worth}, "because": f"you like {tag}"},
                {"id": "b", "label": "other"},
            ],
        }
        for n, (tag, worth) in enumerate(tags.items())
    ]
    products = Products(
        [product("p0", tags=tuple(tags)), product("p1", tags=("strong", "middle")), product("p2"), product("p3")]
    )
    table = RulesRecommender().table(small.quiz_of(ask), products)
    why = reasons.Reasons(table, {"q0": "a", "q1": "a", "q2": "a"}, Allowed(products, products.everything))
    told = why.told([0, 1, 2], first=3)
    assert [list(each) for each in told] == [
        ["Because you like strong", "Because you like weak"],
        ["Because you like strong", "Because you like middle"],
        [],
    ]
