"""What a real store would send when an order is paid: a signed Standard Webhooks body; pure."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit.money import to_major


class Bought(NamedTuple):
    """One line of an order."""

    product: Product
    quantity: int


def order_body(
    order_id: str,
    lines: Sequence[Bought],
    *,
    visitor_token: str,
    click_token: str,
    at: datetime,
    kind: str = "order.paid",
) -> bytes:
    """Return the body of an order event as the standard hook takes it; `lines` are of one currency."""
    currency = lines[0].product.currency
    total = sum(line.product.price * line.quantity for line in lines)
    data = {
        "order_id": order_id,
        "placed_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "currency": currency,
        "total": str(to_major(total, currency)),
        "test": False,
        "visitor_token": visitor_token or None,
        "click_token": click_token or None,
        "lines": [
            {
                "product_id": line.product.id,
                "sku": line.product.variants[0].sku if line.product.variants else "",
                "title": line.product.title,
                "quantity": line.quantity,
                "unit_price": str(to_major(line.product.price, currency)),
            }
            for line in lines
        ],
        "refunds": [],
    }
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
