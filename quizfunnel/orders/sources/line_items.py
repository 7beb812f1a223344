"""Line items from outside: an order counts by its total, so that an odd line loses no order and is remarked; pure."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from quizfunnel.kit.money import exponent
from quizfunnel.orders.event import LineItem

MOST_LINES = 1000
_MOST_REMARKS = 5
_LARGEST = 10**12  # minor units of a price, and millionths of a quantity: far inside a 64-bit column
_MICRO = Decimal("0.000001")


class LineNames(NamedTuple):
    """Names of a line's keys as a platform writes them."""

    lines: str = "line_items"
    product_id: str = "product_id"
    sku: str = "sku"
    title: str = "title"
    quantity: str = "quantity"
    price: str = "price"
    variant_id: str = "variant_id"


class Lines(NamedTuple):
    """The lines that were read, and what of them could not be."""

    items: tuple[LineItem, ...]
    remarks: tuple[str, ...]


def read_lines(data: Mapping[str, Any], currency: str, names: LineNames) -> Lines:
    """Return the lines of an order in `currency`; whatever they look like, it raises nothing."""
    listed, remarks = data.get(names.lines), list[str]()
    if listed is None:
        return Lines((), ())
    if not isinstance(listed, list):
        return Lines((), (f"`{names.lines}` is no list",))
    if len(listed) > MOST_LINES:
        remarks.append(f"`{names.lines}` has more than {MOST_LINES} lines; the others are left out")
    items = []
    for position, line in enumerate(listed[:MOST_LINES], start=1):
        if not isinstance(line, dict):
            remarks.append(f"line {position} is no object")
            continue
        item, odd = _line(line, currency, names)
        items.append(item)
        remarks += [f"line {position}: {remark}" for remark in odd]
    return Lines(tuple(items), _few(remarks))


def as_text(value: object, most: int) -> str:
    """Return what was written as text, at most so many characters of it; an id may also be a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value[:most] if isinstance(value, str) else ""


def _line(line: Mapping[str, Any], currency: str, names: LineNames) -> tuple[LineItem, list[str]]:
    odd = []
    price, wrong = _price(line.get(names.price), currency)
    odd += [f"`{names.price}` {wrong}"] if wrong else []
    quantity = _quantity(line.get(names.quantity))
    if quantity is None:
        odd.append(f"`{names.quantity}` is no number of zero or more")
    item = LineItem(
        product_id=as_text(line.get(names.product_id), 200),
        sku=as_text(line.get(names.sku), 200),
        title=as_text(line.get(names.title), 500),
        quantity=quantity,
        unit_price_minor=price,
        variant_id=as_text(line.get(names.variant_id), 200),
    )
    if not (item.product_id or item.sku or item.title):
        odd.append(f"has neither {names.product_id}, {names.sku} nor {names.title}")
    return item, odd


def _price(value: object, currency: str) -> tuple[int, str]:
    """Return a price in minor units, rounded where it has more decimals, and what is odd about it."""
    amount = _decimal(value)
    if amount is None:
        return 0, "is no amount"
    scaled = amount.scaleb(exponent(currency))
    rounded = scaled.quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(rounded) > _LARGEST:
        return 0, "is no possible amount"
    # a price by division has the tail of a fraction: what was charged is the total, and stands
    return int(rounded), "" if rounded == scaled else f"is rounded from {str(value)[:40]}"


def _quantity(value: object) -> Decimal | None:
    amount = _decimal(value)
    if amount is None or not 0 <= amount <= _LARGEST // 10**6:
        return None
    return amount.quantize(_MICRO, ROUND_HALF_EVEN).normalize()


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _LARGEST else None


def _few(remarks: list[str]) -> tuple[str, ...]:
    """Return the first remarks, and how many more there are: they stand in one short column."""
    more = len(remarks) - _MOST_REMARKS
    return (*remarks[:_MOST_REMARKS], f"and {more} more") if more > 0 else tuple(remarks)
