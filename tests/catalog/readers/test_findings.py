"""Findings of a catalogue: the odd row is blamed and not the first, and thirty alike are one."""

from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogError, read_catalog
from quizfunnel.kit.finding import MOST_ALIKE
from tests.quiz.cases import case

HEADER = "id,title,price,currency,url\n"


def _row(number: int, price: str = "9.00", currency: str = "GBP") -> str:
    return f'p{number},Product {number},"{price}",{currency},/p/{number}\n'


def _written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "shelf.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_the_row_in_another_currency_is_blamed_wherever_it_stands(tmp_path: Path) -> None:
    """The first row is as likely the odd one as any: all the others stay."""
    reading = read_catalog(_written(tmp_path, _row(1, currency="EUR"), _row(2), _row(3)), name="shelf.csv")
    assert [product.id for product in reading.catalog.products] == ["p2", "p3"]
    (finding,) = reading.findings
    assert finding.text() == (
        "shelf.csv:2:1: warning: `p1` is priced in EUR, most rows in GBP; write its price in GBP; this row is left out"
    )


def test_of_two_currencies_alike_the_first_stays(tmp_path: Path) -> None:
    """The outcome hangs on the file alone."""
    reading = read_catalog(_written(tmp_path, _row(1, currency="EUR"), _row(2)), name="shelf.csv")
    assert [product.id for product in reading.catalog.products] == ["p1"]


def test_many_rows_alike_are_one_finding(tmp_path: Path) -> None:
    """A column of decimal commas is one mistake: the first row is shown, the others are named."""
    path = _written(tmp_path, _row(0), *(_row(number, f"{number},50") for number in range(1, 31)))
    (finding,) = read_catalog(path, name="shelf.csv").findings
    assert finding.line == 3
    assert "'1,50' has a comma before its decimals; write 1.50" in finding.message
    assert finding.message.endswith("; so in 29 other lines: 4, 5, 6, 7, 8 and 24 more")


def test_a_few_rows_alike_are_told_singly(tmp_path: Path) -> None:
    """Each of them with its own value."""
    path = _written(tmp_path, _row(0), *(_row(number, f"{number},50") for number in range(1, MOST_ALIKE + 1)))
    assert [finding.line for finding in read_catalog(path).findings] == [3, 4, 5, 6, 7]


def test_another_mistake_is_not_lost_among_many(tmp_path: Path) -> None:
    """Mistakes of another kind keep their own lines, in the file's order."""
    path = _written(tmp_path, _row(0), _row(1, ""), *(_row(number, f"{number},50") for number in range(2, 12)))
    assert [finding.message.split(";")[0] for finding in read_catalog(path).findings] == [
        "the price is missing", "price: '2,50' has a comma before its decimals",
    ]  # fmt: skip


def test_a_catalogue_without_a_good_row_says_so_once(tmp_path: Path) -> None:
    """Where every row is wrong in one way, that is one error."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(_written(tmp_path, *(_row(number, "9,00") for number in range(1, 32))))
    (finding,) = refused.value.findings
    assert (finding.line, finding.severity) == (2, "error")


@pytest.mark.parametrize(
    ("rows", "line", "last"),
    [
        ('a,A,1,GBP,/a\nb,"B,1,GBP,/b\nc,C,1,GBP,/c\nd,"D, d",1,GBP,/d\ne,E,1,GBP,/e\n', 3, 5),
        ('a,A,1,GBP,/a\nb,"B,1,GBP,/b\nc,C,1,GBP,/c\n', 3, 4),
        ('a,A,1,GBP,/a\nb,"B,1,GBP,/b\nc,C,1,GBP,/c"\nd,D,1,GBP,/d\n', 3, 4),
        ('a,A,1,GBP,/a\nb,"B ""x""",1,GBP,"/b\nc,C,1,GBP,/c\n', 3, 4),
        ('a,"A\nof two lines","1,GBP,/a\nb,B,1,GBP,/b\n', 3, 4),
    ],
)
def test_a_quotation_mark_that_swallows_rows_refuses_the_file(tmp_path: Path, rows: str, line: int, last: int) -> None:
    """At the line where it opens, up to the last line that it swallowed: no row is lost unnamed."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(_written(tmp_path, rows))
    (finding,) = refused.value.findings
    assert (finding.line, finding.severity) == (line, "error")
    assert f"so that the lines up to {last} are read as part of its cell; close it" in finding.message


def test_a_cell_of_several_lines_is_no_fault(tmp_path: Path) -> None:
    """Quoted as it should be, whatever is in it, and in a row that leaves its last cells out."""
    rows = 'a,"A, b\nof ""two"" lines",1,GBP,/a\nb,"B\nof two",1,GBP\n'
    reading = read_catalog(_written(tmp_path, rows), product_url="/p/{id}")
    assert [product.id for product in reading.catalog.products] == ["a", "b"]


@pytest.mark.parametrize("name", ["products", "to-the-end"])
def test_the_case_of_a_quote_that_is_not_closed(name: str) -> None:
    """Told at the line where it opens."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(case(f"faults/quote-not-closed/{name}.csv"))
    assert [(finding.line, finding.severity) for finding in refused.value.findings] == [(3, "error")]
