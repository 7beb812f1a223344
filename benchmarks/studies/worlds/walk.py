"""One simulated visitor's way through the demo's worlds, in memory.

What is drawn, from what and in which order is that of `quizfunnel.demo.simulate`, so that a seed gives the very
visitors that the demo writes into its database; tests/benchmarks/test_worlds.py holds the two against each other.
The worlds part where it is drawn whether a visitor buys: one way serves all of them.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b, sha256
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.demo import deliveries, simulate, world
from quizfunnel.demo.purchase import SeenProducts, purchase
from quizfunnel.demo.shop import order
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.journey import progress
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.choose import answers_hash, choose
from quizfunnel.offer.products import Chosen
from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.spec import AnswerValue, Experiment, Question
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender
from quizfunnel.recommend.serving.score_table import ScoreTable

_PATTERNS = 100_000  # of answers, whose way on is remembered
_Given = tuple[tuple[str, AnswerValue], ...]


class Bought(NamedTuple):
    """One order: when, when it is refunded or called off, and whether the shopper's token and click came with it."""

    at: datetime
    undone: datetime | None
    token: bool
    click: bool


class Shopper(NamedTuple):
    """Visitor who came past the invitation: the walk through the quiz, and whether it buys in each world.

    `luck` is what the `chances` of buying are held against; `bought` is the order of any world in which it buys.
    """

    arm: str
    t0: datetime
    last_view: datetime
    started: bool
    finished: bool
    active: int | None
    chances: Mapping[str, float]
    luck: float
    bought: Bought | None

    def buys(self, name: str) -> bool:
        """Tell whether the shopper buys in a world, whatever becomes of the order."""
        return self.luck < self.chances[name]


@dataclass(frozen=True)
class Shop:
    """The demo's quizzes, the one that is looked at, a seed, and the moment up to which history goes."""

    markets: list[Market]
    slug: str
    seed: int
    now: datetime

    @cached_property
    def mine(self) -> Market:
        """Return the quiz that is looked at; raise RuntimeError without it."""
        found = next((market for market in self.markets if market.live.slug == self.slug), None)
        if found is None:
            raise RuntimeError(f"the shop sells nothing by a quiz {self.slug}")
        return found

    @cached_property
    def experiment(self) -> Experiment:
        """Return the quiz's experiment."""
        found = self.mine.live.quiz.experiment
        if found is None:
            raise RuntimeError(f"quiz {self.slug} has no experiment, and so no verdict")
        return found

    @cached_property
    def table(self) -> ScoreTable:
        """Return the rules' table of scores."""
        live = self.mine.live
        return RulesRecommender().table(live.quiz, products_of(live.catalog))

    def arm(self, visitor: str) -> str:
        """Return the arm that the demo's dice draw a visitor into."""
        text, key = f"{self.slug}\0{self.experiment.name}\0{visitor}", f"arms of seed {self.seed}"
        drawn = int.from_bytes(blake2b(text.encode(), key=key.encode()[:64]).digest()[:8])
        return HOLDOUT if drawn < self.experiment.holdout_share * 2**64 else INVITED


class _Liking(Taste):
    """A taste that looks up what a wish takes from a product: many have the same wishes."""

    def _misses(self, question: Question, product: Product) -> float:
        key = (self._market, question.id, self._wishes[question.id], product.id)
        if key not in _lost:
            _lost[key] = super()._misses(question, product)
        return _lost[key]


_lost: dict[tuple[Market, str, float, str], float] = {}


@dataclass
class _Way:
    """One visitor on its way; `answers` are what it believes it gave, `kept` what was recorded."""

    name: str
    draw: random.Random
    who: world.Person
    market: Market
    at: datetime
    until: datetime
    steps: int = 0
    active: int | None = None
    answers: dict[str, AnswerValue] = field(default_factory=dict)
    kept: dict[str, AnswerValue] = field(default_factory=dict)
    seen: SeenProducts = field(default_factory=SeenProducts)
    complete: bool = False  # every question of the path has been answered, once
    finished: bool = False

    @cached_property
    def taste(self) -> Taste:
        """Return the visitor's taste, by dice of its own."""
        return _Liking(random.Random(f"{self.name}:taste"), self.market)


def shoppers(shop: Shop, visitors: int) -> Iterator[Shopper]:
    """Give those of a history's visitors who came past the invitation of the quiz that is looked at."""
    for number in range(visitors):
        way = _come(shop, number)
        if way.market is shop.mine and not way.who.bot and not way.who.direct:
            yield _walk(shop, way)


def _come(shop: Shop, number: int) -> _Way:
    name = f"{shop.seed}:{number}"
    draw = random.Random(name)
    who = world.person(draw)
    at = shop.now - simulate.LONGEST_LOOK - timedelta(days=simulate.DAYS * (1 - draw.random()))
    return _Way(name, draw, who, draw.choice(shop.markets), at, until=shop.now)


def _walk(shop: Shop, way: _Way) -> Shopper:
    arm, t0 = shop.arm(_id(way.name, "visitor")), way.at
    last_view = _look_around(way)
    started = world.takes_quiz(way.draw, way.who, invited=arm == INVITED)
    if started:
        last_view = way.at
        _take_quiz(shop, way)
    chances, luck = _chances(way), way.draw.random()
    bought = _buy(way) if luck < max(chances.values()) else None
    return Shopper(
        arm=arm,
        t0=t0,
        last_view=last_view,
        started=started,
        finished=way.complete,
        active=way.active,
        chances=chances,
        luck=luck,
        bought=bought,
    )


def _chances(way: _Way) -> Mapping[str, float]:
    """Return the chance of buying by world: the same in all of them unless the quiz was finished."""
    if not way.finished:
        return dict.fromkeys(world.EFFECTS, world.buying(way.who, effect=0.0))
    fit = way.taste.fit(way.seen.offered)
    return {name: world.buying(way.who, effect=world.effect(name, fit)) for name in world.EFFECTS}


def _look_around(way: _Way) -> datetime:
    """View pages of the shop; return when the last one was."""
    draw, last = way.draw, way.at
    way.at += timedelta(seconds=draw.uniform(6, 70))
    for _ in range(0 if way.who.bouncer else draw.randint(0, 3)):
        way.seen.looked_at.append(draw.choice(way.market.shelf))
        last = way.at
        way.at += timedelta(seconds=draw.uniform(6, 70))
    return last


def _take_quiz(shop: Shop, way: _Way) -> None:
    before: Question | None = None
    while (question := _next(QuizKey(way.market.live.quiz), tuple(way.answers.items()))) is not None:
        if not _answer(way, question):
            return
        goes_back = before is not None and way.draw.random() < world.BACK_SHARE
        if before and goes_back and not _answer(way, before):
            return
        before = question
    way.finished = True
    _see_offer(shop, way)


def _answer(way: _Way, question: Question) -> bool:
    way.steps += 1
    step = world.step(way.draw, way.who, way.steps)
    way.at += timedelta(milliseconds=step.wall_ms)
    if way.at >= way.until or not step.answered:
        return False
    value = way.taste.answer(way.draw, question)
    _record(way, question, value, step.active_ms)
    way.answers[question.id] = value
    return True


def _record(way: _Way, question: Question, value: AnswerValue, active: int) -> None:
    """Keep an answer where the shopper may stand at its question, with its time where a browser measured it."""
    quiz = QuizKey(way.market.live.quiz)
    if not _reachable(quiz, tuple(way.kept.items()), question.id):
        return
    way.kept[question.id] = value
    way.complete = way.complete or _next(quiz, tuple(way.kept.items())) is None
    if way.who.scripted:
        way.active = (way.active or 0) + active


@lru_cache(maxsize=_PATTERNS)
def _next(quiz: QuizKey, answers: _Given) -> Question | None:
    return world.next_unanswered(quiz.quiz, dict(answers))


@lru_cache(maxsize=_PATTERNS)
def _reachable(quiz: QuizKey, answers: _Given, question: str) -> bool:
    return progress.reachable(quiz.quiz, dict(answers), question)


def _see_offer(shop: Shop, way: _Way) -> None:
    first, more = _offer(shop, way)
    if not first:
        return
    draw, shown = way.draw, first
    way.at += timedelta(seconds=1)
    if world.rejects(draw, fit=way.taste.fit([item.product for item in shown])):
        way.at += timedelta(seconds=draw.uniform(5, 40))
        shown += more
    way.seen.offered = tuple(item.product for item in shown)
    way.seen.routine = tuple(
        tuple(item.product for item in shown if item.section == section.id)
        for section in way.market.live.quiz.offer.sections
    )
    if world.clicks(draw, fit=way.taste.fit(way.seen.offered)):
        way.at += timedelta(seconds=draw.uniform(5, 60))
        way.seen.clicked = way.taste.click(draw, way.seen.offered)


def _offer(shop: Shop, way: _Way) -> tuple[tuple[Chosen, ...], tuple[Chosen, ...]]:
    """Return the products shown first, and those after them for whom nothing suits."""
    quiz = way.market.live.quiz
    answers = progress.live_answers(quiz, way.answers)
    seed = f"{_id(way.name, 'attempt')}:{answers_hash(answers)}"
    choice = choose(shop.table, PlackettLucePolicy(), answers, seed=seed)
    first = tuple(item for item in choice.items if item.rank <= quiz.offer.page)
    return first, tuple(item for item in choice.items if item.rank > quiz.offer.page)


def _buy(way: _Way) -> Bought | None:
    """Return the order, None where it would be placed after the end of history."""
    draw = way.draw
    at = way.at + deliveries.delay(draw)
    if at >= way.until:
        return None
    products = purchase(draw, way.taste, seen=way.seen, shelf=way.market.shelf)
    lines = [order.Bought(product, 1) for product in products]
    token = draw.random() >= world.LOST_TOKEN_SHARE
    _, *later = deliveries.events(draw, order.Placed("S", tuple(lines), "", "", at))
    undone = later[0].at if later and later[0].at < way.until else None
    return Bought(at, undone, token, way.seen.clicked is not None)


def _id(name: str, what: str) -> str:
    return sha256(f"{name}:{what}".encode()).hexdigest()[:32]
