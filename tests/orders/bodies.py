"""Bodies of order events as the standard and as Shopify send them."""

import json
from typing import Any

from tests.cast import NOON


def event(**changes: Any) -> dict[str, Any]:
    """Return the body of a standard order.paid event, its data changed."""
    data = {
        "order_id": "1001",
        "placed_at": NOON.isoformat(),
        "updated_at": NOON.isoformat(),
        "currency": "GBP",
        "total": "21.50",
        "test": False,
        "visitor_token": None,
        "click_token": None,
        "lines": [{"product_id": "dark-bean", "sku": "", "title": "", "quantity": 1, "unit_price": "21.50"}],
        "refunds": [],
    }
    kind = changes.pop("type", "order.paid")
    return {"type": kind, "timestamp": NOON.isoformat(), "data": data | changes}


def body(**changes: Any) -> bytes:
    """Return that body as bytes."""
    return json.dumps(event(**changes)).encode()


def shopify_order(**changes: Any) -> dict[str, Any]:
    """Return a paid order as Shopify sends it, changed."""
    data = {
        "id": 1,
        "created_at": NOON.isoformat(),
        "updated_at": NOON.isoformat(),
        "currency": "EUR",
        "total_price": "10.00",
        "financial_status": "paid",
        "line_items": [],
    }
    return data | changes
