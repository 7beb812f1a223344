"""Purchase of a simulated visitor: what it has seen on its way, and the products that it orders of that; pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizfunnel.catalog.product import Product
from quizfunnel.demo.taste import Taste
from quizfunnel.demo.world import SECOND_ITEM_SHARE


@dataclass
class SeenProducts:
    """Products seen so far: those of pages in the shop, those of an offer and its steps, and the one clicked on."""

    looked_at: list[Product] = field(default_factory=list)
    offered: tuple[Product, ...] = ()
    routine: tuple[tuple[Product, ...], ...] = ()
    clicked: Product | None = None


def purchase(draw: random.Random, taste: Taste, *, seen: SeenProducts, shelf: Sequence[Product]) -> list[Product]:
    """Return the products of one order: one of those seen, the best liked most likely, or of three off the shelf.

    After a routine further steps of it are bought too, each as far as its product is liked; else a second product,
    now and then.
    """
    # Of a routine the step that was looked at from the offer comes first.
    step = next((step for step in seen.routine if seen.clicked in step), seen.offered)
    first = [*step, *seen.looked_at] or draw.sample(shelf, min(3, len(shelf)))
    products = [taste.choose(draw, first, clicked=seen.clicked)]
    products += taste.further(draw, seen.routine, products[0])
    others = [other for other in shelf if all(other is not product for product in products)]
    if others and not seen.routine and draw.random() < SECOND_ITEM_SHARE:
        products.append(taste.choose(draw, others))
    return products
