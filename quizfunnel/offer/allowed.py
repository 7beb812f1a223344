"""Eligibility: the products that may be offered for a set of answers, in stock and forbidden by no hard rule; pure."""

import json
from functools import cached_property, lru_cache
from itertools import compress

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers
from quizfunnel.recommend.serving.compiled_rules import CompiledRules, compiled

MOST_KEPT = 256
_DIGITS = bytes.maketrans(b"01", b"\0\1")


class Allowed:
    """A set of products, in the forms in which it is asked for; one object for one set.

    `bits` has a bit a product, the first lowest, `selected` a byte of 1 or 0, `places` the places of those allowed.
    """

    def __init__(self, products: Products, bits: int) -> None:
        """Take all products and the bits of those that are allowed."""
        self.bits = bits
        # Through text, since Python turns a number into digits far quicker than it tests its bits one by one.
        self.selected = f"{bits:0{len(products.all)}b}"[::-1].encode().translate(_DIGITS)
        self.places = list(compress(range(len(products.all)), self.selected))
        self._products = products

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return the products' ids, in catalogue order."""
        return tuple(self._products.all[place].id for place in self.places)

    @cached_property
    def as_json(self) -> str:
        """Return the ids as they are logged with an offer."""
        return json.dumps(self.ids)


def allowed(rules: CompiledRules, answers: Answers) -> Allowed:
    """Return the products that may be offered for these answers."""
    products = rules.products
    return _allowed(products, buyable_bits(products) & ~rules.forbidden(answers))


def within(products: Products, may: Allowed, takes: int) -> Allowed:
    """Return those of some allowed products that a section takes, a bit each."""
    return _allowed(products, may.bits & takes)


def considered(live: LiveQuiz) -> int:
    """Count the products that an offer is chosen from: those that can be bought, of sections what any of them takes."""
    products = products_of(live.catalog)
    return (buyable_bits(products) & compiled(live.quiz, products).shown).bit_count()


@lru_cache(maxsize=64)
def products_of(catalog: "Catalog") -> Products:
    """Return a catalogue's products as the rules take them; one object for one catalogue."""
    return Products(catalog.products)


@lru_cache(maxsize=64)
def buyable_bits(products: Products) -> int:
    """Return a bit for every product that is published and in stock."""
    return sum(1 << n for n, product in enumerate(products.all) if product.available)


@lru_cache(maxsize=MOST_KEPT)
def _allowed(products: Products, bits: int) -> Allowed:
    return Allowed(products, bits)
