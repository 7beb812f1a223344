"""Offers as they were logged, replayed: what models would have shown, and what that says of them."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.quiz.rules import Products
from quizfunnel.recommend.offpolicy.propensities import marginals
from quizfunnel.recommend.offpolicy.replay import Replay, replay_value
from quizfunnel.recommend.offpolicy.replayed_challenge import Terms, challenged
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.points import SLOPE
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import ModelTable
from quizfunnel.recommend.training.grouped_log import Pattern
from tests.recommend.offpolicy.offers import BREWS, IDS, POLICY, PRODUCTS, QUIZ, drawn, logged, replay, shop
from tests.recommend.trained import liking, models
from tests.recommend.worlds import World, worlds


@pytest.mark.thorough
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
    """It puts last what everybody buys; the good one again is not harmful, and its value is what was earned."""
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
