"""Day reports of a store: its totals, a day a line, in our own columns or its platform's as exported; pure.

Source: the columns of Shopify's report "Total sales over time" by day: Day, Orders, Gross sales, Discounts,
Returns, Net sales, Shipping charges, Duties, Additional fees, Taxes, Total sales. Its totals are those of the
orders placed on the day, less what was given back on it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from quizfunnel.kit.amount import read_amount, read_count
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.money import exponent
from quizfunnel.kit.text import TextError, TextMessages, read_utf8
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.source import DayReport

MOST_BYTES = 1024 * 1024  # a line a day for centuries
_NO_TEXT = TextMessages(
    too_large="the file is larger than 1 MiB; it needs one line a day, not one an order",
    not_utf8="this line is not UTF-8; export it as CSV with the encoding UTF-8",
    forbidden="a NUL character, so that it is no text; export the report as CSV",
)
_MOST_ORDERS = 1_000_000_000  # far inside a 32-bit column
_MOST_SAID = 20
_FIRST_YEAR = 1990  # as for the moments of orders
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ]00:00(:00)?)?")
_NUMBERS = re.compile(r"[0-9]{1,4}[/. -][0-9]{1,2}[/. -][0-9]{1,4}")
_REPORTS = [kind.report for kind in SOURCES if kind.report]
_OWN = {"day": ("day", "date"), "currency": ("currency",), "orders": ("orders",), "total": ("total",)}
_NAMES = {
    name: {*own, *(report.columns[name].lower() for report in _REPORTS if name in report.columns)}
    for name, own in _OWN.items()
}


class ReportedDay(NamedTuple):
    """One day as the store reports it, with the line that says so."""

    day: date
    currency: str
    orders: int
    total_minor: int
    line: int


class ReportedDays(NamedTuple):
    """The days of a file, and findings about lines that were left out."""

    days: tuple[ReportedDay, ...]
    findings: tuple[Finding, ...]


class ReportError(Exception):
    """A file of which nothing is taken; `findings` say why, by line."""

    def __init__(self, findings: list[Finding]) -> None:
        """Take at least one finding; of very many the first ones are said."""
        more = [f"and {len(findings) - _MOST_SAID:,} more lines like these"] if len(findings) > _MOST_SAID else []
        super().__init__("\n".join([*(finding.text() for finding in findings[:_MOST_SAID]), *more]))
        self.findings = findings


class ReportSettings(NamedTuple):
    """Settings of reading one file: its name, the currency of a line that names none, and the store's present day."""

    file: str
    currency: str | None
    today: date


class _LineError(ValueError):
    """One line that cannot be read; the text says why."""


def read(body: bytes, setting: ReportSettings) -> ReportedDays:
    """Return the days of a file; ToldError where any line of it cannot be read, for then no day is certain."""
    good: dict[tuple[date, str], ReportedDay] = {}
    bad: list[Finding] = []
    late: list[Finding] = []
    for line, cells in _lines(body, setting.file):
        try:
            day = _day(line, cells, setting)
            _hold_once(day, good)
        except _LineError as error:
            bad.append(Finding(setting.file, line, 1, "error", str(error)))
            continue
        if day.day == setting.today:
            message = f"{day.day} is not over yet in the store's time zone; left out, tell it tomorrow"
            late.append(Finding(setting.file, line, 1, "warning", message))
        else:
            good[day.day, day.currency] = day
    if bad:
        raise ReportError(bad)
    if not good:
        message = "no day that is over stands in the file; export at least yesterday"
        raise ReportError([Finding(setting.file, 1, 1, "error", message)])
    return ReportedDays(tuple(sorted(good.values())), tuple(late))


def _day(line: int, cells: Mapping[str, str], setting: ReportSettings) -> ReportedDay:
    day = _date(cells["day"], setting.today)
    currency = _currency(cells["currency"] or setting.currency or "")
    return ReportedDay(day, currency, _orders(cells["orders"]), _total(cells["total"], currency), line)


def _hold_once(day: ReportedDay, known: Mapping[tuple[date, str], ReportedDay]) -> None:
    first = known.get((day.day, day.currency))
    if first is not None:
        raise _LineError(f"{day.day} in {day.currency} stands already in line {first.line}; keep one of them")


def _date(text: str, today: date) -> date:
    if not text:
        raise _LineError("the day is missing; delete the line where it only adds up the others")
    written = _DAY.fullmatch(text)
    if written is None:
        why = "can be read as more than one day" if _NUMBERS.fullmatch(text) else "is no day"
        raise _LineError(f"{text[:40]!r} {why}; write year, month and day like 2026-03-04")
    try:
        day = date.fromisoformat(written[1])
    except ValueError:
        raise _LineError(f"{text[:40]!r} is in no calendar; write year, month and day like 2026-03-04") from None
    if day > today:
        raise _LineError(f"{day} is still to come (it is {today} in the store's time zone); export what is over")
    if day.year < _FIRST_YEAR:
        raise _LineError(f"{day} is before any order; look at the year")
    return day


def _currency(text: str) -> str:
    if not text:
        raise _LineError("the currency is missing; add a column `currency`, or say --currency GBP")
    try:
        exponent(text)
    except ValueError as error:
        raise _LineError(str(error)) from None
    return text


def _orders(text: str) -> int:
    try:
        count = read_count(text)
    except ValueError as error:
        raise _LineError(f"orders: {error}; write how many there were, like 31") from None
    if count > _MOST_ORDERS:
        raise _LineError(f"orders: {text[:40]!r} is more than any store has on a day; look at the columns")
    return count


def _total(text: str, currency: str) -> int:
    if not text:
        raise _LineError("the total is missing; write 0 where nothing was sold")
    try:
        return read_amount(text, currency)
    except ValueError as error:
        raise _LineError(f"total: {error}") from None


def _lines(body: bytes, file: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each line's number and its cells as `day`, `currency`, `orders` and `total`."""
    rows = csv.reader(io.StringIO(_text(body, file), newline=""), strict=True)
    line = 1
    try:
        columns = _columns(next(rows, []), file)
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield line, {name: _cell(cells, place) for name, place in columns.items()}
            line = rows.line_num + 1
    except csv.Error as error:
        raise _refused(file, line, f"this line is no CSV ({error}); look at its quotes") from None


def _cell(cells: list[str], place: int | None) -> str:
    return "" if place is None or place >= len(cells) else cells[place].strip()


def _columns(header: list[str], file: str) -> dict[str, int | None]:
    """Return at which place each column stands; None for a currency that is not there."""
    names = [cell.strip().lower().replace("_", " ") for cell in header]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        message = "the cells are separated by semicolons or tabs; save the file with commas between them"
        raise _refused(file, 1, message)
    places_of = {
        name: [place for place, column in enumerate(names) if column in known] for name, known in _NAMES.items()
    }
    if twice := [name for name, places in places_of.items() if len(places) > 1]:
        raise _refused(file, 1, f"more than one column says `{twice[0]}`; keep one of them")
    if missing := [name for name in ("day", "orders", "total") if not places_of[name]]:
        raise _refused(
            file,
            1,
            f"the header lacks {', '.join(missing)}; the columns are "
            + ", or ".join(["day,currency,orders,total", *map(_columns_of, _REPORTS)]),
        )
    return {name: places[0] if places else None for name, places in places_of.items()}


def _text(body: bytes, file: str) -> str:
    try:
        text = read_utf8(body, _NO_TEXT, most=MOST_BYTES)
    except TextError as error:
        raise _refused(file, error.line, str(error)) from None
    if not text.strip():
        raise _refused(file, 1, "the file is empty; it needs a header line and a line a day")
    return text


def _columns_of(report: DayReport) -> str:
    return f"those of {report.title} ({', '.join(report.columns.values())})"


def _refused(file: str, line: int, message: str) -> ReportError:
    return ReportError([Finding(file, line, 1, "error", message)])
