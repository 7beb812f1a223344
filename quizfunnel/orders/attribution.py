"""Attribution: an order's visitor by signed token, its products by the catalogue, never by a guess."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from quizfunnel.orders.event import EventFacts, LineItem, OrderFacts
from quizfunnel.visit.identity import read_cart_token

FindProduct = Callable[[LineItem], tuple[Product, str] | None]
"""Finds an order line's product; returns it with by what it was found: `id`, `variant`, `sku` or `title`."""


class Attribution(NamedTuple):
    """The visitor and the click that an order's tokens prove; None is unattributed."""

    visitor_id: str | None
    click_id: str | None


def find_in(catalogs: Sequence[Catalog], line: LineItem) -> tuple[Product, str] | None:
    """Return the product of a line by the name that says most, in whichever catalogue has it."""
    for name in ("product_id", "variant_id", "sku", "title"):
        for catalog in catalogs:
            if match := catalog.find(**{name: getattr(line, name)}):
                return match
    return None


class Permission(Protocol):
    """Permission to keep and to link: people who were erased, or withdrew their consent, are linked no more."""

    def permitted(self, connection: Connection, proven: Attribution, *, placed_at: datetime) -> Attribution:
        """Return of what an order's tokens prove that which may be kept with an order of that moment."""
        ...

    def is_erased(self, connection: Connection, source: str, order_id: str) -> bool:
        """Tell whether an order was erased: nothing of it is kept again."""
        ...

    def is_forgotten(self, connection: Connection, visitor_id: str) -> bool:
        """Tell whether a visitor was erased."""
        ...


class Kept(NamedTuple):
    """Facts of an event that may be kept; `body` tells whether its bytes may, too."""

    facts: EventFacts
    body: bool


def kept_facts(
    connection: Connection, signer: Signer, facts: EventFacts, *, source: str, permission: Permission | None
) -> Kept:
    """Return an event's facts without orders that were erased; no body of theirs, or of a visitor erased, is kept.

    An order's payments were erased with it: what comes later may name them alone.
    """
    if permission is None:
        return Kept(facts, body=True)
    order = facts.order
    named = {order.order_id} if order else {facts.deleted} - {""}
    named |= {*(refund.order_id for refund in facts.refunds), *(facts.payment or ())}
    erased = {id for id in named if permission.is_erased(connection, source, id)}
    visitors = {read_cart_token(signer, token) for token in order.visitor_tokens} - {None} if order else set()
    forgotten = any(permission.is_forgotten(connection, visitor) for visitor in visitors if visitor)
    left = tuple(refund for refund in facts.refunds if refund.order_id not in erased)
    of_order = None if order is None or order.order_id in erased else order
    deleted = "" if facts.deleted in erased else facts.deleted
    payment = None if erased.intersection(facts.payment or ()) else facts.payment
    kept = facts._replace(order=of_order, refunds=left, deleted=deleted, payment=payment)
    return Kept(kept, body=not (erased or forgotten))


def attribute(signer: Signer, order: OrderFacts) -> Attribution:
    """Return the visitor and the click of an order: by the first token that we signed, wherever it stood."""
    visitors = (read_cart_token(signer, token) for token in order.visitor_tokens)
    clicks = (signer.verify_id(signing.CLICK, token) for token in order.click_tokens)
    return Attribution(next(filter(None, visitors), None), next(filter(None, clicks), None))


class ProductMatch(NamedTuple):
    """A line's product in the catalogue and by what it was found; what a unit costs the store, None if unknown."""

    product: str | None
    matched_by: str
    cost_minor: int | None


def product_of(line: LineItem, find: FindProduct, *, currency: str) -> ProductMatch:
    """Return the product of a line of an order in `currency`; a cost in another one is unknown."""
    matched = find(line)
    if matched is None:
        return ProductMatch(None, "", None)
    product, by = matched
    return ProductMatch(product.id, by, product.cost_of(line.sku) if product.currency == currency else None)
