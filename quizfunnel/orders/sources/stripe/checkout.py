"""Checkout sessions and refunded charges: an order is a payment, whose charge tells of what was given back; pure.

A charge that is refunded names its payment and not its session, so that an order's id is the payment's, and the
session's where no payment was needed. `amount_refunded` adds up, so that a charge is one refund that grows.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quizfunnel.kit.money import exponent, to_major
from quizfunnel.orders.event import EventFacts, OrderFacts, Presentment, RefundFacts, UnreadableError
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, Lines, as_text, read_lines
from quizfunnel.orders.sources.stripe.amounts import minor_units
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, attributes, candidates

_COMPLETED = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_REFUNDED = "charge.refunded"
_PAID = frozenset({"paid", "no_payment_required"})
_FIRST, _LAST = 631_152_000, 7_258_118_400  # 1990 and 2200


def read(event: Mapping[str, Any]) -> EventFacts:
    """Return the facts of one of Stripe's events."""
    topic = json_body.text(event, "type", most=64, needed=True)
    if topic not in (*_COMPLETED, _REFUNDED):
        return EventFacts(topic, None, ())
    about = json_body.mapping(json_body.mapping(event, "data"), "object")
    if topic == _REFUNDED:
        return _refunded(event, about)
    return _completed(topic, event, about)


def _completed(topic: str, event: Mapping[str, Any], session: Mapping[str, Any]) -> EventFacts:
    """Return the order of a session; one whose money comes later is told of twice, and paid from the second time on."""
    currency = json_body.text(session, "currency", most=3, needed=True).upper()
    lines = _lines(session, currency)
    metadata = tuple(attributes(session.get("metadata")))
    reference = ("qf_visitor", as_text(session.get("client_reference_id"), 500))
    order = OrderFacts(
        order_id=_id(session, "payment_intent") or json_body.text(session, "id", needed=True),
        placed_at=_moment(session, "created"),
        updated_at=_moment(event, "created"),
        currency=currency,
        total_minor=minor_units(session.get("amount_total"), currency),
        paid=json_body.text(session, "payment_status", most=64) in _PAID,
        cancelled=False,
        test=event.get("livemode") is False,
        visitor_tokens=candidates((reference, *metadata), VISITOR_NAMES),
        click_tokens=candidates(metadata, CLICK_NAMES),
        lines=lines.items,
        presentment=_presentment(session),
    )
    return EventFacts(topic, order, (), lines.remarks)


def _refunded(event: Mapping[str, Any], charge: Mapping[str, Any]) -> EventFacts:
    """Return what was given back of a payment so far; a charge without one is of no session."""
    payment = _id(charge, "payment_intent")
    if not payment:
        return EventFacts(_REFUNDED, None, ())
    currency = json_body.text(charge, "currency", most=3, needed=True).upper()
    amount = minor_units(charge.get("amount_refunded"), currency)
    id, at = json_body.text(charge, "id", needed=True), _moment(event, "created")
    return EventFacts(_REFUNDED, None, (RefundFacts(id, payment, amount, currency, at),))


def _lines(session: Mapping[str, Any], currency: str) -> Lines:
    """Return a session's lines where the event has them: Stripe sends them only to those who ask for them."""
    given = session.get("line_items")
    items = given.get("data") if isinstance(given, dict) else None
    rows = [_line(item, currency) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return read_lines({"line_items": rows}, currency, LineNames())


def _line(item: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a line with its price in major units; the shop's own number of a product may stand in its metadata."""
    price = item.get("price") if isinstance(item.get("price"), dict) else {}
    product = price.get("product") if isinstance(price, dict) else None
    known = {"id": product} if isinstance(product, str) else product if isinstance(product, dict) else {}
    metadata = dict(attributes(known.get("metadata")))
    quantity = item.get("quantity")
    return {
        "product_id": metadata.get("product_id") or known.get("id"),
        "variant_id": metadata.get("variant_id", ""),
        "sku": metadata.get("sku", ""),
        "title": item.get("description"),
        "quantity": quantity,
        "price": _unit_price(item, quantity, currency),
    }


def _unit_price(item: Mapping[str, Any], quantity: object, currency: str) -> str | None:
    """Return a line's price for one as decimal text, rounded as Stripe's own pages do it; None where it has none."""
    try:
        total = to_major(minor_units(item.get("amount_subtotal"), currency), currency)
    except UnreadableError:
        return None
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity <= 0:
        return None
    return str(round(total / quantity, exponent(currency)))


def _presentment(session: Mapping[str, Any]) -> Presentment | None:
    """Return what the customer paid in a currency of their own, where Stripe converted it."""
    details = session.get("presentment_details")
    if not isinstance(details, dict):
        return None
    currency = as_text(details.get("presentment_currency"), 3).upper()
    try:
        return Presentment(currency, minor_units(details.get("presentment_amount"), currency))
    except UnreadableError:
        return None


def _id(data: Mapping[str, Any], key: str) -> str:
    """Return the id of an object that stands there whole or by its id alone."""
    value = data.get(key)
    return as_text(value.get("id") if isinstance(value, dict) else value, 200)


def _moment(data: Mapping[str, Any], key: str) -> datetime:
    """Return a moment that is written as seconds since 1970."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not _FIRST <= value < _LAST:
        raise UnreadableError(f"`{key}` is no moment in seconds since 1970")
    return datetime.fromtimestamp(value, UTC)
