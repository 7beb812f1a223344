"""Simulated world: the known truth of who comes, why they buy, and what the quiz really does; pure.

Purchase intent is hidden. It makes people more likely both to take a quiz and to buy, so that takers
buy more often than others even in the world where the quiz does nothing.
"""

import math
import random
from collections.abc import Mapping
from typing import NamedTuple

from quizfunnel.quiz import paths
from quizfunnel.quiz.spec import AnswerValue, Question, Quiz

EFFECTS: Mapping[str, float] = {"helps": 0.45, "nothing": 0.0, "hurts": -0.45}
"""Effect of finishing the quiz on the log-odds of buying, where the offer fits as offers mostly do, by world."""

BASE = -3.1  # log-odds of buying at mean intent
BOUNCER_SHARE = 0.35
DIRECT_SHARE = 0.03  # come to the quiz from outside, without having seen the shop
ASTRAY_SHARE = 0.01  # of the holdout, who find the quiz all the same
NO_SCRIPT_SHARE = 0.03
BOT_SHARE = 0.02
LOST_TOKEN_SHARE = 0.05  # orders that come back without the cart's token, in both arms alike
REFUND_SHARE = 0.04
CANCEL_SHARE = 0.01
USUAL_FIT = 0.85  # the share of the shelf that is liked less than the best of an offer
BAD_FIT = 0.65
CLICK_SHARE = 0.45  # of those who see an offer, at the usual fit
REJECT_SHARE = 0.4  # of those whom an offer fits badly say that none of it suits
BACK_SHARE = 0.03  # go back to the question before and answer it again
AT_ONCE_SHARE = 0.7  # of the orders, within the hour
LATER_DAYS = 4  # of the other ones, on average: some come after the window
SECOND_ITEM_SHARE = 0.3
ROUTINE_SHARE = (
    0.5  # of the orders after a routine, that a further step of it is in where it fits as the middle of its kind
)
READER_SHARE = 0.15  # take their time over every question

_A_MINUTE = 60_000
_DEVICES = (("phone", 0.66), ("desktop", 0.28), ("tablet", 0.06))
_CHANNELS = (("search", 0.38), ("direct", 0.24), ("social", 0.18), ("paid", 0.12), ("email", 0.08))


class Person(NamedTuple):
    """Latent traits of one simulated visitor, which nobody can see."""

    intent: float
    bouncer: bool
    direct: bool
    bot: bool
    scripted: bool
    reader: bool
    device: str
    channel: str


class SimulatedStep(NamedTuple):
    """Time spent on one question, in milliseconds; `answered` is false where the visitor leaves instead."""

    answered: bool
    wall_ms: int
    active_ms: int
    active10_ms: int


def person(draw: random.Random) -> Person:
    """Draw a visitor."""
    bouncer = draw.random() < BOUNCER_SHARE
    return Person(
        intent=draw.gauss(-1.5 if bouncer else 0.0, 0.9),
        bouncer=bouncer,
        direct=draw.random() < DIRECT_SHARE,
        bot=draw.random() < BOT_SHARE,
        scripted=draw.random() >= NO_SCRIPT_SHARE,
        reader=draw.random() < READER_SHARE,
        device=_pick(draw, _DEVICES),
        channel=_pick(draw, _CHANNELS),
    )


def takes_quiz(draw: random.Random, who: Person, *, invited: bool) -> bool:
    """Draw whether a visitor starts the quiz; intent makes it likelier."""
    if not invited:
        return draw.random() < ASTRAY_SHARE
    return not who.bouncer and draw.random() < _chance(-0.3 + 0.8 * who.intent)


def effect(world: str, fit: float) -> float:
    """Return the effect of finishing the quiz on the log-odds of buying: the better the offer fits, the more."""
    better, strength = fit - USUAL_FIT, EFFECTS[world]
    return strength * (1 + better if strength > 0 else 1 - better)


def buys(draw: random.Random, who: Person, *, effect: float) -> bool:
    """Draw whether a visitor buys: by intent, and by what finishing the quiz did."""
    return draw.random() < buying(who, effect=effect)


def buying(who: Person, *, effect: float) -> float:
    """Return a visitor's chance of buying."""
    return _chance(BASE + 0.9 * who.intent + effect)


def clicks(draw: random.Random, *, fit: float) -> bool:
    """Draw whether something of an offer is looked at in the shop."""
    return draw.random() < _chance(math.log(CLICK_SHARE / (1 - CLICK_SHARE)) + 1.5 * (fit - USUAL_FIT))


def rejects(draw: random.Random, *, fit: float) -> bool:
    """Draw whether none of an offer suits."""
    return draw.random() < REJECT_SHARE and fit < BAD_FIT


def step(draw: random.Random, who: Person, number: int) -> SimulatedStep:
    """Draw how the visitor goes through its `number`-th question, from 1."""
    slow = (3.5 if who.reader else 1.0) * math.exp(0.1 * who.intent)
    wall = int(min(540_000, max(1_200, draw.lognormvariate(math.log(7_500 * slow), 0.55))))
    active = int(wall * draw.uniform(0.75, 1.0)) if wall < _A_MINUTE else int(draw.uniform(0.5, 0.9) * wall)
    active10 = min(active, int(active * draw.uniform(0.6, 1.0)))
    leaves = draw.random() < (0.05 if number == 1 else 0.025) * (1.6 if who.intent < -1 else 1.0)
    return SimulatedStep(not leaves, wall, active, active10)


def next_unanswered(quiz: Quiz, answers: Mapping[str, AnswerValue]) -> Question | None:
    """Return the question that the quiz asks next."""
    return next((question for question in paths.asked(quiz, answers) if question.id not in answers), None)


def _pick(draw: random.Random, shares: tuple[tuple[str, float], ...]) -> str:
    return draw.choices([name for name, _ in shares], [share for _, share in shares])[0]


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
