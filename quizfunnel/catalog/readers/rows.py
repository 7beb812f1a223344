"""Rows of a catalogue's file and the checks that every form shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.kit.money import exponent, to_minor

LONGEST_ID = 200
LONGEST_TITLE = 500


class Defaults(NamedTuple):
    """What the quiz's `catalog` says for an export that leaves it out."""

    currency: str | None
    product_url: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on and its cells by column name."""

    line: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a cell without spaces around it, empty where there is none."""
        return self.cells.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be a product, and why."""

    line: int
    message: str


class RowError(ValueError):
    """What is wrong with one row, in words."""


def identity(id: str, title: str) -> tuple[str, str]:
    """Return a product's id and title; RowError where one is missing or too long."""
    if not id or len(id) > LONGEST_ID:
        raise RowError("the product's id is missing" if not id else f"the id has more than {LONGEST_ID} characters")
    if any(letter.isspace() or letter in "/?#\\" for letter in id):
        raise RowError(f"the id {id[:40]!r} holds a space or one of / ? # \\, which cannot stand in an address")
    if not title or len(title) > LONGEST_TITLE:
        raise RowError("the title is missing" if not title else f"the title has more than {LONGEST_TITLE} characters")
    return id, title


def price(text: str, currency: str) -> int:
    """Return a price in minor units; RowError where it is missing, no number or negative."""
    if not text:
        raise RowError("the price is missing")
    try:
        minor = to_minor(text, currency)
    except ValueError as error:
        raise RowError(f"price: {error}") from None
    if minor < 0:
        raise RowError(f"the price {text} is negative")
    return minor


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
    """Return how many are in stock, None where it is not tracked; RowError for no whole number."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise RowError(f"stock {text[:20]!r} is no whole number; leave it empty where it is not tracked") from None


def address(text: str, what: str, *, needed: bool = False) -> str:
    """Return an http(s) address or a path on this site; RowError for any other scheme."""
    if not text:
        if needed:
            raise RowError(f"the {what} is missing")
        return ""
    parts = urlsplit(text)
    local = not parts.scheme and not parts.netloc and text.startswith("/") and not text.startswith(("//", "/\\"))
    if not local and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise RowError(f"the {what} {text[:60]!r} is neither a path like /img/x.svg nor an http(s) address")
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        raise RowError(f"the {what} {text[:60]!r} holds a space; write %20")
    return text


def tags(text: str) -> frozenset[str]:
    """Return comma-separated tags."""
    return frozenset(tag.strip() for tag in text.split(",") if tag.strip())
