"""Native catalogues: rows become products; bad rows are named by line and left out."""

from pathlib import Path

import pytest

from quizfunnel.catalog.product import Product, Variant
from tests.catalog.files import NATIVE, read


def test_a_native_row_becomes_a_product(tmp_path: Path) -> None:
    """Money in minor units, tags by commas, further columns as attributes, the line it stands in."""
    found = read(tmp_path, NATIVE + 'a,Anna,9.50,GBP,/p/a,/i/a.svg,"x, y",3,4\n')
    expected = Product(
        id="a",
        title="Anna",
        price=950,
        currency="GBP",
        url="/p/a",
        image="/i/a.svg",
        tags=frozenset({"x", "y"}),
        attributes={"strength": 4.0},
        variants=(Variant("", 950, 3),),
        line=2,
    )
    assert found.catalog.products == (expected,)
    assert (found.reader, found.findings) == ("native CSV", ())


def test_a_column_is_a_number_only_where_every_cell_is(tmp_path: Path) -> None:
    """One word in a column makes all of it words."""
    rows = "a,A,1,GBP,/a,,,,4\nb,B,1,GBP,/b,,,,strong\n"
    assert [product.attributes["strength"] for product in read(tmp_path, NATIVE + rows).catalog.products] == [
        "4",
        "strong",
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",Anna,1,GBP,/a,,,,", "id is missing"),
        ("a b,Anna,1,GBP,/a,,,,", "cannot stand in an address"),
        ("a/b,Anna,1,GBP,/a,,,,", "cannot stand in an address"),
        ("b,,1,GBP,/a,,,,", "title is missing"),
        ("b,B,,GBP,/a,,,,", "price is missing"),
        ("b,B,cheap,GBP,/a,,,,", "no amount of money"),
        ("b,B,-1,GBP,/a,,,,", "negative"),
        ("b,B,1.234,GBP,/a,,,,", "more decimals than GBP"),
        ("b,B,NaN,GBP,/a,,,,", "no possible amount"),
        ("b,B,1,XXZ,/a,,,,", "no ISO 4217"),
        ("b,B,1,,/a,,,,", "currency is missing"),
        ("b,B,1,EUR,/a,,,,", "priced in EUR, most rows in GBP"),
        ("b,B,1,GBP,,,,,", "url is missing"),
        ("b,B,1,GBP,javascript:alert(1),,,,", "neither a path"),
        ("b,B,1,GBP,//evil.example/x,,,,", "neither a path"),
        ("b,B,1,GBP,/b,data:text/html;x,,,", "neither a path"),
        ("b,B,1_0,GBP,/b,,,,", "without _"),
        ("b,B,1,GBP,http://[b,,,,", "is no address"),
        ("b,B,1,GBP,https://shop.example\\@evil.example,,,,", "backslash"),
        ("..,B,1,GBP,/b,,,,", "cannot stand in an address"),
        ("b%2f,B,1,GBP,/b,,,,", "cannot stand in an address"),
        ("b,B,1,GBP,/b,,,many,", "no whole number"),
        ("b,B,1,GBP,/b,,,1_0,", "no whole number"),
        ("b,B,1,GBP,/b,,,-3,", "negative; write 0"),
        ("good,B,1,GBP,/b,,,,", "stands already in line 2"),
        ("b,B,1,GBP,/b,,,,,,,,", "13 cells, the header has 9"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_left_out(tmp_path: Path, row: str, says: str) -> None:
    """The good row stays; the finding says where and why."""
    found = read(tmp_path, f"{NATIVE}good,Good,1,GBP,/g,,,,\n{row}\n")
    assert [product.id for product in found.catalog.products] == ["good"]
    (finding,) = found.findings
    assert (finding.line, finding.severity) == (3, "warning")
    assert says in finding.message
    assert "left out" in finding.message


def test_lines_stay_right_after_a_cell_with_line_breaks(tmp_path: Path) -> None:
    """A quoted cell over three lines moves what follows down by two."""
    found = read(tmp_path, NATIVE + 'a,"Anna\nof\nthe hills",1,GBP,/a,,,,\nb,,1,GBP,/b,,,,\n')
    assert [finding.line for finding in found.findings] == [5]


def test_a_cost_is_known_for_who_asks_for_it_and_no_attribute(tmp_path: Path) -> None:
    """Minor units of the price's currency, in CSV and YAML; nothing said is unknown, and 0 is nothing to pay."""
    header = NATIVE.replace("strength", "cost")
    found = read(tmp_path, header + "a,A,9.50,GBP,/a,,,,4.25\nb,B,1,GBP,/b,,,,\nc,C,1,GBP,/c,,,,0\n")
    listed = read(tmp_path, "- {id: a, title: A, price: 9.50, currency: GBP, url: /a, cost: 4.25}\n", "c.yaml")
    products = (*found.catalog.products, *listed.catalog.products)
    assert [product.cost_of("") for product in products] == [425, None, 0, 425]
    assert all(product.attributes == {} for product in products)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("cheap", "cost: 'cheap' is no amount of money"),
        ("-1", "the cost -1 is negative"),
        ("1.2345", "cost: '1.2345' has more decimals than GBP has (2)"),
        ("1_0", "without _"),
        ("NaN", "no possible amount"),
    ],
)
def test_a_bad_cost_is_named_by_its_line_and_stays_unknown(tmp_path: Path, cell: str, says: str) -> None:
    """The product is sold all the same."""
    header = NATIVE.replace("strength", "cost")
    found = read(tmp_path, f"{header}a,A,9.50,GBP,/a,,,,4\nb,B,1,GBP,/b,,,,{cell}\n")
    assert [product.cost_of("") for product in found.catalog.products] == [400, None]
    (finding,) = found.findings
    assert (finding.line, finding.severity) == (3, "warning")
    assert says in finding.message
    assert finding.message.endswith("; its cost stays unknown")
