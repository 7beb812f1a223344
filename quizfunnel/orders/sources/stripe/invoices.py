"""Invoices of subscriptions: each that is paid is an order, the first one the very order of its session; pure.

An invoice without a subscription is another paper about a payment that its session tells of, and no order. A session
of a subscription has no payment: its order goes by its invoice, and refunds, which name their payment, find it by the
event that tells which payment paid which invoice.
"""

from collections.abc import Mapping
from typing import Any

from quizfunnel.orders.event import EventFacts, OrderFacts, PaymentOf
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, Lines, as_text, read_lines
from quizfunnel.orders.sources.stripe.amounts import minor_units, unit_price
from quizfunnel.orders.sources.stripe.parts import id_at, moment, part, rows
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, attributes, candidates

PAID = frozenset({"invoice.paid", "invoice.payment_succeeded"})
PAYMENT = "invoice_payment.paid"
_OF_A_SUBSCRIPTION = "subscription"  # billing_reason: subscription_create, subscription_cycle, subscription_update, ...


def read(topic: str, event: Mapping[str, Any], invoice: Mapping[str, Any]) -> EventFacts:
    """Return the order of a paid invoice of a subscription; others are of no concern."""
    if not as_text(invoice.get("billing_reason"), 64).startswith(_OF_A_SUBSCRIPTION):
        return EventFacts(topic, None, ())
    currency = json_body.text(invoice, "currency", most=3, needed=True).upper()
    order_id, lines = json_body.text(invoice, "id", needed=True), _lines(invoice, currency)
    named = part(part(invoice, "parent"), "subscription_details") or part(invoice, "subscription_details")
    metadata = tuple(attributes(invoice.get("metadata"), named.get("metadata")))
    order = OrderFacts(
        order_id=order_id,
        placed_at=moment(invoice, "created"),
        updated_at=moment(event, "created"),
        currency=currency,
        total_minor=max(0, minor_units(invoice.get("total"), currency)),
        paid=True,
        cancelled=False,
        test=event.get("livemode") is False,
        visitor_tokens=candidates(metadata, VISITOR_NAMES),
        click_tokens=candidates(metadata, CLICK_NAMES),
        lines=lines.items,
        number=as_text(invoice.get("number"), 64),
    )
    payment = id_at(invoice, "payment_intent")
    return EventFacts(topic, order, (), lines.remarks, payment=PaymentOf(payment, order_id) if payment else None)


def read_payment(paid: Mapping[str, Any]) -> EventFacts:
    """Return which payment paid which invoice."""
    payment, invoice = id_at(part(paid, "payment"), "payment_intent"), id_at(paid, "invoice")
    return EventFacts(PAYMENT, None, (), payment=PaymentOf(payment, invoice) if payment and invoice else None)


def _lines(invoice: Mapping[str, Any], currency: str) -> Lines:
    lines = [_line(row, currency) for row in rows(invoice, "lines")]
    return read_lines({"line_items": lines}, currency, LineNames())


def _line(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a line with its price in major units; a product stands at two places, by the version of the API."""
    quantity = row.get("quantity")
    product = id_at(part(part(row, "pricing"), "price_details"), "product") or id_at(part(row, "price"), "product")
    metadata = dict(attributes(row.get("metadata")))
    return {
        "product_id": metadata.get("product_id") or product,
        "variant_id": metadata.get("variant_id", ""),
        "sku": metadata.get("sku", ""),
        "title": row.get("description"),
        "quantity": quantity,
        "price": unit_price(row.get("amount"), quantity, currency),
    }
