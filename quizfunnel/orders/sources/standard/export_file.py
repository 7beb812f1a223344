"""Our own file of orders, for every store that can write a CSV: a row for each line item; pure."""

from collections.abc import Sequence
from typing import Any

from quizfunnel.orders.event import UnreadableError, sum_id
from quizfunnel.orders.sources.order_export import Cells, OrderExport, latest

_OF_A_LINE = ("product_id", "sku", "title", "quantity", "unit_price")


def body(rows: Sequence[Cells]) -> dict[str, Any]:
    """Return an order as the standard hook sends it: paid unless the file says otherwise."""
    order = rows[0]
    order_id, currency = order.needed("order_id"), order.needed("currency")
    placed = order.moment("placed_at")
    if placed is None:
        raise UnreadableError("`placed_at` is empty")
    updated = latest(placed, order.moment("updated_at"))
    refunded = order.decimal("refunded", currency)
    refund = {"refund_id": sum_id(order_id), "amount": str(refunded), "at": updated}
    data = {
        "order_id": order_id,
        "placed_at": placed.isoformat(),
        "updated_at": updated,
        "currency": currency,
        "total": order.amount("total", currency),
        "test": order.flag("test", default=False),
        "visitor_token": order.text("visitor_token") or None,
        "click_token": order.text("click_token") or None,
        "lines": [_line(row, currency) for row in rows if any(row.text(column) for column in _OF_A_LINE)],
        "refunds": [refund] if refunded else [],
    }
    return {"type": _type(order), "timestamp": updated, "data": data}


def _type(order: Cells) -> str:
    if order.flag("cancelled", default=False):
        return "order.cancelled"
    return "order.paid" if order.flag("paid", default=True) else "order.updated"


def _line(row: Cells, currency: str) -> dict[str, str]:
    return {column: row.text(column) for column in _OF_A_LINE} | {
        "unit_price": row.unit_price("unit_price", currency),
        "quantity": row.plain("quantity") or "1",
    }


EXPORT = OrderExport(
    title="our own columns",
    columns=("order_id", "placed_at", "currency", "total"),
    key="order_id",
    total="total",
    body=body,
)
