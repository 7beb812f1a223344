"""Shopify's order and refund web hooks.

Source: Shopify's documentation of web hooks (``X-Shopify-Hmac-Sha256``: base64 HMAC-SHA256 of the
body). The headers are not signed, so that the body's own shape tells an order from a refund, and its
digest tells a repeated delivery. The visitor's token travels as the cart attribute or line-item
property ``qf_visitor``, the click's as ``qf_click`` (a leading underscore hides them from buyers).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from quizfunnel.orders.event import (
    EventFacts,
    LineItem,
    OrderFacts,
    RefundFacts,
    UnreadableError,
)
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.source import DayReport, SourceKind

# Money has been taken; what was given back is subtracted by its refunds.
_PAID = frozenset({"paid", "partially_paid", "partially_refunded", "refunded"})
_VISITOR = ("qf_visitor", "_qf_visitor")
_CLICK = ("qf_click", "_qf_click")


class ShopifySource:
    """POST /hooks/shopify, by the secret that Shopify signs with."""

    name = "shopify"

    def __init__(self, secret: str) -> None:
        """Take the secret, whatever text it is."""
        self._key = secret.encode()

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:  # noqa: ARG002 - Shopify signs no time
        """Tell whether the header holds the base64 HMAC-SHA256 of the body."""
        expected = base64.b64encode(hmac.digest(self._key, body, hashlib.sha256))
        return hmac.compare_digest(expected, headers.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace"))

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:  # noqa: ARG002 - none of them is signed
        """Return the body's digest: the delivery's own id stands in an unsigned header."""
        return hashlib.sha256(body).hexdigest()

    def read(self, body: bytes) -> EventFacts:
        """Return the facts of an order or a refund, bare as Shopify sends it or wrapped as its API gives it."""
        data = json_body.read_object(body)
        for name in ("order", "refund"):
            if isinstance(data.get(name), dict) and "id" not in data:
                data = data[name]
        if "line_items" in data and "currency" in data:
            return _order(data)
        if "refund_line_items" in data or ("order_id" in data and "transactions" in data):
            return EventFacts("refund", None, tuple(_refunds(data)))
        return EventFacts("other", None, ())


KIND = SourceKind(
    name=ShopifySource.name,
    meaning="The secret that Shopify signs POST /hooks/shopify with.",
    make=ShopifySource,
    report=DayReport(
        "Shopify's report of total sales by day", {"day": "Day", "orders": "Orders", "total": "Total sales"}
    ),
)


def _order(data: Mapping[str, Any]) -> EventFacts:
    currency = json_body.text(data, "currency", most=3, needed=True)
    status = json_body.text(data, "financial_status", most=64)
    attributes = [*json_body.items(data, "note_attributes")]
    lines = json_body.items(data, "line_items")
    for line in lines:
        attributes += json_body.items(line, "properties")
    order = OrderFacts(
        order_id=json_body.text(data, "id", needed=True),
        placed_at=json_body.moment(data, "created_at"),
        updated_at=json_body.moment(data, "updated_at"),
        currency=currency,
        total_minor=json_body.money(data, "total_price", currency),
        paid=status in _PAID,
        cancelled=data.get("cancelled_at") is not None or status == "voided",
        test=json_body.flag(data, "test"),
        visitor_token=_attribute(attributes, _VISITOR),
        click_token=_attribute(attributes, _CLICK),
        lines=tuple(_line(line, currency) for line in lines),
    )
    refunds = [
        facts
        for refund in json_body.items(data, "refunds")
        for facts in _refunds({"order_id": order.order_id, **refund}, currency)
    ]
    return EventFacts("order", order, tuple(refunds))


def _line(line: Mapping[str, Any], currency: str) -> LineItem:
    return LineItem(
        product_id=json_body.text(line, "product_id"),
        sku=json_body.text(line, "sku"),
        title=json_body.text(line, "title", most=500),
        quantity=json_body.whole(line, "quantity"),
        unit_price_minor=json_body.money(line, "price", currency),
    )


def _refunds(data: Mapping[str, Any], order_currency: str = "") -> Iterator[RefundFacts]:
    """Yield a refund for the transactions that gave money back; one that only restocks gives none."""
    refund_id = json_body.text(data, "id", needed=True)
    order_id = json_body.text(data, "order_id", needed=True)
    at = json_body.moment(data, "created_at")
    amounts: dict[str, int] = {}
    for transaction in json_body.items(data, "transactions"):
        if transaction.get("kind") != "refund" or transaction.get("status") != "success":
            continue
        currency = json_body.text(transaction, "currency", most=3) or order_currency
        if not currency:
            raise UnreadableError("a refund's transaction names no currency")
        amounts[currency] = amounts.get(currency, 0) + json_body.money(transaction, "amount", currency)
    if len(amounts) > 1:
        raise UnreadableError("a refund's transactions are in several currencies")
    for currency, amount in amounts.items():
        yield RefundFacts(refund_id, order_id, amount, currency, at)


def _attribute(attributes: list[Mapping[str, Any]], names: tuple[str, ...]) -> str | None:
    for attribute in attributes:
        if attribute.get("name") in names and isinstance(attribute.get("value"), str):
            return str(attribute["value"])[:500] or None
    return None
