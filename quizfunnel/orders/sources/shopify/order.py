"""Orders as Shopify sends them: money of the shop, what was paid of it, lines and tokens.

Source: Shopify's REST order. `total_price` is the order before returns; `current_total_price` is what edits,
returns and refunds left of it, `total_outstanding` what the customer still owes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from quizfunnel.orders.event import EventFacts, OrderFacts, Presentment, RefundFacts, UnreadableError
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, read_lines
from quizfunnel.orders.sources.shopify import gift_cards, refund
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, attributes, candidates

_PART = "partially_paid"
_MARKS = ("line_items", "currency", "financial_status", "total_price")
_NOT_ORDERED = ("abandoned_checkout_url", "invoice_url", "invoice_sent_at")
# Money has been taken; what was given back is subtracted by its refunds.
_PAID = frozenset({"paid", _PART, "partially_refunded", "refunded"})


class OrderTotals(NamedTuple):
    """OrderTotals of an order in the shop's minor units; None where the event does not tell."""

    counted: int
    paid: int | None
    outstanding: int | None


def is_order(data: Mapping[str, Any]) -> bool:
    """Tell whether a body is an order; UnreadableError for one of which the hook was told to send parts only.

    Drafts and checkouts have lines and totals too, and a link to pay them; a cart has no currency.
    """
    if any(key in data for key in _NOT_ORDERED):
        return False
    missing = [key for key in _MARKS if key not in data]
    if missing and len(missing) <= len(_MARKS) - 2:
        names = ", ".join(f"`{name}`" for name in missing)
        raise UnreadableError(f"is an order without {names}; have Shopify's hook send whole orders, not chosen fields")
    return not missing


def read(data: Mapping[str, Any]) -> EventFacts:
    """Return the facts of an order and of the refunds that it lists."""
    currency = json_body.currency(data, "currency")
    status = json_body.text(data, "financial_status", most=64)
    order_id = json_body.text(data, "id", needed=True)
    whole = json_body.money(data, "total_price", currency)
    presentment = _presentment(data, currency)
    refunds, remarks = _refunds(data, order_id, currency)
    given_back = sum(_in_shop_money(back, currency, whole, presentment) for back in refunds)
    totals = _totals(data, currency, status=status, given_back=given_back)
    lines = read_lines(data, currency, LineNames())
    order = OrderFacts(
        order_id=order_id,
        placed_at=json_body.moment(data, "created_at"),
        updated_at=json_body.moment(data, "updated_at"),
        currency=currency,
        total_minor=totals.counted,
        paid=status in _PAID,
        cancelled=data.get("cancelled_at") is not None or status == "voided",
        test=json_body.flag(data, "test"),
        visitor_tokens=candidates(_attributes(data), VISITOR_NAMES),
        click_tokens=candidates(_attributes(data), CLICK_NAMES),
        lines=lines.items,
        number=json_body.text(data, "name", most=64) or json_body.text(data, "order_number", most=64),
        presentment=_as_counted(presentment, whole, totals.counted),
        paid_minor=totals.paid,
        outstanding_minor=totals.outstanding,
    )
    return EventFacts("order", order, tuple(refunds), (*lines.remarks, *remarks))


def _totals(data: Mapping[str, Any], currency: str, *, status: str, given_back: int) -> OrderTotals:
    """Return what counts of an order before refunds, so that less its refunds it is what the shop keeps.

    What an edit removed does not count, whether its money was given back or is still owed. Of a part payment counts
    what was paid. A gift card is money that is owed goods: it counts when it is spent.
    """
    whole = json_body.money(data, "total_price", currency)
    now = json_body.signed_amount(data, "current_total_price", currency)
    outstanding = json_body.signed_amount(data, "total_outstanding", currency)
    now = whole if now is None else max(0, now)
    owed = max(0, outstanding or 0) if status == _PART else 0
    kept = min(now, max(whole, now) - given_back) - owed - gift_cards.in_order(data, currency)
    paid = max(0, now - outstanding) if outstanding is not None and status in _PAID else None
    return OrderTotals(max(0, kept) + given_back, paid, outstanding)


def _presentment(data: Mapping[str, Any], currency: str) -> Presentment | None:
    """Return what the customer saw of the total, None where that is the shop's own currency or cannot be read."""
    both = data.get("total_price_set")
    seen = both.get("presentment_money") if isinstance(both, dict) else None
    if not isinstance(seen, dict):
        return None
    code = json_body.text(seen, "currency_code", most=3)
    amount = json_body.signed_amount(seen, "amount", code)
    return Presentment(code, amount) if amount is not None and amount >= 0 and code != currency else None


def _as_counted(seen: Presentment | None, whole: int, counted: int) -> Presentment | None:
    """Return the customer's total for the part of the shop's that counts: the two are a rate of exchange."""
    if seen is None or counted == whole or not whole:
        return seen
    return Presentment(seen.currency, round(seen.total_minor * counted / whole))


def _refunds(data: Mapping[str, Any], order_id: str, currency: str) -> tuple[list[RefundFacts], list[str]]:
    """Return the refunds that an order lists; one that cannot be read loses no order, and comes by itself too."""
    listed, remarks = data.get("refunds"), list[str]()
    refunds: list[RefundFacts] = []
    for each in listed if isinstance(listed, list) else []:
        try:
            refunds += refund.read({"order_id": order_id, **each} if isinstance(each, dict) else {}, currency)
        except UnreadableError as error:
            remarks.append(f"a refund: {error}"[:120])
    return refunds, remarks


def _in_shop_money(back: RefundFacts, currency: str, whole: int, seen: Presentment | None) -> int:
    if back.currency == currency:
        return back.amount_minor
    if seen is None or seen.currency != back.currency or not seen.total_minor:
        return 0  # unknown here: the ledger names it
    return round(back.amount_minor * whole / seen.total_minor)


def _attributes(data: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the cart's attributes, then those of its lines."""
    lines = data.get("line_items")
    properties = [line.get("properties") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    return tuple(attributes(data.get("note_attributes"), *properties))
