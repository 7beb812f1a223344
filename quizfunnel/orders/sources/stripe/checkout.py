"""Checkout sessions: an order is a payment, of a subscription its first invoice; pure.

A refund names its payment and not its session, so that an order's id is the payment's; the invoice's where it begins
a subscription, and the session's where neither was needed.
"""

from collections.abc import Mapping
from typing import Any

from quizfunnel.orders.event import EventFacts, OrderFacts, Presentment, UnreadableError
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, Lines, as_text, read_lines
from quizfunnel.orders.sources.stripe.amounts import minor_units, unit_price
from quizfunnel.orders.sources.stripe.parts import id_at, moment, part, rows
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, attributes, candidates

COMPLETED = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
_PAID = frozenset({"paid", "no_payment_required"})
_SUBSCRIPTION = "subscription"


def read(topic: str, event: Mapping[str, Any], session: Mapping[str, Any]) -> EventFacts:
    """Return the order of a session; one whose money comes later is told of twice, and paid from the second time on.

    What a first invoice says of the same order is newer: it has the lines, which a session's event has not.
    """
    currency = json_body.text(session, "currency", most=3, needed=True).upper()
    lines = _lines(session, currency)
    metadata = tuple(attributes(session.get("metadata")))
    reference = ("qf_visitor", as_text(session.get("client_reference_id"), 500))
    order = OrderFacts(
        order_id=_order_id(session),
        placed_at=moment(session, "created"),
        updated_at=moment(session if _begins_subscription(session) else event, "created"),
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


def _begins_subscription(session: Mapping[str, Any]) -> bool:
    return session.get("mode") == _SUBSCRIPTION


def _order_id(session: Mapping[str, Any]) -> str:
    invoice = id_at(session, "invoice") if _begins_subscription(session) else ""
    return id_at(session, "payment_intent") or invoice or json_body.text(session, "id", needed=True)


def _lines(session: Mapping[str, Any], currency: str) -> Lines:
    """Return a session's lines where the event has them: Stripe sends them only to those who ask for them."""
    lines = [_line(item, currency) for item in rows(session, "line_items")]
    return read_lines({"line_items": lines}, currency, LineNames())


def _line(item: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a line with its price in major units; the shop's own number of a product may stand in its metadata."""
    price = part(item, "price")
    known = part(price, "product") or {"id": price.get("product")}
    metadata = dict(attributes(known.get("metadata")))
    quantity = item.get("quantity")
    return {
        "product_id": metadata.get("product_id") or known.get("id"),
        "variant_id": metadata.get("variant_id", ""),
        "sku": metadata.get("sku", ""),
        "title": item.get("description"),
        "quantity": quantity,
        "price": unit_price(item.get("amount_subtotal"), quantity, currency),
    }


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
