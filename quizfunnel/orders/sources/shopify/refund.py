"""Refunds as Shopify sends them: only what was really given back, by its transactions; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from quizfunnel.orders.event import RefundFacts, UnreadableError
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.shopify import gift_cards


def is_refund(data: Mapping[str, Any]) -> bool:
    """Tell whether a body is a refund."""
    return "refund_line_items" in data or ("order_id" in data and "transactions" in data)


def read(data: Mapping[str, Any], order_currency: str = "") -> Iterator[RefundFacts]:
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
        # a gift card that was sold counted for nothing, and neither does what was given back for it
        yield RefundFacts(refund_id, order_id, max(0, amount - gift_cards.in_refund(data, currency)), currency, at)
