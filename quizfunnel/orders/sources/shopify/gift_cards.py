"""Gift cards that an order of Shopify's sells: money that is owed goods, and no revenue until it is spent; pure."""

from collections.abc import Mapping
from typing import Any

from quizfunnel.orders.sources import json_body


def in_order(data: Mapping[str, Any], currency: str) -> int:
    """Return what the gift cards that are in an order now were sold for, in minor units of the shop's currency."""
    return sum(_sold_for(line, currency) for line in _lines(data.get("line_items")) if line.get("gift_card") is True)


def in_refund(data: Mapping[str, Any], currency: str) -> int:
    """Return what was given back for gift cards, in minor units of `currency`, the shop's or the customer's."""
    back = 0
    for item in _lines(data.get("refund_line_items")):
        line = item.get("line_item")
        if isinstance(line, dict) and line.get("gift_card") is True:
            back += _in_currency(item.get("subtotal_set"), currency) or _plain(item, currency)
    return back


def _sold_for(line: Mapping[str, Any], currency: str) -> int:
    price = json_body.signed_amount(line, "price", currency) or 0
    ordered, still = line.get("quantity"), line.get("current_quantity", line.get("quantity"))
    if not isinstance(ordered, int) or not isinstance(still, int) or ordered <= 0:
        return 0
    discount = json_body.signed_amount(line, "total_discount", currency) or 0
    return max(0, (price * ordered - discount) * still // ordered)


def _in_currency(both: object, currency: str) -> int:
    """Return the amount of a pair of shop's and customer's money that is in this currency, 0 where none is."""
    for money in both.values() if isinstance(both, dict) else ():
        if isinstance(money, dict) and money.get("currency_code") == currency:
            return json_body.signed_amount(money, "amount", currency) or 0
    return 0


def _plain(item: Mapping[str, Any], currency: str) -> int:
    return 0 if isinstance(item.get("subtotal_set"), dict) else json_body.signed_amount(item, "subtotal", currency) or 0


def _lines(value: object) -> list[Mapping[str, Any]]:
    return [line for line in value if isinstance(line, dict)] if isinstance(value, list) else []
