"""Ids of a body: the orders and the customer that a delivery is about, of any platform, read or not; pure."""

import json
from collections.abc import Iterator
from typing import Any

_ABOVE = ("order", "refund", "data", "object")  # what platforms wrap an order or a refund in
_KEYS = ("id", "order_id", "parent_id", "payment_intent", "invoice")
_DEEPEST = 3


def order_ids(body: bytes) -> frozenset[str]:
    """Return every id that may be that of the order a body is about; none where the body is no JSON object."""
    return frozenset(_ids(_content(body), _DEEPEST))


def customer_id(body: bytes) -> str:
    """Return the id of the customer that a body is about, empty where it names none."""
    content = _content(body)
    for above in ("", *_ABOVE):
        part = content.get(above) if above and isinstance(content, dict) else content
        customer = part.get("customer") if isinstance(part, dict) else None
        if isinstance(customer, dict) and isinstance(customer.get("id"), str | int):
            return str(customer["id"])
    return ""


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _ids(content: Any, deep: int) -> Iterator[str]:
    if not isinstance(content, dict) or not deep:
        return
    for name in _KEYS:
        if isinstance(content.get(name), str | int):
            yield str(content[name])
    for name in _ABOVE:
        yield from _ids(content.get(name), deep - 1)
    refunds = content.get("refunds")
    for refund in refunds if isinstance(refunds, list) else ():
        if isinstance(refund, dict) and isinstance(refund.get("order_id"), str | int):
            yield str(refund["order_id"])
