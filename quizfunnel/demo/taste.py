"""Taste of a simulated person: the same utilities behind its answers, its clicks and what it buys; pure.

Answers therefore tell something of what will be bought, as they do in a shop, and never all of it: every
product has a quality that no rule of the quiz names.
"""

import math
import random
import statistics
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.demo.world import ROUTINE_SHARE
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.rule import attribute, matches
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue, Question

SKIP_SHARE = 0.5  # of optional questions
NOISE = 0.5  # how far an answer strays from the taste
QUALITY = 0.4  # standard deviation of what products have beyond what rules name
REFUSED = 2.0  # what breaking a limit takes from a product, such as a price above the budget
SHARPNESS = 1.2  # how surely the better of two products is taken
CLICKED = 4.0  # how much more a product weighs that was looked at from the offer


class _Facts(NamedTuple):
    """Product as tastes see it: the quiz's selectors that fit it, its dearness, its hidden quality."""

    selectors: tuple[str, ...]
    dearness: float
    quality: float


class Market:
    """One quiz with what can be bought; made once for all who meet it."""

    def __init__(self, live: LiveQuiz) -> None:
        """Read which of the quiz's selectors fit which product."""
        self.live = live
        self.shelf = tuple(product for product in live.catalog.products if product.available)
        questions = live.quiz.questions
        self.numeric = tuple(question for question in questions if question.numbers())
        self.selectors = tuple(sorted({named.selector for question in questions for named in question.selectors()}))
        typical = statistics.median(product.price for product in live.catalog.products) or 1
        self._facts = {product.id: self._look(product, typical) for product in live.catalog.products}

    def facts(self, product: Product) -> _Facts:
        """Return a product's facts as tastes see them."""
        return self._facts[product.id]

    def _look(self, product: Product, typical: float) -> _Facts:
        fitting = tuple(selector for selector in self.selectors if matches(product, selector))
        hidden = random.Random(f"quality of {product.id}").gauss(0, QUALITY)  # noqa: S311 - a simulation, not a secret
        return _Facts(fitting, math.log(max(product.price, 1) / typical), hidden)


class Taste:
    """One person's likes; all of them follow from `draw`."""

    def __init__(self, draw: random.Random, market: Market) -> None:
        """Draw how much each selector is liked, the wish on each scale, and how much a price matters."""
        self._market = market
        self._likes = {selector: draw.gauss(0, 1) for selector in market.selectors}
        self._wishes: dict[str, float] = {}
        for question in market.numeric:
            values = question.numbers()
            self._wishes[question.id] = values[min(len(values) - 1, int(draw.betavariate(2.2, 2.0) * len(values)))]
        self._thrift = draw.uniform(0.2, 1.0)
        self._known: dict[str, float] = {}

    def answer(self, draw: random.Random, question: Question) -> AnswerValue:
        """Answer a question nearly as the taste says; half of the optional ones are skipped."""
        if question.optional and draw.random() < SKIP_SHARE:
            return None
        return question.likely_answer(_Mood(self, draw))

    def wish(self, question: str) -> float:
        """Return the number that is liked best on a question's scale."""
        return self._wishes[question]

    def appeal(self, choice: Choice) -> float:
        """Return how much a choice is liked."""
        return sum(points * self._likes[selector] for selector, points in _points(choice).items())

    def utility(self, product: Product) -> float:
        """Return how much a product is liked, its price counted in."""
        if product.id not in self._known:
            facts = self._market.facts(product)
            liked = sum(self._likes[selector] for selector in facts.selectors) / math.sqrt(len(facts.selectors) or 1)
            refused = sum(self._misses(question, product) for question in self._market.numeric)
            self._known[product.id] = liked + facts.quality - self._thrift * facts.dearness - refused
        return self._known[product.id]

    def standing(self, product: Product) -> float:
        """Return the share of the products of its own kind that are liked less, 0 for the only one."""
        alike = [each for each in self._market.shelf if each.type == product.type and each is not product]
        own = self.utility(product)
        return sum(self.utility(each) < own for each in alike) / max(1, len(alike))

    def fit(self, products: Sequence[Product]) -> float:
        """Return the share of the shelf that is liked less than the best of `products`, 0 without any."""
        if not products:
            return 0.0
        return bisect_left(self._ladder, max(map(self.utility, products))) / len(self._ladder)

    def choose(self, draw: random.Random, products: Sequence[Product], *, clicked: Product | None = None) -> Product:
        """Draw one of `products`, the better liked the likelier; one that was clicked on weighs more."""
        weights = [
            math.exp(SHARPNESS * self.utility(product)) * (CLICKED if product is clicked else 1) for product in products
        ]
        return draw.choices(products, weights)[0]

    def further(self, draw: random.Random, routine: Sequence[Sequence[Product]], first: Product) -> Iterator[Product]:
        """Draw what goes with a first product: of each other step of a routine the one taken, if it is liked enough."""
        for step in routine:
            if step and first not in step:
                product = self.choose(draw, step)
                if draw.random() < 2 * ROUTINE_SHARE * self.standing(product):
                    yield product

    def click(self, draw: random.Random, offered: Sequence[Product]) -> Product:
        """Draw which product of an offer is looked at: by liking, and by how high it stands."""
        weights = [math.exp(self.utility(product)) / math.sqrt(rank) for rank, product in enumerate(offered, start=1)]
        return draw.choices(offered, weights)[0]

    @cached_property
    def _ladder(self) -> list[float]:
        """Return the utilities of all that can be bought, least first."""
        return sorted(map(self.utility, self._market.shelf))

    def _misses(self, question: Question, product: Product) -> float:
        """Return what a product loses for being off a wish: beyond a limit, or away from the level liked."""
        wish = self._wishes[question.id]
        lost = sum(REFUSED for rule in question.rules(wish) if not rule.allows(product))
        if soft := question.closeness(wish):
            level = attribute(product, soft.name)
            if isinstance(level, float):
                lost += min(1.0, soft.distance(level) / soft.span)
        return lost


class _Mood(NamedTuple):
    """A taste at the moment of one answer, which strays from it by the dice's noise."""

    taste: Taste
    draw: random.Random

    def appeal(self, choices: Sequence[Choice]) -> dict[str, float]:
        """Return how much each choice is liked just now."""
        return {choice.id: self.taste.appeal(choice) + NOISE * _gumbel(self.draw) for choice in choices}

    def wish(self, question: str) -> float:
        """Return the number that is liked best."""
        return self.taste.wish(question)


def _points(choice: Choice) -> Mapping[str, float]:
    """Return the weight of each selector's liking in a choice; a hard rule says as much as the strongest soft one."""
    weights: dict[str, float] = {selector: points / 3 for selector, points in choice.favours.items()}
    weights |= {selector: -points / 3 for selector, points in choice.against.items()}
    weights |= _each(choice.required, 1.0)
    return weights | _each(choice.excluded, -1.0)


def _each(selectors: Iterable[str], points: float) -> dict[str, float]:
    return dict.fromkeys(selectors, points)


def _gumbel(draw: random.Random) -> float:
    return -math.log(-math.log(draw.random() or 0.5))
