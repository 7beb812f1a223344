"""Sale prices: the reduced price while its dates say so, the regular one before and after them; pure.

Each remark on a change to come carries its moment, so that whoever serves the file can read it again then.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import Remark, RowError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_JUST_AFTER = timedelta(microseconds=1)
_SHORT_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d:)")


class Prices(NamedTuple):
    """The cells of one row that say what is charged: amounts without currency, and the sale's first and last moment."""

    line: int
    regular: str
    sale: str = ""
    starts: str = ""
    ends: str = ""


class Charge(NamedTuple):
    """The price of now in minor units; in a sale the one before it, and its last moment where one is named."""

    price: int
    was: int | None = None
    ends: datetime | None = None
    remarks: tuple[Remark, ...] = ()


def charge_now(prices: Prices, currency: str, now: datetime) -> Charge:
    """Return what is charged now, with a remark where that will change or dates cannot be read.

    A sale price that is not below the regular one is none. RowError where there is no regular price.
    """
    regular = cells.price(prices.regular, currency)
    if not prices.sale or (reduced := cells.price(prices.sale, currency)) >= regular:
        return Charge(regular)
    try:
        starts, ends = _moment(prices.starts), _moment(prices.ends, last=True)
    except ValueError as error:
        wrong = f"{str(error)[:60]!r} is no date, so that the regular price is shown; write it like 2026-12-24"
        return Charge(regular, remarks=(Remark(prices.line, wrong),))
    if starts and now < starts:
        return Charge(regular, remarks=(_soon(prices.line, f"begins on {starts:%Y-%m-%d}", starts),))
    if ends and now > ends:
        return Charge(regular)
    remarks = (_soon(prices.line, f"ends on {ends:%Y-%m-%d}", ends + _JUST_AFTER),) if ends else ()
    return Charge(reduced, regular, ends, remarks)


def compared(line: int, price: int, before: str, currency: str) -> Charge:
    """Return a price beside the one that it is compared with, which is none unless it is higher.

    One that cannot be read keeps nothing from being sold, and is a remark.
    """
    try:
        was = cells.price(before, currency) if before else 0
    except RowError as error:
        return Charge(price, remarks=(Remark(line, f"{error}; no price is shown as the one before a sale"),))
    return Charge(price, was if was > price else None)


def _soon(line: int, change: str, moment: datetime) -> Remark:
    says = f"the sale price {change}; the price changes by itself then; without `auto_publish`, publish it again"
    return Remark(line, says, moment)


def _moment(text: str, *, last: bool = False) -> datetime | None:
    """Return a moment, UTC where it names no zone, the last of a day that names no hour; ValueError with the text."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(_SHORT_HOUR.sub(r"\1 0\2", text))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment + timedelta(days=1, microseconds=-1) if last and _DAY.fullmatch(text) else moment
    except (ValueError, OverflowError):
        raise ValueError(text) from None
