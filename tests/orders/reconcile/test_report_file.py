"""Laws of reading a store's totals: every day as it was written, or nothing of the file and each line's remedy."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.orders.reconcile.report_file import (
    MOST_BYTES,
    ReportedDay,
    ReportedDays,
    ReportError,
    ReportSettings,
    read,
)

TODAY = date(2026, 3, 10)
SHOPIFY = (
    "Day,Orders,Gross sales,Discounts,Returns,Net sales,Shipping charges,Duties,Additional fees,Taxes,Total sales\r\n"
    "2026-03-08,18,4722.08,-135.04,-48.12,4538.92,42.16,0,0,29.03,4610.11\r\n"
    "2026-03-09,11,2453.25,-112.42,0,2340.83,0,0,0,18.79,2359.62\r\n"
)


def told(text: str | bytes, currency: str | None = "GBP") -> ReportedDays:
    """Return what a file of that text tells."""
    return read(text.encode() if isinstance(text, str) else text, ReportSettings("days.csv", currency, TODAY))


def refused(text: str | bytes, currency: str | None = "GBP") -> str:
    """Return why nothing of it is taken."""
    with pytest.raises(ReportError) as error:
        told(text, currency)
    return str(error.value)


def line(cells: str) -> str:
    """Return why a file whose second line holds these cells is refused, of that line only."""
    said = refused(f"day,orders,total\n{cells}\n2026-03-01,1,1.00\n")
    assert said.startswith("days.csv:2:1: error: ")
    return said.removeprefix("days.csv:2:1: error: ")


DAYS = st.builds(
    ReportedDay,
    st.dates(date(2020, 1, 1), TODAY - timedelta(days=1)),
    st.sampled_from(["GBP", "EUR"]),
    st.integers(0, 10**6),
    st.integers(-(10**9), 10**9),
    st.just(0),
)


@pytest.mark.thorough
@given(st.lists(DAYS, min_size=1, unique_by=lambda each: each[:2]), st.permutations(range(4)), st.data())
def test_what_is_written_is_read(days: list[ReportedDay], order: list[int], data: st.DataObject) -> None:
    """Whatever the order of columns and lines, the line ends, quotes, blank lines, other columns and a BOM."""
    end, quoted = data.draw(st.sampled_from(["\n", "\r\n"])), data.draw(st.booleans())
    out = io.StringIO()
    rows = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    names = ["day", "currency", "orders", "total"]
    rows.writerow([*(names[place] for place in order), "note"])
    for each in days:
        cells = [each.day, each.currency, each.orders, Decimal(each.total_minor).scaleb(-2)]
        rows.writerow([*(cells[place] for place in order), "a, b"])
        if data.draw(st.booleans()):
            out.write(end)
    found = told(data.draw(st.sampled_from(["", "\ufeff"])) + out.getvalue(), None)
    assert [each[:4] for each in found.days] == sorted(each[:4] for each in days)
    assert found.findings == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_line(body: bytes) -> None:
    """No file is a traceback: it tells days, or findings with a line and a remedy."""
    for each in (body, b"day,orders,total\n" + body):
        try:
            found = told(each)
        except ReportError as error:
            found = ReportedDays((), tuple(error.findings))
        assert found.days or found.findings
        assert all(finding.line >= 1 and ";" in finding.message for finding in found.findings)


def test_shopifys_report_is_read_as_exported() -> None:
    """Its total sales are what is compared, and no column of it needs to be removed."""
    assert [each[:4] for each in told(SHOPIFY, "USD").days] == [
        (date(2026, 3, 8), "USD", 18, 461011),
        (date(2026, 3, 9), "USD", 11, 235962),
    ]


def test_lines_are_those_of_the_file() -> None:
    """Counted in the file: a cell over two lines, and blank lines, move what follows."""
    text = 'day,orders,total,note\n2026-03-01,1,1,"two\nlines"\n\n2026-03-02,1,1,\n2026-03-03,x,1,\n'
    assert refused(text).startswith("days.csv:6:1: error: orders: 'x' is no whole number")
    assert [each.line for each in told(text.replace("x", "1")).days] == [2, 5, 6]


def test_every_bad_line_is_named_and_nothing_is_taken() -> None:
    """One good line among three bad ones tells nothing; of very many the first twenty are said."""
    said = refused("day,orders,total\n2026-03-01,1,1\n2026-13-01,1,1\n2026-03-02,-1,1\n2026-03-03,1,abc\n")
    assert [each.split(":")[1] for each in said.splitlines()] == ["3", "4", "5"]
    many = refused("day,orders,total\n" + "x,1,1\n" * 50).splitlines()
    assert (len(many), many[-1]) == (21, "and 30 more lines like these")


def test_a_day_that_is_not_over_is_left_out_and_said() -> None:
    """An export of the last days ends with today: the others count; alone it is nothing to compare."""
    found = told("day,orders,total\n2026-03-09,1,1\n2026-03-10,1,1\n")
    assert [each.day.day for each in found.days] == [9]
    assert [each.text() for each in found.findings] == [
        "days.csv:3:1: warning: 2026-03-10 is not over yet in the store's time zone; left out, tell it tomorrow"
    ]
    assert "export at least yesterday" in refused("day,orders,total\n2026-03-10,1,1\n")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("03/04/2026,1,1", "'03/04/2026' can be read as more than one day; write year, month and day like 2026-03-04"),
        ("04.03.2026,1,1", "can be read as more than one day"),
        ("3-4-26,1,1", "can be read as more than one day"),
        ("4 March 2026,1,1", "is no day; write year, month and day like 2026-03-04"),
        ("2026-02-30,1,1", "is in no calendar"),
        ("2026-03-01T05:00,1,1", "is no day"),
        ("2026-03-11,1,1", "2026-03-11 is still to come (it is 2026-03-10 in the store's time zone)"),
        ("1926-03-01,1,1", "is before any order; look at the year"),
        (",9,9", "the day is missing; delete the line where it only adds up the others"),
        ("2026-03-02,,1", "orders: '' is no whole number of zero or more; write how many there were"),
        ("2026-03-02,1.5,1", "orders: '1.5' is no whole number"),
        (f"2026-03-02,{10**12},1", "more than any store has on a day; look at the columns"),
        ("2026-03-02,1", "the total is missing; write 0 where nothing was sold"),
        ('2026-03-02,1,"1.234,50"', "total: '1.234,50' has its decimals after a comma; write 1234.50"),
        ("2026-03-02,1,€5", "total: the amount is marked '€' and its currency is GBP"),
        ('2026-03-02,1,"1" 2', "this line is no CSV"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_to_do(cells: str, says: str) -> None:
    """Each by its line."""
    assert says in line(cells)


def test_a_day_stands_once_in_each_currency() -> None:
    """The second one names the first; two currencies are two totals."""
    head = "day,currency,orders,total\n2026-03-01,GBP,1,1\n2026-03-01,EUR,1,1\n"
    assert len(told(head).days) == 2
    assert refused(head + "2026-03-01,GBP,1,1\n").endswith(
        "days.csv:4:1: error: 2026-03-01 in GBP stands already in line 2; keep one of them"
    )


@pytest.mark.parametrize(("code", "says"), [("", "say --currency GBP"), ("GPB", "'GPB' is no ISO 4217 currency code")])
def test_a_currency_is_needed_and_a_real_one(code: str, says: str) -> None:
    """Neither is guessed."""
    assert says in refused(f"day,currency,orders,total\n2026-03-01,{code},1,1\n", None)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "1:1: error: the file is empty; it needs a header line"),
        (b"\xef\xbb\xbf \r\n", "1:1: error: the file is empty"),
        (b"day,orders,total\n", "no day that is over stands in the file"),
        (b"day;orders;total\n2026-03-01;1;1\n", "1:1: error: the cells are separated by semicolons or tabs"),
        (b"day\torders\ttotal\n", "separated by semicolons or tabs"),
        (b"2026-03-01,1,1\n", "1:1: error: the header lacks day, orders, total; the columns are day,currency"),
        (b"day,orders,total,Total sales\n", "more than one column says `total`; keep one of them"),
        (b"day,orders,total\n2026-03-01,1,\xa35\n", "2:1: error: this line is not UTF-8; export it as CSV"),
        (b"day,orders,total\n2026-03-01,1,\0\n", "2:1: error: a NUL character"),
        (b"\x7fELF\x02\x01\0\0", "1:1: error: a NUL character, so that it is no text; export the report as CSV"),
        (b'"day,orders', "1:1: error: this line is no CSV"),
        (b"day,orders,total\n" + b" " * MOST_BYTES, "larger than 1 MiB; it needs one line a day"),
    ],
)
def test_a_file_that_is_none_says_what_to_do(body: bytes, says: str) -> None:
    """Empty, of another form, of another encoding, no text, too large."""
    assert says in refused(body)
