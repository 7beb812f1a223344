"""Order exports: a platform's file of its orders, each of which becomes a body as its hook sends it; pure.

So that an order is read by the same code whichever way it came, and the same order by hook and by file is one row.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from quizfunnel.kit.amount import read_amount
from quizfunnel.kit.money import to_major
from quizfunnel.orders.event import UnreadableError

_WRITTEN = ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S")
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0", ""})


class Cells(NamedTuple):
    """The cells of one row by column, and how its file writes amounts and moments."""

    by_column: Mapping[str, str]
    decimal_mark: str
    zone: tzinfo

    def text(self, column: str) -> str:
        """Return a cell without the space around it, empty where there is no such column."""
        return self.by_column.get(column, "").strip()

    def needed(self, column: str) -> str:
        """Return a cell that an order cannot do without; UnreadableError where it is empty."""
        value = self.text(column)
        if not value:
            raise UnreadableError(f"`{column}` is empty")
        return value

    def amount(self, column: str, currency: str, *, default: str = "") -> str:
        """Return an amount as decimal text with a point; `default` where the cell is empty."""
        value = self.text(column) or default
        swapped = value.translate({ord(","): ".", ord("."): ","}) if self.decimal_mark == "," else value
        try:
            return str(to_major(read_amount(swapped, currency), currency))
        except ValueError as error:
            raise UnreadableError(f"`{column}`: {error}") from None

    def plain(self, column: str) -> str:
        """Return a cell with a point where its file writes a decimal comma; it may hold anything."""
        value = self.text(column)
        return value.replace(",", ".") if self.decimal_mark == "," else value

    def unit_price(self, column: str, currency: str) -> str:
        """Return a line's price as decimal text, as it stands where it is no amount: an odd line loses no order."""
        try:
            return self.amount(column, currency)
        except UnreadableError:
            return self.plain(column)

    def decimal(self, column: str, currency: str) -> Decimal:
        """Return an amount, zero where the cell is empty."""
        return Decimal(self.amount(column, currency, default="0"))

    def moment(self, column: str) -> datetime | None:
        """Return a moment in UTC, None where the cell is empty; one that names no zone is of the file's."""
        value = self.text(column)
        if not value:
            return None
        for form in _WRITTEN:
            try:
                at = datetime.strptime(value, form)  # noqa: DTZ007 - the zone is the file's
            except ValueError:
                continue
            return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)
        raise UnreadableError(f"`{column}`: {value[:40]!r} is no moment; write it like 2026-03-02 12:00:00 +0000")

    def flag(self, column: str, *, default: bool) -> bool:
        """Return whether a cell says yes; UnreadableError for a word that is neither yes nor no."""
        value = self.text(column).lower()
        if not value:
            return default
        if value not in _YES | _NO:
            raise UnreadableError(f"`{column}`: {value[:40]!r} is neither true nor false")
        return value in _YES


class OrderExport(NamedTuple):
    """A kind of file: its title, the columns that it has at least, that of an order's key, and that of amounts.

    An order's rows stand together and share the key; the first one has what is of the whole order.
    """

    title: str
    columns: tuple[str, ...]
    key: str
    total: str
    body: Callable[[Sequence[Cells]], dict[str, Any]]


def latest(*moments: datetime | None) -> str:
    """Return the latest of the moments that are known, as ISO 8601."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        raise UnreadableError("no moment is told")
    return max(known).isoformat()
