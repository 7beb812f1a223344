"""Offers of the coffee quiz as they would be logged, and a shop whose shoppers want one certain product."""

from typing import Any

import numpy as np

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.offpolicy.replay import Logged, Replay
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Recommender
from quizfunnel.recommend.serving.score_model import RULES
from quizfunnel.recommend.training.grouped_log import Pattern
from tests.cast import coffee_catalog, coffee_quiz

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
