"""Attribution: an order's visitor by signed token, its products by the catalogue, never by a guess."""

from collections.abc import Callable
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.kit.signing import Signer
from quizfunnel.orders.event import LineItem, OrderFacts
from quizfunnel.visit.identity import read_cart_token

FindProduct = Callable[[str, str, str], tuple[Product, str] | None]
"""Finds an order line's product by (product_id, sku, title); returns it with `id`, `sku` or `title`."""


class Attribution(NamedTuple):
    """The visitor and the click that an order's tokens prove; None is unattributed."""

    visitor_id: str | None
    click_id: str | None


def attribute(signer: Signer, order: OrderFacts) -> Attribution:
    """Return the visitor and the click of an order, by the tokens that we signed."""
    click = signer.verify(signing.CLICK, order.click_token)
    return Attribution(read_cart_token(signer, order.visitor_token), click if is_id(click) else None)


class ProductMatch(NamedTuple):
    """A line's product in the catalogue and by what it was found; what a unit costs the store, None if unknown."""

    product: str | None
    matched_by: str
    cost_minor: int | None


def product_of(line: LineItem, find: FindProduct, *, currency: str) -> ProductMatch:
    """Return the product of a line of an order in `currency`; a cost in another one is unknown."""
    matched = find(line.product_id, line.sku, line.title)
    if matched is None:
        return ProductMatch(None, "", None)
    product, by = matched
    return ProductMatch(product.id, by, product.cost_of(line.sku) if product.currency == currency else None)
