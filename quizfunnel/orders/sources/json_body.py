"""JSON from outside, read without trusting it: depth, numbers, text, moments and money; pure."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from quizfunnel.kit.money import exponent, to_minor
from quizfunnel.orders.event import UnreadableError

MOST_DEPTH = 40
NO_CHARACTER = "\ufffd"  # stands where the body has what no text may hold
_FIRST_YEAR, _LAST_YEAR = 1990, 2199  # far from where a time zone's shift leaves the calendar


def lone_id(data: Mapping[str, Any]) -> str:
    """Return the id where a body is nothing but an id, as of what was deleted; else nothing."""
    return text(data, "id", most=200) if set(data) == {"id"} else ""


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
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error}"[:200]) from None
    except ValueError as error:
        says = str(error) if "JSON" in str(error) else "a number in it has thousands of digits"
        raise UnreadableError(f"not JSON: {says}") from None
    if not isinstance(data, dict):
        raise UnreadableError("not a JSON object")
    return {_clean(key, 0): _clean(value, 1) for key, value in data.items()}


def mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object under `key`."""
    value = data.get(key)
    if not isinstance(value, dict):
        raise UnreadableError(f"`{key}` is missing or no object")
    return value


def items(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the list of objects under `key`, empty where there is none or an empty object stands for it."""
    value = data.get(key)
    if value is None or value == {}:  # some languages write an empty list so
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
    if needed and NO_CHARACTER in value:
        raise UnreadableError(f"`{key}` holds a character that no text may have")
    return value[:most]


def flag(data: Mapping[str, Any], key: str) -> bool:
    """Return true or false, false where there is nothing."""
    value = data.get(key)
    if value is not None and not isinstance(value, bool):
        raise UnreadableError(f"`{key}` is neither true nor false")
    return bool(value)


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


def currency(data: Mapping[str, Any], key: str) -> str:
    """Return an ISO 4217 code; UnreadableError for one that the standard does not have."""
    code = text(data, key, most=3, needed=True)
    try:
        exponent(code)
    except ValueError as error:
        raise UnreadableError(f"`{key}`: {error}") from None
    return code


def money(data: Mapping[str, Any], key: str, code: str) -> int:
    """Return an amount, written as decimal text, in minor units of the currency of this code."""
    value = data.get(key)
    if not isinstance(value, str):
        raise UnreadableError(f'`{key}` is no amount as text, like "12.50"')
    try:
        minor = to_minor(value, code)
    except ValueError as error:
        raise UnreadableError(f"`{key}`: {error}") from None
    if minor < 0:
        raise UnreadableError(f"`{key}` is negative")
    return minor


def signed_amount(data: Mapping[str, Any], key: str, code: str) -> int | None:
    """Return an amount in minor units, below zero too; None where there is none, or none that can be read."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return to_minor(str(value), code)
    except ValueError:
        return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _clean(value: Any, depth: int) -> Any:
    """Return a value without what a database or a parser would choke on later, wherever it stands; refuse its depth.

    A customer's name or a product's title may hold anything, and loses no order.
    """
    if depth > MOST_DEPTH:
        raise UnreadableError("nested too deeply")
    if isinstance(value, str):
        return value.replace("\0", NO_CHARACTER).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_clean(key, depth + 1): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    return value
