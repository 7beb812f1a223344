"""Parts of Stripe's objects: an id of what may stand there whole, and a moment in seconds; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quizfunnel.orders.event import UnreadableError
from quizfunnel.orders.sources.line_items import as_text

_FIRST, _LAST = 631_152_000, 7_258_118_400  # 1990 and 2200


def id_at(data: Mapping[str, Any], key: str) -> str:
    """Return the id of an object that stands there whole or by its id alone; none where nothing stands there."""
    value = data.get(key)
    return as_text(value.get("id") if isinstance(value, dict) else value, 200)


def part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object that may be missing; an empty one for whatever is none."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def rows(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list as Stripe writes one, with its entries under `data`."""
    listed = part(data, key).get("data")
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def moment(data: Mapping[str, Any], key: str) -> datetime:
    """Return a moment that is written as seconds since 1970."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not _FIRST <= value < _LAST:
        raise UnreadableError(f"`{key}` is no moment in seconds since 1970")
    return datetime.fromtimestamp(value, UTC)
