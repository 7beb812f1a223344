"""WooCommerce's order export as its usual plugin for it writes it: a CSV with a row for each order; pure.

Source: the columns of "Order Export & Order Import for WooCommerce": items as ``name:Tea|quantity:2|...`` in columns
``line_item_1`` and so on, refunds in ``refund_items``, meta data in columns ``meta:...``. Its moments name no zone.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from quizfunnel.kit.money import exponent
from quizfunnel.orders.event import UnreadableError, sum_id
from quizfunnel.orders.sources.order_export import Cells, OrderExport, latest

_META, _LINE = "meta:", "line_item_"


def body(rows: Sequence[Cells]) -> dict[str, Any]:
    """Return an order as WooCommerce's hook would send it."""
    order = rows[0]
    order_id, currency = order.needed("order_id"), order.needed("order_currency")
    placed, paid = order.moment("order_date"), order.moment("paid_date")
    if placed is None:
        raise UnreadableError("`order_date` is empty")
    refunded = sum(_refunds(order), Decimal(0))
    return {
        "id": order_id,
        "number": order.text("order_number"),
        "status": order.needed("status").lower().removeprefix("wc-"),
        "currency": currency,
        "date_created_gmt": placed.isoformat(),
        "date_modified_gmt": latest(placed, paid),
        "date_paid_gmt": paid.isoformat() if paid else None,
        "total": order.amount("order_total", currency),
        "meta_data": [
            {"key": column.removeprefix(_META), "value": order.text(column)}
            for column in order.by_column
            if column.startswith(_META)
        ],
        "line_items": list(_lines(order, currency)),
        "refunds": [{"id": sum_id(order_id), "total": str(refunded)}] if refunded else [],
    }


def _lines(order: Cells, currency: str) -> Iterator[dict[str, Any]]:
    """Yield the items; the price of one is its total by its quantity, as the hook has it."""
    for column in order.by_column:
        if column.startswith(_LINE) and (cell := order.text(column)):
            item = _parts(cell)
            yield {
                "name": item.get("name", ""),
                "product_id": item.get("product_id", ""),
                "sku": item.get("sku", ""),
                "quantity": item.get("quantity", ""),
                "price": _unit_price(item, currency),
            }


def _unit_price(item: dict[str, str], currency: str) -> str | None:
    try:
        total, quantity = Decimal(item.get("total", "")), Decimal(item.get("quantity", ""))
        return str(round(total / quantity, exponent(currency)))
    except ArithmeticError:
        return None


def _refunds(order: Cells) -> Iterator[Decimal]:
    """Yield what was given back each time."""
    for cell in filter(None, order.text("refund_items").split(";")):
        try:
            yield abs(Decimal(_parts(cell).get("amount", "")))
        except ArithmeticError:
            raise UnreadableError(f"`refund_items`: {cell[:40]!r} has no amount") from None


def _parts(cell: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in cell.split("|"))
    return {name.strip(): value.strip() for name, _, value in pairs}


EXPORT = OrderExport(
    title="WooCommerce's export of orders",
    columns=("order_id", "order_date", "status", "order_total", "order_currency"),
    key="order_id",
    total="order_total",
    body=body,
)
