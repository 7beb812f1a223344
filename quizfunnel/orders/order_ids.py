"""Order ids of a body: the orders that a delivery is about, of any platform, also where it cannot be read; pure."""

import json
from collections.abc import Iterator
from typing import Any

_ABOVE = ("order", "refund", "data", "object")  # what platforms wrap an order or a refund in
_KEYS = ("id", "order_id", "parent_id", "payment_intent")
_DEEPEST = 3


def order_ids(body: bytes) -> frozenset[str]:
    """Return every id that may be that of the order a body is about; none where the body is no JSON object."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(_ids(content, _DEEPEST))


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
