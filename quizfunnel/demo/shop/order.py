"""Order of the demo shop, and the webhook body that tells of it (Standard Webhooks); pure."""

import json
from datetime import datetime
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit.money import to_major


class Bought(NamedTuple):
    """One line of an order."""

    product: Product
    quantity: int


class Placed(NamedTuple):
    """One order as it was placed; its lines are of one currency, a token is empty where there is none."""

    order_id: str
    lines: tuple[Bought, ...]
    visitor_token: str
    click_token: str
    at: datetime


def order_body(placed: Placed) -> bytes:
    """Return the body of an order.paid event as the standard hook takes it."""
    order_id, lines, visitor_token, click_token, at = placed
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
    return json.dumps({"type": "order.paid", "timestamp": at.isoformat(), "data": data}).encode()
