"""An offer holds nothing that is forbidden or sold out, says only what is true, and is chosen once."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select

from quizfunnel.catalog.product import Catalog
from quizfunnel.journey import record
from quizfunnel.journey.attempt import AnswerGiven, Starter
from quizfunnel.journey.attention import UNKNOWN
from quizfunnel.offer import choose, reasons, result
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.choose import Chooser, relaxed
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender
from quizfunnel.store.transaction import writing
from quizfunnel.store.types import columns
from tests.cast import NOON, coffee_catalog, coffee_quiz, product
from tests.quiz.allowed import allowed

QUIZ = coffee_quiz()
LIVE = LiveQuiz("coffee", "f" * 64, QUIZ, coffee_catalog())
CHOOSER = Chooser(RulesRecommender(), PlackettLucePolicy())
COMPLETE: dict[str, AnswerValue] = {
    "brew": "espresso", "grinder": "yes", "moment": "morning", "avoid": (), "budget": 30.0, "strength": 4.0,
}  # fmt: skip

answers_of = st.fixed_dictionaries(
    {
        "brew": st.sampled_from(["espresso", "filter", "moka"]),
        "moment": st.sampled_from(["morning", "evening"]),
        "avoid": st.sampled_from([(), ("nuts",), ("caffeine",), ("caffeine", "nuts")]),
        "budget": st.sampled_from([8.0, 10.0, 12.0, 30.0]),
        "strength": st.sampled_from([None, 1.0, 3.0, 5.0]),
    },
    optional={"grinder": st.sampled_from(["yes", "no"])},
)
catalogs = st.lists(
    st.builds(
        lambda price, tags, stock, strength: (price, tags, stock, strength),
        st.integers(500, 3500),
        st.sets(st.sampled_from(["dark-roast", "light-roast", "decaf", "whole-bean", "ground", "may-contain-nuts"])),
        st.sampled_from([None, 0, 3]),
        st.none() | st.floats(1, 5),
    ),
    min_size=1,
    max_size=12,
)


def build(facts: list[Any]) -> LiveQuiz:
    """Return the coffee quiz over a catalogue of these facts."""
    products = [
        product(
            f"p{n}",
            price=price,
            tags=tuple(tags),
            stock=stock,
            attributes={} if strength is None else {"strength": strength},
        )
        for n, (price, tags, stock, strength) in enumerate(facts)
    ]
    return LiveQuiz("coffee", "f" * 64, QUIZ, Catalog(tuple(products)))


@pytest.mark.thorough
@given(catalogs, answers_of, st.text(max_size=5))
def test_nothing_forbidden_or_sold_out_is_ever_chosen(facts: list[Any], answers: dict[str, Any], seed: str) -> None:
    """Over random catalogues and answers: every product keeps every hard rule and can be bought; none twice."""
    live = build(facts)
    choice = CHOOSER.choose(live, answers, seed=seed)
    fitting = {p.id for p in live.catalog.products if p.available and allowed(p, QUIZ, answers)}
    chosen = [item.product.id for item in choice.items]
    assert set(choice.eligible) == fitting
    assert set(chosen) <= fitting
    assert len(chosen) == len(set(chosen)) == min(len(fitting), 2 * QUIZ.offer.show)


@pytest.mark.thorough
@given(catalogs, answers_of)
def test_when_none_is_left_the_closest_say_what_they_break(facts: list[Any], answers: dict[str, Any]) -> None:
    """A product named as closest breaks at least one rule, and really breaks each rule named."""
    live = build(facts)
    for miss in relaxed(live, answers):
        assert miss.broken
        assert miss.product.available
        assert not any(rule.allows(miss.product) for rule in miss.broken)


@given(answers_of)
def test_a_soft_reason_is_an_answer_that_lifts_the_product(answers: dict[str, Any]) -> None:
    """Taking the named answer away lowers the product against the mean of those allowed."""
    items = CHOOSER.choose(LIVE, answers, seed="s").items
    shared = set.intersection(*(set(item.reasons) for item in items)) if items else set()
    for item in items:
        soft = [reason for reason in item.reasons if reason.startswith(("Because", "Strength"))]
        assert len(shared.intersection(soft)) <= reasons.MOST_SHARED
        assert len(set(soft) - shared) <= reasons.MOST_SOFT + reasons.MOST_SHARED
        for reason in soft:
            question = _question_of(reason)
            assert _standing(item.product.id, answers) > _standing(item.product.id, {**answers, question: None})


def _question_of(reason: str) -> str:
    if reason.startswith("Strength"):
        return "strength"
    return "brew" if "espresso" in reason or "Filter" in reason else "moment"


def _standing(id: str, answers: dict[str, Any]) -> float:
    """Return a product's score above the mean of the products that the full answers allow."""
    products = products_of(LIVE.catalog)
    fitting = [n for n, p in enumerate(products.all) if p.available and allowed(p, QUIZ, answers)]
    scores = RulesRecommender().scores(QUIZ, products, answers)
    index = next(n for n, p in enumerate(products.all) if p.id == id)
    return scores[index] - sum(scores[n] for n in fitting) / len(fitting) if fitting else scores[index]


def test_hard_rules_are_named_where_they_mattered() -> None:
    """A rule that forbade something is told; one that forbade nothing is not."""
    strict = CHOOSER.choose(LIVE, COMPLETE | {"avoid": ("nuts",), "budget": 10.0}, seed="s").items[0].reasons
    loose = CHOOSER.choose(LIVE, COMPLETE, seed="s").items[0].reasons
    assert "Up to £10" in strict
    assert "Fits your answer “Nut traces” to “Anything you avoid?”" in strict
    assert not any("£30" in reason for reason in loose)


def test_what_holds_for_all_is_no_reason() -> None:
    """If every allowed product is decaf, that the evening favours decaf says nothing."""
    answers = COMPLETE | {"moment": "evening", "avoid": ("caffeine",)}
    for item in CHOOSER.choose(LIVE, answers, seed="s").items:
        assert not any("After dinner" in reason for reason in item.reasons)


def test_the_varied_share_is_that_of_the_policy() -> None:
    """Far apart scores are varied by the even coin alone; equal ones nearly always."""
    sure = choose.varied(Chooser(RulesRecommender(), PlackettLucePolicy(0.005, 0.0)), LIVE, COMPLETE)
    level = choose.varied(CHOOSER, LIVE, {"brew": "moka", "budget": 30.0})
    assert sure < 1e-3
    assert level > 0.9


def finish(connection: Connection, **changes: AnswerValue) -> str:
    """Take the quiz to its end; return the attempt."""
    attempt = record.start(connection, LIVE, Starter(), at=NOON)
    for question, value in (COMPLETE | changes).items():
        row = record.load(connection, attempt)
        assert row is not None
        given = AnswerGiven(question, value, UNKNOWN, NOON)
        record.record_answer(connection, given, attempt=row, live=LIVE, on_finish=CHOOSER.on_finish)
    return attempt


def change(connection: Connection, attempt: str, question: str, value: AnswerValue) -> None:
    """Change one answer after the end."""
    row = record.load(connection, attempt)
    assert row is not None
    given = AnswerGiven(question, value, UNKNOWN, NOON)
    record.record_answer(connection, given, attempt=row, live=LIVE, on_finish=CHOOSER.on_finish)


def test_the_offer_is_stored_with_all_that_explains_it(engine: Engine) -> None:
    """Policy, seed, eligible set and a propensity a slot: the whole order can be drawn again."""
    with writing(engine) as connection:
        finish(connection)
        offer = connection.execute(select(*columns(Offer))).one()
        items = connection.execute(select(*columns(OfferItem)).order_by(columns(OfferItem).rank)).all()
    eligible = json.loads(offer.eligible)
    assert eligible == ["dark-bean", "light-bean", "decaf-bean"]
    policy = PlackettLucePolicy(**json.loads(offer.policy))
    scores = CHOOSER.scores(LIVE, COMPLETE)
    again = policy.rank(scores, offer.seed, 6)
    assert [(eligible[slot.place], slot.propensity) for slot in again] == [(i.product, i.propensity) for i in items]
    assert offer.model == "rules"


def test_an_answer_changed_after_the_offer_makes_a_new_revision(engine: Engine) -> None:
    """And changing it back finds the first offer again."""
    with writing(engine) as connection:
        attempt = finish(connection)
        first = result.current_offer(connection, attempt, COMPLETE, LIVE)
        change(connection, attempt, "moment", "evening")
        second = result.current_offer(connection, attempt, COMPLETE | {"moment": "evening"}, LIVE)
        change(connection, attempt, "moment", "morning")
        again = result.current_offer(connection, attempt, COMPLETE, LIVE)
        revisions = (
            connection.execute(select(columns(Offer).revision).order_by(columns(Offer).revision)).scalars().all()
        )
    assert first is not None
    assert second is not None
    assert again is not None
    assert (first.id, list(revisions)) == (again.id, [1, 2])
    assert first.id != second.id


def test_a_product_withdrawn_since_is_dropped_and_the_next_one_shown(engine: Engine) -> None:
    """The stored offer stays; what is shown has no gap."""
    with writing(engine) as connection:
        attempt = finish(connection, grinder="no", avoid=("nuts",))
        answers = COMPLETE | {"grinder": "no", "avoid": ("nuts",)}
        before = result.current_offer(connection, attempt, answers, LIVE)
        assert before is not None
        gone = before.first[0].product.id
        rest = Catalog(tuple(p for p in LIVE.catalog.products if p.id != gone))
        after = result.current_offer(connection, attempt, answers, replace(LIVE, catalog=rest))
    assert after is not None
    assert gone not in [item.product.id for item in after.first]
    assert len(after.first) == min(3, len(before.first) + len(before.more) - 1)


@pytest.mark.parametrize("change", [{"price": 1100}, {"tags": frozenset({"dark-roast", "ground"})}])
def test_what_breaks_a_rule_by_now_is_dropped_too(engine: Engine, change: dict[str, Any]) -> None:
    """A price raised above the budget, or a tag taken away: neither the page nor the shared link shows it."""
    changed = tuple(replace(p, **change) if p.id == "dark-bean" else p for p in LIVE.catalog.products)
    now = replace(LIVE, catalog=Catalog(changed))
    answers = COMPLETE | {"budget": 10.0}
    with writing(engine) as connection:
        attempt = finish(connection, budget=10.0)
        before = result.current_offer(connection, attempt, answers, LIVE)
        after = result.current_offer(connection, attempt, answers, now)
        assert before is not None
        shared = result.by_id(connection, before.id, now)
    assert [item.product.id for item in before.first] == ["dark-bean"]
    assert after is not None
    assert shared is not None
    assert (after.first, shared.first) == ((), ())


def test_a_shared_link_to_an_earlier_offer_shows_it_still(engine: Engine) -> None:
    """The answers of now are another offer's, and do not judge the earlier one."""
    with writing(engine) as connection:
        attempt = finish(connection)
        first = result.current_offer(connection, attempt, COMPLETE, LIVE)
        assert first is not None
        change(connection, attempt, "grinder", "no")
        again = result.by_id(connection, first.id, LIVE)
    assert again == first
    with writing(engine) as connection:
        assert result.by_id(connection, "0" * 32, LIVE) is None


def test_none_of_these_is_kept_with_its_moment_and_views_with_their_rank(engine: Engine) -> None:
    """Rejecting twice keeps the first moment; a view says how far one saw."""
    with writing(engine) as connection:
        attempt = finish(connection, avoid=("nuts",))
        answers = COMPLETE | {"avoid": ("nuts",)}
        offer = result.current_offer(connection, attempt, answers, LIVE)
        assert offer is not None
        result.record_view(connection, offer, at=NOON)
        result.reject(connection, offer.id, why="", at=NOON)
        result.reject(connection, offer.id, why="too dark", at=NOON.replace(hour=13))
        row = connection.execute(select(columns(Offer).rejected_at, columns(Offer).rejected_why)).one()
        views = connection.execute(select(func.count(), func.max(columns(OfferView).up_to))).one()
    assert tuple(row) == (NOON, "too dark")
    assert tuple(views) == (1, 3)
