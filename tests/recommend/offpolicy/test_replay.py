"""Offers as they were logged, replayed: what models would have shown, and what that says of them."""

from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.learners.code_book import Floats
from quizfunnel.recommend.offpolicy.challenge import ChallengeLog, decide
from quizfunnel.recommend.offpolicy.propensities import marginals
from quizfunnel.recommend.offpolicy.replay import Logged, Replay, replay_value
from quizfunnel.recommend.offpolicy.replayed_challenge import Terms, challenged
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.points import SLOPE
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.grouped_log import Pattern
from tests.cast import coffee_catalog, coffee_quiz
from tests.recommend.trained import coffee_model, liking, models
from tests.recommend.worlds import World, worlds

QUIZ = coffee_quiz()
PRODUCTS = Products(coffee_catalog().products)
IDS = tuple(each.id for each in PRODUCTS.all)
POLICY = PlackettLucePolicy(temperature=0.3, epsilon=0.05)
BREWS: list[AnswerValue] = ["espresso", "filter", "moka"]
CHALLENGER = "20261124-120000-abcdef"


def logged(pattern: Pattern, *, eligible: tuple[str, ...] = (), order: tuple[str, ...] = ()) -> Logged:
    """Return an offer of the rules without propensities, of which nothing was bought."""
    return Logged(
        attempt="a",
        pattern=pattern,
        model=RULES,
        rival="",
        share=1.0,
        policy=POLICY.as_json(),
        eligible=eligible,
        order=order,
    )


def drawn(recommender: Recommender, attempt: str, answers: dict[str, AnswerValue], **more: Any) -> Logged:
    """Return an offer that a recommender makes of the coffees, as it would be logged."""
    eligible = more.get("eligible", IDS[:-1])
    allowed = [IDS.index(id) for id in eligible]
    scores = recommender.scores(QUIZ, PRODUCTS, answers)
    slots = POLICY.rank([scores[n] for n in allowed], attempt, more.get("depth", 3))
    order = tuple(eligible[slot.place] for slot in slots)
    return Logged(
        attempt=attempt,
        pattern=Pattern("now", answers),
        model=recommender.name,
        rival=more.get("rival", ""),
        share=more.get("share", 1.0),
        policy=POLICY.as_json(),
        eligible=eligible,
        order=order,
        propensities=tuple(slot.propensity for slot in slots),
        bought=more.get("bought", frozenset()),
    )


def replay(offers: list[Logged], **limits: int) -> Replay:
    """Return offers of the coffee quiz, replayed."""
    return Replay(QUIZ, PRODUCTS, offers, {"now": QUIZ}, **limits)


def shop(count: int, recommender: Recommender, wanted: str, *, seed: int = 1, **more: Any) -> list[Logged]:
    """Return offers to shoppers half of whom buy one certain product where they see it, and nothing else."""
    rng = np.random.default_rng(seed)
    offers = []
    for n in range(count):
        offer = drawn(recommender, f"{more.get('name', 'a')}{n}", {"brew": BREWS[n % 3]}, **more)
        bought = {wanted} & set(offer.order) if rng.random() < 0.5 else set()
        offers.append(offer._replace(bought=frozenset(bought)))
    return offers


@settings(max_examples=25)
@given(worlds(), st.data())
def test_scores_are_those_that_were_served(world: World, data: st.DataObject) -> None:
    """By the rules and by any model, for random quizzes and products, of which a model knows some alone."""
    products = Products(world.products)
    ids = tuple(each.id for each in world.products)
    eligible = tuple(data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)))
    pattern = Pattern("v", world.answers)
    offer = logged(pattern, eligible=eligible, order=eligible[:2])
    found = Replay(world.quiz, products, [offer], {"v": world.quiz})
    for recommender in (RulesRecommender(), data.draw(models(world))):
        served = recommender.scores(world.quiz, products, world.answers)
        scores = found.scores(recommender.model)
        assert scores is not None
        for n, id in enumerate(ids):
            assert scores[0, n] == (pytest.approx(served[n], abs=1e-8) if id in eligible else -np.inf)


@pytest.mark.parametrize("recommender", [RulesRecommender(), TableRecommender("m", liking("light-bean"))])
@pytest.mark.parametrize("depth", [1, 3, 6])
def test_chances_are_the_policys(recommender: Recommender, depth: int) -> None:
    """The product of the propensities that were logged, however many offers are worked out at once."""
    some = [("dark-bean", "light-bean"), IDS[:5], IDS]
    offers = [drawn(recommender, str(n), {"brew": BREWS[n % 3]}, depth=depth, eligible=some[n % 3]) for n in range(30)]
    for most in (1, 50, 2_000_000):
        replayed = replay(offers, most_scores=most)
        found = replayed.chances(recommender.model)
        assert found == pytest.approx([prod(offer.propensities) for offer in offers])
        assert replayed.exact(np.asarray(found)).all()


def test_slots_are_the_marginals_of_what_was_shown() -> None:
    """Of the first three places; NaN where an offer was shorter; the same however many are worked out at once."""
    recommender = TableRecommender("m", liking("nutty"))
    offers = [drawn(recommender, str(n), {"brew": BREWS[n % 3]}, depth=1 + n % 5) for n in range(20)]
    whole = replay(offers).slots(recommender.model)
    assert whole is not None
    assert whole.shape == (20, 3)
    for row, offer in zip(whole, offers, strict=True):
        scores = np.asarray(recommender.scores(QUIZ, PRODUCTS, offer.pattern.answers))
        scores[IDS.index("sold-out")] = -np.inf
        each = marginals(POLICY, scores)[0]
        wanted = [each[IDS.index(id), slot] for slot, id in enumerate(offer.order[:3])]
        assert row[: len(wanted)] == pytest.approx(wanted)
        assert np.isnan(row[len(wanted) :]).all()
    again = replay(offers, most_scores=20).slots(recommender.model)
    assert again == pytest.approx(whole, nan_ok=True)


def test_work_grows_with_situations_and_not_with_offers() -> None:
    """A thousand offers in three situations need three rows of scores."""
    found = replay(shop(1000, RulesRecommender(), "nutty"))
    assert len(found.situations) == 3
    scores = found.scores(None)
    assert scores is not None
    assert scores.shape == (3, len(IDS))
    assert len(found.offers) == 1000


def test_offers_that_cannot_be_told_are_left_out() -> None:
    """With a product that is gone, or of a version that cannot be read; what is no longer eligible is no matter."""
    kept, gone, unknown = shop(3, RulesRecommender(), "nutty")
    gone = gone._replace(order=("gone", *gone.order[1:]))
    unknown = unknown._replace(pattern=Pattern("unreadable", {}))
    kept = kept._replace(eligible=(*kept.eligible, "gone"))
    found = replay([kept, gone, unknown])
    assert (found.offers, found.left_out) == ([kept], {gone.attempt, unknown.attempt})


def test_an_empty_replay_says_nothing() -> None:
    """Neither of a model nor of a challenge, and without an error."""
    none = replay([])
    model = liking("nutty")
    assert replay_value(none, model, lambda _: None) is None
    assert challenged(none, serving=None, challenger=model, terms=Terms("x", 0.2, 10)) is None
    empty = logged(Pattern("now", {}))
    assert replay_value(replay([empty]), model, lambda _: None) is None


def test_a_model_of_other_columns_cannot_be_replayed() -> None:
    """Its rows are of other answers."""
    columns = columns_of(QUIZ)[:2]
    other = ModelTable(IDS, columns, SLOPE, (0.0,) * 8, tuple(((0.0,) * 8,) * column.codes for column in columns))
    found = replay(shop(5, RulesRecommender(), "nutty"))
    assert found.scores(other) is None
    assert found.chances(other) is None
    assert found.slots(other) is None
    assert replay_value(found, other, lambda _: None) is None
    assert challenged(found, serving=None, challenger=other, terms=Terms("x", 0.2, 10)) is None
    assert replay([]).chances(other) is None


def test_a_model_that_reverses_a_good_one_is_harmful() -> None:
    """What everybody buys is put last by it; the good one again is not harmful, and its value is what was earned."""
    good = TableRecommender("good", liking("light-bean", 0.6))
    offers = shop(2500, good, "light-bean")
    found = replay(offers)
    reversed_ = replay_value(found, liking("light-bean", -0.6), {"good": good.model}.get)
    again = replay_value(found, liking("light-bean", 0.6), {"good": good.model}.get)
    assert reversed_ is not None
    assert again is not None
    assert reversed_.evaluation.value < again.evaluation.value
    assert reversed_.harmful
    assert not again.harmful
    assert again.evaluation.value == pytest.approx(again.logged)
    assert again.offers == 2500


def test_what_the_log_cannot_tell_is_not_called_harmful() -> None:
    """A few offers, or none of the model's: refused."""
    few = replay_value(replay(shop(30, RulesRecommender(), "light-bean")), liking("nutty", -9.0), lambda _: None)
    assert few is not None
    assert few.refused
    assert not few.harmful
    gone = TableRecommender("gone", liking("nutty"))
    assert replay_value(replay(shop(30, gone, "nutty")), liking("nutty"), lambda _: None) is None


def test_offers_whose_propensities_do_not_come_out_are_not_believed() -> None:
    """They were drawn when the quiz had other points or the products other tags: the rest is what counts."""
    offers = shop(40, RulesRecommender(), "light-bean")
    wrong = [offer._replace(propensities=tuple(0.9 * each for each in offer.propensities)) for offer in offers[:10]]
    found = replay_value(replay([*wrong, *offers[10:]]), liking("light-bean"), lambda _: None)
    assert found is not None
    assert found.offers == 30


def challenge(count: int, *, better: bool, seed: int = 3) -> list[Logged]:
    """Return the log of a challenge that gives a third of the shoppers to a model that likes or dislikes what sells."""
    mine = TableRecommender(CHALLENGER, liking("light-bean", 1.5 if better else -1.5))
    rules = RulesRecommender()
    new = iter(shop(count, mine, "light-bean", seed=seed, name="n", rival=RULES, share=1 / 3))
    old = iter(shop(count, rules, "light-bean", seed=seed + 1, name="o", rival=CHALLENGER, share=2 / 3))
    return [next(new) if n % 3 == 0 else next(old) for n in range(count)]


def told(offers: list[Logged], challenger: ModelTable, terms: Terms, *, untold: int = 0) -> ChallengeLog:
    """Return the log of a challenge of the rules, of which all but some can be told."""
    found = challenged(replay(offers), serving=None, challenger=challenger, terms=terms)
    assert found is not None
    assert found.untold == untold
    assert found.challenge is not None
    return found.challenge


@pytest.mark.parametrize(("better", "verdict"), [(True, "promote"), (False, "keep")])
def test_a_challenges_log_decides_it(verdict: str, *, better: bool) -> None:
    """As mixture data that `decide` takes: a clearly better model is promoted, a clearly worse one is not."""
    mine = liking("light-bean", 1.5 if better else -1.5)
    terms = Terms(CHALLENGER, 1 / 3, 100_000)
    found = told(challenge(2000, better=better), mine, terms)
    assert (found.share, found.planned) == (1 / 3, 100_000)
    assert decide(found).verdict == verdict


def test_an_attempt_is_one_shopper() -> None:
    """Its offers' chances multiply, it bought if it bought from any, and it stands where its last offer does."""
    rules = RulesRecommender()
    first, other, second = (
        drawn(rules, attempt, {"brew": brew}, rival=CHALLENGER, share=0.8)
        for attempt, brew in (("a", "espresso"), ("b", "moka"), ("a", "filter"))
    )
    first = first._replace(bought=frozenset(first.order[:1]))
    terms = Terms(CHALLENGER, 0.2, 10)
    found = told([first, other, second], liking("nutty"), terms)
    assert found.rewards.tolist() == [0.0, 1.0]
    assert found.old == pytest.approx([prod(other.propensities), prod(first.propensities + second.propensities)])
    each: Floats = np.asarray(replay([first, second]).chances(liking("nutty")))
    assert found.new[1] == pytest.approx(each.prod())


def test_an_attempt_with_an_offer_that_does_not_come_out_is_left_out_whole() -> None:
    """Half of what it saw is not what it saw; where nothing is left nothing is said."""
    rules = RulesRecommender()
    whole, one, two = (drawn(rules, name, {"brew": "moka"}, rival=CHALLENGER, share=0.8) for name in "abb")
    two = two._replace(propensities=(0.5, 0.5, 0.5))
    terms = Terms(CHALLENGER, 0.2, 10)
    gone = two._replace(order=("gone", *two.order[1:]))
    for broken in (two, gone):
        found = told([whole, one, broken], liking("nutty"), terms, untold=1)
        assert len(found.rewards) == 1
    only = challenged(replay([gone]), serving=None, challenger=liking("nutty"), terms=terms)
    assert only == (None, 1)
    none = challenged(replay([one, two]), serving=None, challenger=liking("nutty"), terms=terms)
    assert none is not None
    assert (none.challenge, none.untold) == (None, 1)
    assert none.says.startswith("1 shoppers are left out")


def test_a_purchase_of_what_was_not_shown_is_no_reward() -> None:
    """Only slots that were seen are bought from."""
    offer = drawn(RulesRecommender(), "a", {"brew": "moka"}, depth=2)
    shown = offer._replace(bought=frozenset({offer.order[1], "elsewhere"}))
    longer = drawn(RulesRecommender(), "b", {"brew": "moka"}, depth=3)
    assert replay([shown, longer]).bought().tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    assert coffee_model().columns == columns_of(QUIZ)
