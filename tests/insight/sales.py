"""Logs of the coffee shop with offers as they are really drawn: any model, and shoppers who want one product."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender
from tests.cast import NOON, coffee_catalog, coffee_quiz
from tests.insight.shop import VERSION, Books

POLICY = PlackettLucePolicy(temperature=0.3, epsilon=0.05)
PRODUCTS = Products(coffee_catalog().products)
ANSWERS: dict[str, list[AnswerValue]] = {"brew": ["espresso", "filter", "moka"], "moment": ["morning", "evening"]}

Taste = Callable[[dict[str, AnswerValue], int], str]


def wants(product: str) -> Taste:
    """Return a taste for one product, whatever was answered."""
    return lambda _, __: product


def by_brew(answers: dict[str, AnswerValue], _: int) -> str:
    """Want what the rules know nothing of: each way to brew has a favourite that has no points from it."""
    return {"espresso": "light-ground", "filter": "nutty", "moka": "decaf-bean"}[str(answers["brew"])]


def sell(books: Books, count: int, taste: Taste, *, start: datetime = NOON, **more: Any) -> None:
    """Add shoppers, one every half hour, who finish, see their offer, and mostly buy what they want where they see it.

    One in twenty wants something else that was shown. With a `rival`, `recommender` has a `share` of them.
    """
    for n in range(count):
        at = start + timedelta(minutes=30 * n)
        answers = {name: books.draw.choice(values) for name, values in ANSWERS.items()}
        simulated = more.get("simulated", False)
        visitor = books.visitor(at, arm=None, simulated=simulated)
        facts = {"simulated": simulated, "version": more.get("version", VERSION)}
        shown = _offered(books, books.attempt(visitor, at, [], finished=at, **facts), at, answers, **more)
        wanted = taste(answers, n) if books.draw.random() < 0.95 else books.draw.choice(shown)
        if wanted in shown and books.draw.random() < 0.7:
            books.order(visitor, at + timedelta(hours=1), product=wanted, simulated=simulated)


def _offered(books: Books, attempt: str, at: datetime, answers: dict[str, AnswerValue], **more: Any) -> list[str]:
    serving: Recommender = more.get("recommender") or RulesRecommender()
    rival: Any = more.get("rival")
    share = more.get("share", 1.0)
    mine = rival is None or books.draw.random() < share
    chosen = serving if mine else rival
    scores = chosen.scores(coffee_quiz(), PRODUCTS, answers)
    eligible = [n for n, each in enumerate(PRODUCTS.all) if each.available]
    slots = POLICY.rank([scores[n] for n in eligible], attempt)
    places = [eligible[slot.place] for slot in slots]
    shown = [PRODUCTS.all[place].id for place in places]
    books.chosen(
        attempt,
        at,
        shown,
        views=[(at, len(shown))],
        answers=answers,
        model=chosen.name,
        rival="" if rival is None else rival.name if mine else serving.name,
        share=share if mine else 1 - share,
        policy=POLICY.as_json(),
        eligible=[PRODUCTS.all[n].id for n in eligible],
        slots=[(scores[place], slot.propensity) for place, slot in zip(places, slots, strict=True)],
    )
    return shown
