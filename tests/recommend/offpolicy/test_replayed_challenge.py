"""The log of two models, replayed, decides between them: shopper by shopper, and by nothing that does not come out."""

from math import prod

import numpy as np
import pytest

from quizfunnel.recommend.learners.code_book import Floats
from quizfunnel.recommend.offpolicy.challenge import ChallengeLog, decide
from quizfunnel.recommend.offpolicy.replay import Logged
from quizfunnel.recommend.offpolicy.replayed_challenge import Terms, challenged
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.recommender import RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from tests.recommend.offpolicy.offers import CHALLENGER, QUIZ, drawn, replay, shop
from tests.recommend.trained import coffee_model, liking


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
