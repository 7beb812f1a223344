"""An offer in sections: each is drawn by itself by the exact law, a product stands once, and reasons are its own."""

import itertools
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from quizfunnel.catalog.product import Catalog
from quizfunnel.offer import choose, result, sections
from quizfunnel.offer.allowed import allowed, products_of
from quizfunnel.offer.choose import Chooser
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender
from quizfunnel.store.transaction import writing
from quizfunnel.store.types import columns
from tests.cast import NOON, product
from tests.offer.routines import ANY, BEANS, DARK, GROUND, finish, live, routine

POLICY = PlackettLucePolicy(temperature=0.4, epsilon=0.1)
CHOOSER = Chooser(RulesRecommender(), POLICY)
ANSWERS: dict[str, Any] = {"brew": "moka", "moment": "morning", "avoid": (), "budget": 30.0, "strength": 4.0}
DISJOINT, SHARED = live(BEANS, GROUND), live(DARK, ANY)

Order = tuple[tuple[str, str], ...]  # section and product, as they are drawn


def whole_law(quiz: LiveQuiz, answers: dict[str, Any], pages: int) -> dict[Order, float]:
    """Return the chance of every offer that can be drawn, written down from the law as the page of docs says it."""
    catalog = products_of(quiz.catalog)
    scores = RulesRecommender().scores(quiz.quiz, catalog, answers)
    may = [catalog.all[place] for place in allowed(RulesRecommender().table(quiz.quiz, catalog).rules, answers).places]
    weight = {each.id: math.exp(scores[catalog.all.index(each)] / POLICY.temperature) for each in may}
    orders: dict[Order, float] = {(): 1.0}
    for _, section in itertools.product(range(pages), quiz.quiz.offer.sections):
        for _ in range(section.show):
            grown: dict[Order, float] = {}
            for order, chance in orders.items():
                gone = {id for _, id in order}
                left = [each.id for each in may if section.takes(each) and each.id not in gone]
                for id in left:
                    drawn = (1 - POLICY.epsilon) * weight[id] / sum(weight[other] for other in left)
                    grown[(*order, (section.id, id))] = chance * (drawn + POLICY.epsilon / len(left))
                if not left:
                    grown[order] = chance
            orders = grown
    return orders


def drawn(quiz: LiveQuiz, seed: str, pages: int = 2) -> tuple[Order, float]:
    """Return one offer with the product of its propensities."""
    table = RulesRecommender().table(quiz.quiz, products_of(quiz.catalog))
    items = choose.choose(table, POLICY, ANSWERS, seed=seed, pages=pages).items
    return tuple((item.section, item.product.id) for item in items), math.prod(item.propensity for item in items)


@pytest.mark.parametrize("quiz", [DISJOINT, SHARED])
def test_propensities_are_those_of_the_law_for_every_offer_there_is(quiz: LiveQuiz) -> None:
    """All offers are listed with their chances, which sum to 1; whatever is drawn has the chance that stands there."""
    law = whole_law(quiz, ANSWERS, 2)
    assert math.fsum(law.values()) == pytest.approx(1, abs=1e-12)
    for number in range(60):
        order, chance = drawn(quiz, f"seed {number}")
        assert chance == pytest.approx(law[order], rel=1e-9)


@pytest.mark.thorough
@pytest.mark.parametrize("quiz", [DISJOINT, SHARED])
def test_offers_come_as_often_as_the_law_says(quiz: LiveQuiz) -> None:
    """Each first page within five standard errors of its chance, of 4,000 that were drawn."""
    law, draws = whole_law(quiz, ANSWERS, 1), 4_000
    seen = Counter(drawn(quiz, f"draw {number}", pages=1)[0] for number in range(draws))
    assert set(seen) <= set(law)
    for order, chance in law.items():
        assert abs(seen[order] / draws - chance) < 5 * math.sqrt(chance * (1 - chance) / draws) + 1 / draws


@pytest.mark.thorough
@given(
    st.lists(st.tuples(st.sets(st.sampled_from("abc"), min_size=1), st.sampled_from([None, 0])), max_size=9),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), min_size=1, max_size=3),
    st.text(max_size=4),
)
def test_a_product_stands_once_in_a_section_that_takes_it(
    facts: list[tuple[set[str], int | None]], shows: list[tuple[str, int]], seed: str
) -> None:
    """Over random products and sections that overlap as they like; a section is short only where nothing is left."""
    catalog = Catalog(tuple(product(f"p{n}", tags=tuple(tags), stock=stock) for n, (tags, stock) in enumerate(facts)))
    parts = ((f"s{n}", f"S {n}", [f"tag:{tag}"], show) for n, (tag, show) in enumerate(shows))
    quiz = routine(*({"id": id, "title": title, "only": only, "show": show} for id, title, only, show in parts))
    choice = CHOOSER.choose(LiveQuiz("q", "v", quiz, catalog), {"brew": "moka"}, seed=seed)
    names = [item.product.id for item in choice.items]
    assert len(names) == len(set(names))
    fitting = [each for each in catalog.products if each.available]
    for section in quiz.offer.sections:
        mine = [item for item in choice.items if item.section == section.id]
        assert all(section.takes(item.product) and item.product.available for item in mine)
        taken = [each for each in fitting if section.takes(each)]
        assert [each.id for each in taken] == list(_eligible(choice.sections, section.id))
        if len(mine) < 2 * section.show:
            assert {each.id for each in taken} <= set(names)


def _eligible(parts: Sequence[sections.DraftSection], name: str) -> tuple[str, ...]:
    return next(part.allowed.ids for part in parts if part.section == name)


def test_the_first_section_that_draws_it_takes_a_product_that_fits_two() -> None:
    """And what it keeps for its second page does not keep the second section short."""
    one = product("one", tags=("dark-roast", "whole-bean"))
    only = LiveQuiz("coffee", "v", SHARED.quiz, Catalog((one,)))
    assert [(item.section, item.product.id) for item in CHOOSER.choose(only, ANSWERS, seed="s").items] == [
        ("dark", "one")
    ]
    many = Catalog(tuple(product(f"p{n}", tags=("dark-roast", "whole-bean")) for n in range(3)))
    items = CHOOSER.choose(LiveQuiz("coffee", "v", SHARED.quiz, many), ANSWERS, seed="s").items
    assert [(item.section, item.rank) for item in items] == [("dark", 1), ("dark", 2), ("any", 1)]


def test_an_offer_in_sections_is_stored_so_that_it_can_be_drawn_again(engine: Engine) -> None:
    """Show, policy and eligible products of each section; ranks within it, those of the second page on one line."""
    with writing(engine) as connection:
        finish(connection, DISJOINT, CHOOSER, ANSWERS)
        offer = connection.execute(select(*columns(Offer))).one()
        rows = connection.execute(select(*columns(OfferItem))).all()
    logged = sections.logged_sections(offer.sections)
    assert (offer.show, [(each.section, each.show, each.policy.k) for each in logged]) == (
        3,
        [("beans", 1, 1), ("ground", 2, 2)],
    )
    assert logged[0].eligible == ("dark-bean", "light-bean", "decaf-bean")
    assert set(logged[1].eligible) == {"dark-ground", "light-ground", "decaf-ground", "nutty"}
    ranks = {each.section: sorted(row.rank for row in rows if row.section == each.section) for each in logged}
    assert ranks == {"beans": [1, 3], "ground": [1, 2, 3, 4]}
    scores = dict(zip(json.loads(offer.eligible), CHOOSER.scores(DISJOINT, ANSWERS), strict=True))
    for each in logged:
        mine = sorted((row for row in rows if row.section == each.section), key=lambda row: row.rank)
        order = [each.eligible.index(row.product) for row in mine]
        again = each.policy.propensities([scores[id] for id in each.eligible], order)
        assert [row.propensity for row in mine] == pytest.approx(again)
        first = each.policy.draw(
            each.policy.weigh([scores[id] for id in each.eligible]), sections.section_seed(offer.seed, each.section, 0)
        )
        assert [each.eligible[slot.place] for slot in first] == [row.product for row in mine[: each.show]]


def test_what_is_shown_stands_section_by_section_and_views_count_whole_pages(engine: Engine) -> None:
    """The next ones are the second page's; something sold out is replaced in its own section."""
    with writing(engine) as connection:
        attempt = finish(connection, DISJOINT, CHOOSER, ANSWERS)
        offer = result.current_offer(connection, attempt, ANSWERS, DISJOINT)
        assert offer is not None
        result.record_view(connection, offer, at=NOON)
        result.reject(connection, offer.id, why="", at=NOON)
        again = result.current_offer(connection, attempt, ANSWERS, DISJOINT)
        assert again is not None
        result.record_view(connection, again, at=NOON)
        views = connection.execute(select(columns(OfferView).up_to)).scalars().all()
        gone = offer.of("beans").first[0].product.id
        rest = Catalog(tuple(each for each in DISJOINT.catalog.products if each.id != gone))
        after = result.current_offer(connection, attempt, ANSWERS, replace(DISJOINT, catalog=rest))
    assert [item.section for item in offer.first] == ["beans", "ground", "ground"]
    assert [item.section for item in offer.more] == ["beans", "ground", "ground"]
    assert sorted(views) == [2, 4]
    assert after is not None
    assert after.of("beans").first == (offer.of("beans").more[0],)
    assert after.of("ground") == again.of("ground")


def test_reasons_are_compared_within_the_section() -> None:
    """That all beans are strong is no reason for one of them, though it sets them apart from what is ground."""
    beans = [product(f"b{n}", tags=("whole-bean", "dark-roast")) for n in range(3)]
    ground = [product("g0", tags=("ground", "dark-roast")), product("g1", tags=("ground", "light-roast"))]
    quiz = LiveQuiz("coffee", "v", DISJOINT.quiz, Catalog((*beans, *ground)))
    items = CHOOSER.choose(quiz, ANSWERS | {"brew": "espresso"}, seed="s").items
    told = {item.product.id: item.reasons for item in items}
    assert all("For espresso" not in told[each.id] for each in beans if each.id in told)
    assert "For espresso" in told["g0"]
    assert "For espresso" not in told["g1"]


def test_a_rule_that_forbade_only_what_no_section_takes_is_no_reason() -> None:
    """Decaf that nobody would have been shown: its price says nothing."""
    dear = product("dear", price=5000, tags=("decaf",))
    fair = (product("bean", tags=("whole-bean",)), product("ground", tags=("ground",)))
    answers = ANSWERS | {"budget": 14.0}
    beside = CHOOSER.choose(LiveQuiz("c", "v", DISJOINT.quiz, Catalog((*fair, dear))), answers, seed="s")
    among = CHOOSER.choose(LiveQuiz("c", "v", live(BEANS, GROUND, ANY).quiz, Catalog((*fair, dear))), answers, seed="s")
    assert not any("Up to £14" in item.reasons for item in beside.items)
    assert all("Up to £14" in item.reasons for item in among.items)


def test_the_varied_share_is_that_of_all_sections() -> None:
    """By the law: one less the chance of the best first page, what earlier sections show left out."""
    for quiz in (DISJOINT, SHARED):
        law = whole_law(quiz, ANSWERS, 1)
        sure = Chooser(RulesRecommender(), PlackettLucePolicy(0.0, 0.0))
        best = tuple((item.section, item.product.id) for item in sure.choose(quiz, ANSWERS, seed="s").items)
        first = best[: len(next(iter(law)))]
        assert choose.varied(CHOOSER, quiz, ANSWERS) == pytest.approx(1 - law[first])


def test_without_sections_nothing_is_other_than_before() -> None:
    """One draw by the offer's own seed, ranks through to the last, no text in the log."""
    plain = LiveQuiz("coffee", "v", routine(show=3), DISJOINT.catalog)
    choice = CHOOSER.choose(plain, ANSWERS, seed="a seed")
    scores = CHOOSER.scores(plain, ANSWERS)
    slots = POLICY.rank(scores, "a seed", 6)
    assert [choice.eligible[slot.place] for slot in slots] == [item.product.id for item in choice.items]
    assert [item.rank for item in choice.items] == [1, 2, 3, 4, 5, 6]
    assert {item.section for item in choice.items} == {""}
    assert sections.as_json(choice.sections, POLICY) == ""
    assert sections.logged_sections("") == ()
