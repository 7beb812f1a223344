"""Orders as WooCommerce sends them: statuses as money, refunds as negative lines, moments that name no zone; pure.

Source: WooCommerce's REST API, version 3, orders. Its amounts have as many decimals as the shop shows, not as the
currency has.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from quizfunnel.kit.money import exponent
from quizfunnel.orders.event import EventFacts, OrderFacts, RefundFacts, UnreadableError
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, read_lines
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, attributes, candidates

# a payment in cash and a transfer are on hold or pending until somebody says that the money is there
_PAID = frozenset({"processing", "completed", "refunded"})
_CANCELLED = frozenset({"cancelled", "trash"})
_DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
_LARGEST = 10**15


def is_order(data: Mapping[str, Any]) -> bool:
    """Tell whether a body is an order that somebody placed; a checkout under way is a draft."""
    has_all = all(key in data for key in ("line_items", "currency", "status"))
    return has_all and json_body.text(data, "status", most=64) not in _DRAFTS


def read(data: Mapping[str, Any]) -> EventFacts:
    """Return the facts of an order and of its refunds."""
    currency = json_body.currency(data, "currency")
    status = json_body.text(data, "status", most=64)
    updated = _moment(data, "date_modified")
    lines = read_lines(data, currency, LineNames(title="name", variant_id="variation_id"))
    order_id = json_body.text(data, "id", needed=True)
    metas = tuple(_metas(data))
    order = OrderFacts(
        order_id=order_id,
        placed_at=_moment(data, "date_created"),
        updated_at=updated,
        currency=currency,
        total_minor=_amount(data, "total", currency),
        paid=status in _PAID or bool(data.get("date_paid_gmt") or data.get("date_paid")),
        cancelled=status in _CANCELLED,
        test=False,
        visitor_tokens=candidates(metas, VISITOR_NAMES),
        click_tokens=candidates(metas, CLICK_NAMES),
        lines=lines.items,
        number=json_body.text(data, "number", most=64),
    )
    refunds, remarks = _refunds(data, order_id, currency, updated)
    return EventFacts("order", order, tuple(refunds), (*lines.remarks, *remarks))


def _refunds(
    data: Mapping[str, Any], order_id: str, currency: str, at: datetime
) -> tuple[list[RefundFacts], list[str]]:
    """Return an order's refunds; they have no moment of their own, so that the first event that lists one dates it."""
    refunds, remarks = list[RefundFacts](), list[str]()
    listed = data.get("refunds")
    for each in listed if isinstance(listed, list) else []:
        try:
            refund = each if isinstance(each, dict) else {}
            amount = abs(_amount(refund, "total", currency))
            refunds.append(RefundFacts(json_body.text(refund, "id", needed=True), order_id, amount, currency, at))
        except UnreadableError as error:
            remarks.append(f"a refund: {error}"[:120])
    return refunds, remarks


def _amount(data: Mapping[str, Any], key: str, currency: str) -> int:
    """Return an amount in minor units, rounded as the shop's customers pay it."""
    try:
        amount = Decimal(str(data.get(key)).strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise UnreadableError(f"`{key}` is no amount of money")
    return int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))


def _moment(data: Mapping[str, Any], key: str) -> datetime:
    """Return a moment by its field in UTC, which names no zone."""
    name = f"{key}_gmt"
    value = data.get(name)
    if isinstance(value, str) and value and not value.endswith("Z") and "+" not in value:
        value = f"{value}Z"
    return json_body.moment({name: value}, name)


def _metas(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the order's meta data, then that of its lines."""
    yield from attributes(data.get("meta_data"))
    lines = data.get("line_items")
    for line in lines if isinstance(lines, list) else []:
        if isinstance(line, dict):
            yield from attributes(line.get("meta_data"))
