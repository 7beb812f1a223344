"""Rows of a catalogue's file, and the checks of cells that every form shares; pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from quizfunnel.kit.amount import read_amount
from quizfunnel.kit.money import exponent, to_minor

LONGEST_ID = 200
LONGEST_TITLE = 500
PRODUCT_NUMBER, VARIANT_NUMBER = "product_id", "variant_id"  # columns of the ids that the shop's own program uses
_GLOBAL_ID = re.compile(r"gid://[a-z]+/[A-Za-z]+/")
_SHORTENED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")
_COMMA = re.compile(r"\d+,\d{1,2}")
_BARE = re.compile(r"[-\w.,\s]*")


class Defaults(NamedTuple):
    """Currency and address of products, from the quiz's `catalog`, for an export that leaves them out.

    `now` is when the file is read: a price may hold for some days only.
    """

    currency: str | None
    product_url: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One row: the line it begins on and its cells by column name."""

    line: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a cell without spaces around it, empty where there is none."""
        return self.cells.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be a product, and why; `gone` is the product that it says is sold out or withdrawn, if any."""

    line: int
    message: str
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a row that is a product all the same; `until` is the moment from which the row reads otherwise."""

    line: int
    message: str
    until: datetime | None = None


class RowError(ValueError):
    """A row that cannot be a product; the text says why."""


class FileError(ValueError):
    """A file that cannot be read: places in it, each a line and a message that says what to do."""

    def __init__(self, line: int, *messages: str, places: tuple[tuple[int, str], ...] = ()) -> None:
        """Take a line with at least one message, or several places."""
        self.places = places or tuple((line, message) for message in messages)
        super().__init__("; ".join(message for _, message in self.places))


def identity(id: str, title: str) -> tuple[str, str]:
    """Return a product's id and title; RowError where one is missing, too long or unfit for an address."""
    if not id or len(id) > LONGEST_ID:
        raise RowError("the product's id is missing" if not id else f"the id has more than {LONGEST_ID} characters")
    if any(letter in ' /?#\\%&"<>' or letter.isspace() or not letter.isprintable() for letter in id):
        raise RowError(
            f'the id {id[:40]!r} holds a space or one of / ? # \\ % & " < >, which cannot stand in an address'
        )
    if id in (".", ".."):
        raise RowError(f"the id {id!r} cannot stand in an address")
    if not title or len(title) > LONGEST_TITLE:
        raise RowError("the title is missing" if not title else f"the title has more than {LONGEST_TITLE} characters")
    return id, title


def price(text: str, currency: str) -> int:
    """Return a price in minor units; RowError where it is missing, no number or negative."""
    if not text:
        raise RowError("the price is missing; write it like 12.50")
    minor = _minor(text, currency, "price")
    if minor < 0:
        raise RowError(f"the price {text} is negative")
    return minor


def cost(text: str, currency: str) -> int | None:
    """Return a unit's cost to the store in minor units, None where the cell is empty; RowError for what is no cost."""
    if not text:
        return None
    minor = _minor(text, currency, "cost")
    if minor < 0:
        raise RowError(f"the cost {text} is negative")
    return minor


def cost_or_remark(row: CatalogRow, column: str, currency: str) -> tuple[int | None, tuple[Remark, ...]]:
    """Return a row's cost, unknown where the cell holds none, with a remark on that.

    What cannot be a cost keeps nothing from being sold.
    """
    try:
        return cost(row.get(column), currency), ()
    except RowError as error:
        return None, (Remark(row.line, f"{error}; its cost stays unknown"),)


def currency_code(text: str) -> str:
    """Return a currency code; RowError where ISO 4217 has none such."""
    if not text:
        raise RowError("the currency is missing; add a column `currency`, or name it under `catalog` in the quiz")
    try:
        exponent(text)
    except ValueError as error:
        raise RowError(str(error)) from None
    return text


def stock(text: str) -> int | None:
    """Return the stock, None where it is not tracked; RowError for no whole number.

    Below zero is what a platform counts for orders it still owes.
    """
    if not text:
        return None
    try:
        return int(_without_underscores(text))
    except ValueError:
        raise RowError(f"stock {text[:20]!r} is no whole number; leave it empty where it is not tracked") from None


def sold_out(text: str) -> bool:
    """Tell whether a cell of stock says that nothing is left."""
    try:
        left = stock(text)
    except RowError:
        return False
    return left is not None and left <= 0


def address(text: str, what: str, *, needed: bool = False) -> str:
    """Return an http(s) address or a path on this site; RowError for anything else."""
    if not text:
        if needed:
            raise RowError(f"the {what} is missing; write it, or name `product_url` under `catalog` in the quiz")
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:  # a broken IPv6 host
        raise RowError(f"the {what} {text[:60]!r} is no address") from None
    local = not parts.scheme and not parts.netloc and text.startswith("/") and not text.startswith(("//", "/\\"))
    if not local and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise RowError(f"the {what} {text[:60]!r} is neither a path like /img/x.svg nor an http(s) address")
    if any(letter.isspace() or letter == "\\" or not letter.isprintable() for letter in text):
        raise RowError(f"the {what} {text[:60]!r} holds a space or a backslash; write %20 or /")
    return text


def product_address(template: str, id: str) -> str:
    """Return a product's address by the quiz's `product_url`, with ``{handle}`` or ``{id}`` filled in."""
    named = quote(id, safe="")
    return address(template.replace("{handle}", named).replace("{id}", named), "product_url", needed=True)


def platform_number(row: CatalogRow, *columns: str) -> tuple[str, tuple[Remark, ...]]:
    """Return the number in the first of the columns that has one, unknown where a spreadsheet shortened it."""
    column = next((name for name in columns if row.get(name)), "")
    text = _GLOBAL_ID.sub("", row.get(column).removeprefix("'")) if column else ""
    if _SHORTENED.fullmatch(text):
        wrong = f"`{column}` is {text[:40]!r}, which a spreadsheet has shortened"
        return "", (Remark(row.line, f"{wrong}; format the column as text and fill it in again; it stays unknown"),)
    if len(text) > LONGEST_ID:
        return "", (Remark(row.line, f"`{column}` has more than {LONGEST_ID} characters; it stays unknown"),)
    return text.removesuffix(".0"), ()


def tags(text: str) -> frozenset[str]:
    """Return comma-separated tags."""
    return frozenset(tag.strip() for tag in text.split(",") if tag.strip())


def numeric(rows: Iterable[CatalogRow], names: Iterable[str]) -> frozenset[str]:
    """Return the columns that hold a number in every cell that is not empty."""
    seen = dict.fromkeys(names, False)
    words: set[str] = set()
    for row in rows:
        for name in seen:
            if name not in words and (cell := row.get(name)):
                seen[name] = True
                if not _is_number(cell):
                    words.add(name)
    return frozenset(name for name, filled in seen.items() if filled and name not in words)


def _minor(text: str, currency: str, what: str) -> int:
    if _COMMA.fullmatch(text):
        raise RowError(f"{what}: {text!r} has a comma before its decimals; write {text.replace(',', '.')}")
    try:
        return to_minor(_without_underscores(text), currency)
    except ValueError as error:
        as_number = error
    try:
        return read_amount(text, currency)  # as a cell shows it that a spreadsheet formats: "1,234.50", "12.50 €"
    except ValueError as error:
        raise RowError(f"{what}: {as_number if _BARE.fullmatch(text) else error}") from None


def _without_underscores(text: str) -> str:
    """Return the text; ValueError for 1_000, which Python takes for a number and people do not."""
    if "_" in text:
        raise ValueError(f"{text[:40]!r} is no number; write it without _")
    return text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(_without_underscores(text)))
    except ValueError:
        return False
