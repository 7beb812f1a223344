"""Shopify's order export: a CSV with a row for each line item, the order's own cells in its first; pure.

Source: Shopify's help on exporting orders, and its columns. It tells the sum of an order's refunds and no single one.
"""

import re
from collections.abc import Sequence
from typing import Any

from quizfunnel.orders.event import UnreadableError, sum_id
from quizfunnel.orders.sources.order_export import Cells, OrderExport, latest

_NUMBER = re.compile(r"(?:gid://shopify/Order/)?([0-9]+)")


def body(rows: Sequence[Cells]) -> dict[str, Any]:
    """Return an order as Shopify's hook would send it."""
    order = rows[0]
    written = _NUMBER.fullmatch(order.needed("Id"))
    if written is None:
        raise UnreadableError(f"`Id`: {order.text('Id')[:40]!r} is no order's number")
    currency, created = order.needed("Currency"), order.moment("Created at")
    if created is None:
        raise UnreadableError("`Created at` is empty")
    cancelled = order.moment("Cancelled at")
    updated = latest(created, order.moment("Paid at"), order.moment("Fulfilled at"), cancelled)
    refunded = order.decimal("Refunded Amount", currency)
    return {
        "id": written[1],
        "name": order.text("Name"),
        "created_at": created.isoformat(),
        "updated_at": updated,
        "cancelled_at": cancelled.isoformat() if cancelled else None,
        "currency": currency,
        "total_price": order.amount("Total", currency),
        "total_outstanding": str(order.decimal("Outstanding Balance", currency)),
        "financial_status": order.text("Financial Status").lower().replace(" ", "_"),
        "note_attributes": [_attribute(line) for line in order.text("Note Attributes").splitlines() if ":" in line],
        "line_items": [_line(row, currency) for row in rows if row.text("Lineitem name")],
        "refunds": [_refund(written[1], str(refunded), currency, updated)] if refunded else [],
    }


def _attribute(line: str) -> dict[str, str]:
    name, _, value = line.partition(":")
    return {"name": name.strip(), "value": value.strip()}


def _line(row: Cells, currency: str) -> dict[str, str]:
    return {
        "title": row.text("Lineitem name"),
        "sku": row.text("Lineitem sku"),
        "quantity": row.text("Lineitem quantity"),
        "price": row.unit_price("Lineitem price", currency),
    }


def _refund(order_id: str, amount: str, currency: str, at: str) -> dict[str, Any]:
    transaction = {"kind": "refund", "status": "success", "amount": amount, "currency": currency}
    return {"id": sum_id(order_id), "order_id": order_id, "created_at": at, "transactions": [transaction]}


EXPORT = OrderExport(
    title="Shopify's export of orders",
    columns=("Name", "Id", "Financial Status", "Currency", "Total", "Created at"),
    key="Name",
    total="Total",
    body=body,
)
