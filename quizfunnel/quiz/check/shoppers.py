"""Simulated shoppers: people who answer a quiz evenly at random, the same ones at every check; pure.

Every answer on a page is as likely as any other, and skipping is one of them where it is offered. Of several choices
the number is drawn first, then which. Nobody answers so; but a share of people who do is a plainer measure of a dead
end than a share of combinations, where one question with many choices outweighs all others.

Each draw is a shopper's own number for the question, spread evenly over those who are asked (stratified sampling), so
that half of the people choose one of two. After an edit the same people come again with the same numbers, and a share
that changes does so by the edit.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, count, takewhile
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.quiz import paths
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz

SHOPPERS = 1_000
_TRIES = 20
_PERCENT = 0.01

Choose = Callable[[Answers, str], Sequence[Product]]
"""Chooses as the serving program does: the products that a shopper with these answers and this seed is shown."""


class SimulatedShopper(NamedTuple):
    """One shopper at the end of the quiz: the seed of all that is drawn, the answers, the products that they leave."""

    seed: str
    answers: Mapping[str, AnswerValue]
    left: int


class Simulation(NamedTuple):
    """Shoppers who took one quiz over the products that can be bought, and what each was shown.

    `shown` are ids in their order, one tuple a shopper; () without `choose`, where only the rules are looked at.
    `leads` are those of them that stand first in their section, or in the offer where it has none.
    """

    stocked: Products
    shoppers: tuple[SimulatedShopper, ...]
    shown: tuple[tuple[str, ...], ...] = ()
    choose: Choose | None = None
    leads: tuple[tuple[str, ...], ...] = ()

    @property
    def seen(self) -> Counter[str]:
        """Count the shoppers whom each product was shown."""
        return Counter(name for names in self.shown for name in names)

    @property
    def first(self) -> Counter[str]:
        """Count the shoppers whom each product was shown first, in its section where there are any."""
        return Counter(name for names in self.leads for name in names)

    def share(self, count: int) -> str:
        """Return how many of the shoppers, as a percentage where that says enough."""
        total = len(self.shoppers)
        if 0 < count < _PERCENT * total:
            return f"{count} of {total:,} simulated shoppers"
        return f"{count / total:.0%} of simulated shoppers"


def simulate(quiz: Quiz, stocked: Products, choose: Choose | None = None, *, people: int = SHOPPERS) -> Simulation:
    """Let shoppers take a quiz; `choose` then shows them products."""
    shoppers = _take(quiz, stocked, [f"shopper {number}" for number in range(people)])
    lists = tuple(shown(choose, shopper) for shopper in shoppers) if choose else ()
    by_id = {product.id: product for product in stocked.all}
    return Simulation(stocked, shoppers, lists, choose, tuple(_leads(quiz, by_id, names) for names in lists))


def _leads(quiz: Quiz, by_id: Mapping[str, Product], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what leads each section, of products that stand section by section.

    A section that shows fewer than it may took all that it could, so that it takes nothing of what follows.
    """
    if not quiz.offer.sections:
        return names[:1]
    leads: list[str] = []
    rest = [by_id[name] for name in names]
    for section in quiz.offer.sections:
        mine = list(takewhile(section.takes, rest[: section.show]))
        leads += [product.id for product in mine[:1]]
        rest = rest[len(mine) :]
    return tuple(leads)


def shown(choose: Choose, shopper: SimulatedShopper) -> tuple[str, ...]:
    """Return the ids of the products that a shopper is shown."""
    return tuple(product.id for product in choose(shopper.answers, shopper.seed))


def otherwise(quiz: Quiz, products: Products, shopper: SimulatedShopper, question: Question) -> SimulatedShopper | None:
    """Return the same shopper with another answer to a question that no `when` names; None where no other was drawn."""
    draw = _numbers(f"{shopper.seed}, otherwise: {question.id}").__next__
    for _ in range(_TRIES):
        value = question.drawn_answer(draw)
        if value != shopper.answers[question.id]:
            return _walk(quiz, products, shopper.seed, {**shopper.answers, question.id: value})
    return None


def _take(quiz: Quiz, products: Products, seeds: Sequence[str]) -> tuple[SimulatedShopper, ...]:
    """Let everybody take the quiz, question by question."""
    taken = [SimulatedShopper(seed, {}, products.everything) for seed in seeds]
    bits = [0] * len(seeds)
    for step in paths.steps(quiz):
        asked = [place for place, set_ in enumerate(bits) if step.is_asked(set_)]
        values = _evenly(step.question, [seeds[place] for place in asked])
        for place, value in zip(asked, values, strict=True):
            bits[place] |= step.sets(value)
            taken[place] = _with(taken[place], products, step.question, value)
    return tuple(taken)


def _evenly(question: Question, seeds: Sequence[str]) -> Iterator[AnswerValue]:
    """Yield an answer for each of those who are asked: their first numbers are spread evenly, in their own order."""
    sources = [_numbers(f"{seed}: {question.id}") for seed in seeds]
    own = [next(source) for source in sources]
    even = dict(zip(sorted(own), ((rank + 0.5) / len(own) for rank in range(len(own))), strict=True))
    for number, source in zip(own, sources, strict=True):
        yield question.drawn_answer(chain([even[number]], source).__next__)


def _walk(quiz: Quiz, products: Products, seed: str, given: Answers) -> SimulatedShopper:
    """Return a shopper with these answers to all questions that are asked."""
    shopper, bits = SimulatedShopper(seed, {}, products.everything), 0
    for step in paths.steps(quiz):
        if step.is_asked(bits):
            value = given[step.question.id]
            bits |= step.sets(value)
            shopper = _with(shopper, products, step.question, value)
    return shopper


def _with(shopper: SimulatedShopper, products: Products, question: Question, value: AnswerValue) -> SimulatedShopper:
    left = shopper.left & products.left(question, value)
    return SimulatedShopper(shopper.seed, {**shopper.answers, question.id: value}, left)


def _numbers(seed: str) -> Iterator[float]:
    """Yield numbers from 0 to below 1: digests, which are the same on every machine and cheap to begin."""
    for block in count():
        for number in struct.unpack("<8Q", blake2b(f"{seed}: {block}".encode()).digest()):
            yield (number >> 11) * 2.0**-53
