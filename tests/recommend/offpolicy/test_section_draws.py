"""Offers in sections, replayed: chances by enumeration, values that are the truth, and flat offers beside them."""

from itertools import product as every
from math import prod
from typing import Any

import numpy as np
import pytest

from quizfunnel.offer.choose import choose
from quizfunnel.quiz.rules import Products
from quizfunnel.recommend.offpolicy.replay import Logged, Replay, replay_value
from quizfunnel.recommend.offpolicy.replayed_challenge import Terms, challenged
from quizfunnel.recommend.offpolicy.section_draws import Draw, DrawLayout, chances_of_draws, slots_of_draws
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender, TableRecommender
from quizfunnel.recommend.training.grouped_log import Pattern
from tests.offer.routines import ANY, BEANS, DARK, GROUND, routine
from tests.recommend.offpolicy.offers import BREWS, CHALLENGER, POLICY, PRODUCTS, shop
from tests.recommend.trained import liking

SECTIONS = {"disjoint": (BEANS, GROUND), "shared": (DARK, ANY)}


def drawn(recommender: Recommender, attempt: str, sections: tuple[Any, ...], brew: Any, pages: int = 1) -> Logged:
    """Return an offer in sections as the chooser draws it and the log keeps it."""
    quiz, answers = routine(*sections), {"brew": brew}
    choice = choose(recommender.table(quiz, PRODUCTS), POLICY, answers, seed=attempt, pages=pages)
    eligible = {each.section: each.allowed.ids for each in choice.sections}
    draws: list[Draw] = []
    for page, section in every(range(pages), quiz.offer.sections):
        ranks = range(page * quiz.offer.page + 1, (page + 1) * quiz.offer.page + 1)
        slots = sum(item.section == section.id and item.rank in ranks for item in choice.items)
        draws += [Draw(POLICY.as_json(), eligible[section.id], slots, not page)] if slots else []
    return Logged(
        attempt=attempt,
        pattern=Pattern("now", answers),
        model=recommender.name,
        rival="",
        share=1.0,
        policy=POLICY.as_json(),
        eligible=choice.eligible,
        order=tuple(item.product.id for item in choice.items),
        propensities=tuple(item.propensity for item in choice.items),
        draws=tuple(draws),
    )


def replayed(offers: list[Logged], **more: Any) -> Replay:
    """Return offers of the routine, replayed."""
    quiz = routine(BEANS, GROUND)
    return Replay(quiz, PRODUCTS, offers, {"now": quiz}, **more)


def bought(offers: list[Logged], wanted: set[str]) -> list[Logged]:
    """Return the offers, half of whose shoppers buy what they want of it."""
    rng = np.random.default_rng(3)
    return [
        each._replace(bought=frozenset(wanted & set(each.order)) if rng.random() < 0.5 else frozenset())
        for each in offers
    ]


@pytest.mark.parametrize("kind", SECTIONS)
@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("recommender", [RulesRecommender(), TableRecommender("m", liking("light-bean"))])
def test_chances_are_those_that_were_drawn_with(kind: str, pages: int, recommender: Recommender) -> None:
    """The product of the propensities that were logged, beside offers without sections, however many at once."""
    offers = [drawn(recommender, str(n), SECTIONS[kind], BREWS[n % 3], pages) for n in range(12)]
    for most in (20, 2_000_000):
        found = replayed([*offers, *shop(3, recommender, "nutty")], most_scores=most)
        chances = found.chances(recommender.model)
        assert chances is not None
        assert chances == pytest.approx([prod(offer.propensities) for offer in found.offers])
        assert found.exact(chances).all()


def test_slots_are_the_marginals_joined_with_what_could_have_been_taken() -> None:
    """By listing all offers: of a section apart from earlier ones its own chance, else with theirs."""
    scores = np.array([0.3, 0.0, 0.2, 0.1])
    policy = PlackettLucePolicy(0.3, 0.1)
    layout = (DrawLayout(policy, 1, at_once=True), DrawLayout(policy, 2, at_once=True))
    first = np.array([True, True, False, False])
    for second, overlaps in (
        (np.array([False, False, True, True]), False),
        (np.array([False, True, True, True]), True),
    ):
        orders = [
            (a, b, c)
            for a, b, c in every(range(4), repeat=3)
            if first[a] and second[b] and second[c] and len({a, b, c}) == 3
        ]
        rows = np.tile(scores, (len(orders), 1))
        could = [np.tile(mask, (len(orders), 1)) for mask in (first, second)]
        whole = chances_of_draws(layout, could, rows, np.array(orders))
        slots = slots_of_draws(layout, could, rows, np.array(orders))
        assert whole.sum() == pytest.approx(1)
        for row, (a, b, c) in enumerate(orders):
            alike = [n for n, (x, *_) in enumerate(orders) if not overlaps or x == a]
            assert slots[row, 0] == pytest.approx(sum(p for p, o in zip(whole, orders, strict=True) if o[0] == a))
            assert slots[row, 1] == pytest.approx(sum(whole[n] for n in alike if orders[n][1] == b))
            assert slots[row, 2] == pytest.approx(sum(whole[n] for n in alike if orders[n][2] == c))


def test_the_next_page_has_no_marginals() -> None:
    """Nor has an empty column any part in a value."""
    offers = [drawn(RulesRecommender(), str(n), SECTIONS["disjoint"], "moka", 2) for n in range(4)]
    found = replayed(offers)
    slots = found.slots(None)
    assert slots is not None
    assert (found.columns, slots.shape) == (3, (4, 3))
    assert not np.isnan(slots).any()
    assert found.orders.shape[1] > 3


@pytest.mark.thorough
@pytest.mark.parametrize("kind", SECTIONS)
def test_the_value_of_another_model_is_what_it_earns(kind: str) -> None:
    """Replayed from the rules' log, within four standard errors of what its own offers bring in."""
    wanted, other = {"light-bean", "light-ground"}, TableRecommender("m", liking("light-bean", 0.3))
    logged = bought([drawn(RulesRecommender(), f"a{n}", SECTIONS[kind], BREWS[n % 3]) for n in range(3000)], wanted)
    own = bought([drawn(other, f"b{n}", SECTIONS[kind], BREWS[n % 3]) for n in range(3000)], wanted)
    earned = sum(len(offer.bought) for offer in own) / len(own)
    assert other.model is not None
    found = replay_value(replayed(logged), other.model, lambda _: None)
    assert found is not None
    assert not found.refused
    assert abs(found.evaluation.value - earned) < 4 * (2**0.5) * found.evaluation.error
    assert abs(found.evaluation.value - found.logged) > 2 * found.evaluation.error


def test_a_challenge_counts_an_attempts_sections_as_one_entry() -> None:
    """Its chances are those of all that was shown together."""
    model = liking("light-bean")
    new = [drawn(TableRecommender(CHALLENGER, model), f"n{n}", SECTIONS["shared"], "moka") for n in range(5)]
    old = [drawn(RulesRecommender(), f"o{n}", SECTIONS["shared"], "moka") for n in range(5)]
    log = challenged(
        replayed(bought([*new, *old], {"dark-bean"})), serving=None, challenger=model, terms=Terms(CHALLENGER, 0.5, 10)
    )
    assert log is not None
    assert log.challenge is not None
    assert (len(log.challenge.rewards), log.untold) == (10, 0)
    assert log.challenge.new[:5] == pytest.approx([prod(offer.propensities) for offer in new])
    assert log.challenge.old[5:] == pytest.approx([prod(offer.propensities) for offer in old])


def test_a_product_that_is_gone_leaves_its_offer_out() -> None:
    """As without sections: nothing can be told of it."""
    kept, lost = (drawn(RulesRecommender(), str(n), SECTIONS["disjoint"], "moka") for n in range(2))
    there = Products([each for each in PRODUCTS.all if each.id != lost.order[0]])
    quiz = routine(BEANS, GROUND)
    found = Replay(quiz, there, [kept._replace(order=tuple(each.id for each in there.all[:3])), lost], {"now": quiz})
    assert found.left_out == {lost.attempt}
