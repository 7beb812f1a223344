"""Catalogues as spreadsheets of any country save them are read as they were; a quote that swallows rows is an error."""

import csv
import io
from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogError, CatalogReading, dialect, read_catalog
from tests.catalog.files import CASES, NATIVE, needs_cases, read

SHIPPED = sorted((Path(__file__).parents[3] / "quizzes" / "catalogs").glob("*.csv"))
FIELDS = (
    "id",
    "title",
    "price",
    "currency",
    "url",
    "image",
    "tags",
    "type",
    "vendor",
    "attributes",
    "variants",
    "line",
)


def saved(path: Path, *, delimiter: str, comma: bool, end: str = "\r\n") -> str:
    """Return a catalogue as a spreadsheet writes it: its delimiter, and its decimals after a comma or a point."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    written = io.StringIO(newline="")
    localised = [[cell.replace(".", ",") if comma and _is_number(cell) else cell for cell in row] for row in rows]
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(localised)
    return written.getvalue()


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdigit() and "." in cell


def facts(reading: CatalogReading) -> list[tuple[object, ...]]:
    """Return all of every product."""
    return [tuple(getattr(product, field) for field in FIELDS) for product in reading.catalog.products]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("delimiter", "comma", "encoding"),
    [
        (";", True, "utf-8-sig"),
        (";", True, "cp1252"),
        (";", False, "utf-8"),
        ("\t", True, "utf-16"),
        ("\t", False, "utf-16"),
        (",", False, "cp932"),
    ],
    ids=["Spanish", "German", "Swiss", "German Unicode text", "Japanese Unicode text", "Japanese"],
)
def test_a_spreadsheets_export_of_a_shipped_catalogue_is_read_as_it_was(
    tmp_path: Path, path: Path, delimiter: str, *, comma: bool, encoding: str
) -> None:
    """The same products, attributes, stocks and lines; where the code page lacks a letter it is written as ?."""
    text = saved(path, delimiter=delimiter, comma=comma)
    expected = path.read_text("utf-8")
    if encoding == "cp932":
        text, expected = (each.encode(encoding, "replace").decode(encoding) for each in (text, expected))
    (tmp_path / "english.csv").write_text(expected, "utf-8")
    assert facts(read(tmp_path, text.encode(encoding))) == facts(read_catalog(tmp_path / "english.csv"))


@pytest.mark.parametrize(
    ("rows", "price", "strength"),
    [
        ("a;A;12,50;GBP;/a;;x,y;3;4,5\n", 1250, 4.5),
        ("a;A;1.234,50;GBP;/a;;x,y;;\n", 123450, None),
        ("a;A;1.234;GBP;/a;;x,y;;\nb;B;3,5;GBP;/b;;;;7\n", 123400, None),
        ("a;A;1.234,50 £;GBP;/a;;x,y;;\n", 123450, None),
        ("a;A;£\u00a012,50;GBP;/a;;x,y;;\n", 1250, None),
        ("a;A;GBP 12,50;GBP;/a;;x,y;;\n", 1250, None),
        ("a;A;kr. 1.234,50;DKK;/a;;x,y;;\n", 123450, None),
        ("a;A;12,50 kr.;DKK;/a;;x,y;;\n", 1250, None),
        ("a;A;kr. 1.234;DKK;/a;;x,y;;\nb;B;3,5;DKK;/b;;;;7\n", 123400, None),
        ("a;A;12;GBP;/a;;1,5;;2,25\nb;B;3,5;GBP;/b;;;;7\n", 1200, 2.25),
    ],
)
def test_decimal_commas_are_read_where_the_prices_say_so(
    tmp_path: Path, rows: str, price: int, strength: float | None
) -> None:
    """Prices, costs and further columns; the commas between tags stay."""
    first = read(tmp_path, NATIVE.replace(",", ";") + rows).catalog.products[0]
    assert (first.price, first.attributes.get("strength")) == (price, strength)
    assert first.tags == frozenset(rows.splitlines()[0].split(";")[6].split(","))


@pytest.mark.parametrize(
    ("cell", "currency", "price"),
    [
        ("¥1,980", "JPY", 1980),
        ("￥980", "JPY", 980),
        ("1,980円", "JPY", 1980),
        ('"$1,234.50"', "USD", 123450),
        ('"1,234.50"', "EUR", 123450),
        ("12.50 €", "EUR", 1250),
        ("49 kr", "SEK", 4900),
        ("49 kr.", "DKK", 4900),
        ("Fr. 12.50", "CHF", 1250),
    ],
)
def test_a_price_as_a_spreadsheet_shows_it_is_read(tmp_path: Path, cell: str, currency: str, price: int) -> None:
    """With its own currency's sign and thousands set apart, as a cell that is formatted as money is saved."""
    quoted = cell if "," not in cell or cell.startswith('"') else f'"{cell}"'
    found = read(tmp_path, NATIVE + f"a,A,{quoted},{currency},/a,,,,\n")
    assert [product.price for product in found.catalog.products] == [price]


@pytest.mark.parametrize(
    "cell", ["$12.50", "12.50 USD", "1.234", "12.50 or so", "12.50 £", "12.50 kr.", "€.50", "EUR.50"]
)
def test_a_price_that_may_be_another_one_is_a_finding(tmp_path: Path, cell: str) -> None:
    """Another currency's sign, thousands or three decimals, words: the row is named and left out."""
    found = read(tmp_path, NATIVE + f"a,A,{cell},EUR,/a,,,,\nb,B,1,EUR,/b,,,,\n")
    assert [product.id for product in found.catalog.products] == ["b"]
    assert [finding.line for finding in found.findings] == [2]


def test_words_with_a_number_stay_as_they_are_written(tmp_path: Path) -> None:
    """A size of "1,5 l" is the option's name, which shoppers read and orders repeat: no amount of money."""
    header = "Handle;Title;Option1 Name;Option1 Value;Variant SKU;Variant Price\n"
    rows = "juice;Juice;Size;1,5 l;j1;12,50\njuice;;;1.000 ml;j2;11,50\n"
    (juice,) = read(tmp_path, header + rows, currency="EUR", product_url="/p/{handle}").catalog.products
    assert [(variant.title, variant.price) for variant in juice.variants] == [("1,5 l", 1250), ("1.000 ml", 1150)]


def test_lists_by_semicolons_are_lists(tmp_path: Path) -> None:
    """Where every one of the table is; beside one by commas a semicolon is a letter of its tag."""
    rows = 'a;A;1;GBP;/a;;"x;y";;\nb;B;1;GBP;/b;;{};;\n'
    for last, tags in (("z", {"x", "y"}), ("z,w", {"x;y"})):
        found = read(tmp_path, NATIVE.replace(",", ";") + rows.format(last))
        assert found.catalog.products[0].tags == tags


def test_prices_in_two_ways_of_writing_are_told_row_by_row(tmp_path: Path) -> None:
    """Which of them is meant is not certain: the odd one is left out and named."""
    found = read(tmp_path, NATIVE.replace(",", ";") + "a;A;12.50;GBP;/a;;;;\nb;B;12,50;GBP;/b;;;;\n")
    assert [product.id for product in found.catalog.products] == ["a"]
    assert [finding.line for finding in found.findings] == [3]


def test_an_inferred_encoding_is_told_with_a_word_to_look_at(tmp_path: Path) -> None:
    """A warning, since it may be another page of letters."""
    found = read(tmp_path, (NATIVE + "a,Crème,1,GBP,/a,,,,\n").encode("cp1252"))
    assert found.catalog.products[0].title == "Crème"
    assert "c.csv:1:1: warning: read as Windows-1252: look whether 'Crème' is right" in found.findings[0].text()


@pytest.mark.parametrize("blank", ["", "\n", '"two\nlines"'])
def test_every_row_stays_on_its_line(blank: str) -> None:
    """Empty rows and line breaks in cells too: a finding names the line of the file that people have."""
    text = f"id;title\na;A\n{blank};\nb;B\n" if blank.startswith('"') else f"id;title\na;A\n{blank}b;B\n"
    assert dialect.canonical(text).count("\n") == text.count("\n")
    assert dialect.canonical(text).splitlines()[-1] == "b,B"


@needs_cases
@pytest.mark.parametrize(("name", "says"), [("products", "lines up to 5"), ("to-the-end", "lines up to 5")])
def test_a_swallowed_quote_is_an_error_that_names_its_lines(name: str, says: str) -> None:
    """At the line where it opens: the last good catalogue serves on."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(CASES / "faults" / "quote-not-closed" / f"{name}.csv")
    (finding,) = refused.value.findings
    assert (finding.line, finding.severity) == (3, "error")
    assert f"the {says} are read as part of its cell" in finding.message


def test_a_swallowed_quote_among_semicolons_is_an_error_as_well(tmp_path: Path) -> None:
    """Before anything is rewritten, at the line where it opens."""
    with pytest.raises(CatalogError, match="swallows lines 3 to 4") as refused:
        read(tmp_path, NATIVE.replace(",", ";") + 'a;"A;1;GBP;/a;;;;\nb;B;1;GBP;/b;;;;\nc;"C";1;GBP;/c;;;;\n')
    assert refused.value.findings[0].line == 2


def test_a_stray_pair_of_quotes_swallows_nothing_in_silence(tmp_path: Path) -> None:
    """One that opens in one row and closes in another leaves a row too short: an error, not a product of two."""
    with pytest.raises(CatalogError, match="lines up to 3 are read as part of its cell"):
        read(tmp_path, NATIVE + 'a,"A,1,GBP,/a,,,,\nb,B",1,GBP,/b,,,,\n')


def test_a_whole_rows_cell_may_hold_anything(tmp_path: Path) -> None:
    """Line breaks, commas and quotes of a description."""
    found = read(tmp_path, NATIVE.replace("strength", "note") + 'a,A,1,GBP,/a,,,,"one, ""two""\nthree, four"\n')
    assert found.catalog.products[0].attributes == {"note": 'one, "two"\nthree, four'}


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    """A description with a picture as data."""
    found = read(tmp_path, NATIVE.replace("strength", "note") + f"a,A,1,GBP,/a,,,,{'x' * 200_000}\nb,B,1,GBP,/b,,,,\n")
    assert [product.id for product in found.catalog.products] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"PK\x03\x04....xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04....photo.jpg", "a zip file"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument workbook"),
        (b"\x1f\x8b\x08....", "a gzip file"),
        (b"\xd0\xcf\x11\xe0....", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b'\xef\xbb\xbf [{"id": 1}]', "this is JSON"),
        (b'{"products": []}', "this is JSON"),
        (b'{"id": 1}\n{"id": 2}\n', "JSON with a value a line"),
        (b'{"products": [{"id": 1},', "JSON that is cut off"),
        (b'[{"id": "pot', "JSON that is cut off"),
    ],
)
def test_what_is_no_table_says_what_it_is_and_what_to_export(tmp_path: Path, body: bytes, says: str) -> None:
    """By its first bytes, whatever its name says."""
    with pytest.raises(CatalogError, match=says) as refused:
        read(tmp_path, body)
    assert "CSV" in str(refused.value)
