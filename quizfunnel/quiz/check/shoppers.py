"""Simulated shoppers: people who answer a quiz evenly at random, the same ones at every check; pure.

Every answer on a page is as likely as any other, and skipping is one of them where it is offered. Of several choices
the number is drawn first, then which. Nobody answers so; but a share of people who do is a plainer measure of a dead
end than a share of combinations, where one question with many choices outweighs all others.

An answer depends on the shopper and the question alone: after an edit the same people come again, and a share that
changes does so by the edit.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import count
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
    """

    stocked: Products
    shoppers: tuple[SimulatedShopper, ...]
    shown: tuple[tuple[str, ...], ...] = ()
    choose: Choose | None = None

    @property
    def seen(self) -> Counter[str]:
        """Count the shoppers whom each product was shown."""
        return Counter(name for names in self.shown for name in names)

    @property
    def first(self) -> Counter[str]:
        """Count the shoppers whom each product was shown first."""
        return Counter(names[0] for names in self.shown if names)

    def share(self, count: int) -> str:
        """Return how many of the shoppers, as a percentage where that says enough."""
        total = len(self.shoppers)
        if 0 < count < _PERCENT * total:
            return f"{count} of {total:,} simulated shoppers"
        return f"{count / total:.0%} of simulated shoppers"


def simulate(quiz: Quiz, stocked: Products, choose: Choose | None = None, *, people: int = SHOPPERS) -> Simulation:
    """Let shoppers take a quiz; `choose` then shows them products."""
    shoppers = tuple(_walk(quiz, stocked, f"shopper {number}", {}) for number in range(people))
    lists = tuple(shown(choose, shopper) for shopper in shoppers) if choose else ()
    return Simulation(stocked, shoppers, lists, choose)


def shown(choose: Choose, shopper: SimulatedShopper) -> tuple[str, ...]:
    """Return the ids of the products that a shopper is shown."""
    return tuple(product.id for product in choose(shopper.answers, shopper.seed))


def otherwise(quiz: Quiz, products: Products, shopper: SimulatedShopper, question: Question) -> SimulatedShopper | None:
    """Return the same shopper with another answer to one question; None where no other one was drawn."""
    draw = _draw(f"{shopper.seed}, otherwise", question)
    for _ in range(_TRIES):
        value = question.drawn_answer(draw)
        if value != shopper.answers[question.id]:
            return _walk(quiz, products, shopper.seed, {**shopper.answers, question.id: value})
    return None


def _walk(quiz: Quiz, products: Products, seed: str, given: Answers) -> SimulatedShopper:
    """Take every question that is asked, those of `given` with that answer."""
    bits, left, answers = 0, products.everything, dict[str, AnswerValue]()
    for step in paths.steps(quiz):
        if step.is_asked(bits):
            question = step.question
            known = question.id in given
            value = given[question.id] if known else question.drawn_answer(_draw(seed, question))
            answers[question.id] = value
            bits |= step.sets(value)
            left &= products.left(question, value)
    return SimulatedShopper(seed, answers, left)


def _draw(seed: str, question: Question) -> Callable[[], float]:
    """Return a source of numbers from 0 to below 1: digests, which are the same on every machine and cheap to begin."""
    return _numbers(f"{seed}: {question.id}").__next__


def _numbers(seed: str) -> Iterator[float]:
    for block in count():
        for number in struct.unpack("<8Q", blake2b(f"{seed}: {block}".encode()).digest()):
            yield (number >> 11) * 2.0**-53
