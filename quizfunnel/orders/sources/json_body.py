"""JSON from outside, read without trusting it: depth, numbers, text, moments and money; pure."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from quizfunnel.kit.money import to_minor
from quizfunnel.orders.event import UnreadableError

MOST_DEPTH = 40
_LARGEST = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2199  # far from where a time zone's shift leaves the calendar


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object in `body`; UnreadableError for anything else, however it is broken."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not UTF-8 at byte {error.start}") from None
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise UnreadableError("nested too deeply") from None
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}"[:200]) from None
    _hold(data, 0)
    if not isinstance(data, dict):
        raise UnreadableError("not a JSON object")
    return data


def mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object under `key`."""
    value = data.get(key)
    if not isinstance(value, dict):
        raise UnreadableError(f"`{key}` is missing or no object")
    return value


def items(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the list of objects under `key`, empty where there is none."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableError(f"`{key}` is no list of objects")
    return value


def text(data: Mapping[str, Any], key: str, *, most: int = 200, needed: bool = False) -> str:
    """Return a text; an id may also come as a whole number."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value):
        raise UnreadableError(f"`{key}` is missing or no text")
    if len(value) > most and needed:
        raise UnreadableError(f"`{key}` has more than {most} characters")
    return value[:most]


def flag(data: Mapping[str, Any], key: str) -> bool:
    """Return true or false, false where there is nothing."""
    value = data.get(key)
    if value is not None and not isinstance(value, bool):
        raise UnreadableError(f"`{key}` is neither true nor false")
    return bool(value)


def whole(data: Mapping[str, Any], key: str) -> int:
    """Return a whole number of zero or more."""
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST:
        raise UnreadableError(f"`{key}` is no whole number of zero or more")
    return value


def moment(data: Mapping[str, Any], key: str) -> datetime:
    """Return an ISO 8601 moment with its zone, in UTC."""
    value = data.get(key)
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        at = at.astimezone(UTC) if at and at.tzinfo else at
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise UnreadableError(f"`{key}` is no moment, like 2026-03-02T12:00:00Z")
    if at.tzinfo is None:
        raise UnreadableError(f"`{key}` names no time zone; write it like 2026-03-02T12:00:00Z")
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise UnreadableError(f"`{key}` is no possible moment of an order")
    return at


def money(data: Mapping[str, Any], key: str, currency: str) -> int:
    """Return an amount, written as decimal text, in minor units of `currency`."""
    value = data.get(key)
    if not isinstance(value, str):
        raise UnreadableError(f'`{key}` is no amount as text, like "12.50"')
    try:
        minor = to_minor(value, currency)
    except ValueError as error:
        raise UnreadableError(f"`{key}`: {error}") from None
    if minor < 0:
        raise UnreadableError(f"`{key}` is negative")
    return minor


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _hold(value: object, depth: int) -> None:
    """Refuse text, numbers and depths that a database or a parser would choke on later, wherever they stand."""
    if depth > MOST_DEPTH:
        raise UnreadableError("nested too deeply")
    if isinstance(value, str):
        if "\0" in value or not _encodable(value):
            raise UnreadableError("holds a character that no text may have")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise UnreadableError("holds a number that is not finite")
    elif isinstance(value, dict):
        for key, item in value.items():
            _hold(key, depth + 1)
            _hold(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _hold(item, depth + 1)


def _encodable(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
