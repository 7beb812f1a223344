"""Rows of the ledger: a paid order, a refund, changed at will."""

from datetime import datetime
from typing import Any


def order(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    """Return a row of a paid order of 10.00, changed."""
    return {
        "source": "shopify",
        "order_id": str(number),
        "placed_at": at,
        "updated_at": at,
        "event": "",
        "currency": "GBP",
        "total_minor": 1000,
        "paid": True,
        "conflict": False,
        "cancelled": False,
        "test": False,
        "simulated": False,
    } | more


def refund(number: int, of: object, at: datetime, **more: Any) -> dict[str, Any]:
    """Return a row of a refund of 1.00, changed."""
    row = {"source": "shopify", "refund_id": str(number), "order_id": str(of), "amount_minor": 100}
    return row | {"currency": "GBP", "at": at, "converted_minor": None, "converted_by": ""} | more
