"""Whatever a row says of its stock is heard, also where the row itself cannot be sold."""

from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogError, read_catalog

NATIVE = "id,title,price,currency,url,tags,stock\n"
SHOPIFY = (
    "Handle,Title,Published,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Status\n"
)


def gone(tmp_path: Path, text: str) -> set[str]:
    """Return the products that a catalogue says are gone, whether it can be used or not."""
    path = tmp_path / "catalog.csv"
    path.write_text(text, encoding="utf-8")
    try:
        return set(read_catalog(path, currency="GBP", product_url="/p/{handle}").gone)
    except CatalogError as error:
        return set(error.gone)


@pytest.mark.parametrize(
    ("row", "is_gone"),
    [
        ("a,A,9.00,GBP,/a,x,0", True),
        ("a,A,9.00,GBP,/a,x,", False),
        ("a,A,9.00,GBP,/a,x,3", False),
        ("a,A,free,GBP,/a,x,0", True),
        ("a,A,free,GBP,/a,x,", False),
        ("a,A,9.00,EUR,/a,x,0", True),
        ("a,A,9.00,EUR,/a,x,3", False),
        ("a,,9.00,GBP,/a,x,-1", True),
        ("a,A,9.00,GBP,/a,x,lots", False),
        (",A,9.00,GBP,/a,x,0", False),
    ],
)
def test_a_row_of_our_own(tmp_path: Path, row: str, is_gone: bool) -> None:  # noqa: FBT001 - a table's column
    """Good, of another currency, without a price or a title; beside others and alone."""
    assert gone(tmp_path, f"{NATIVE}b,B,9.00,GBP,/b,x,\nc,C,9.00,GBP,/c,x,\n{row}\n") == ({"a"} if is_gone else set())
    assert gone(tmp_path, f"{NATIVE}{row}\n") == ({"a"} if is_gone else set())


def test_a_product_that_stands_twice_is_as_its_first_row_says(tmp_path: Path) -> None:
    """The second one is left out, and has no say."""
    rows = ("a,A,9.00,GBP,/a,x,3\n", "a,A,9.00,GBP,/a,x,0\n")
    assert gone(tmp_path, NATIVE + rows[0] + rows[1]) == set()
    assert gone(tmp_path, NATIVE + rows[1] + rows[0]) == {"a"}


@pytest.mark.parametrize(
    ("rows", "is_gone"),
    [
        ("a,A,true,9.00,shopify,0,deny,active", True),
        ("a,A,true,9.00,shopify,0,continue,active", False),
        ("a,A,true,9.00,,0,deny,active", False),
        ("a,A,true,9.00,shopify,5,deny,draft", True),
        ("a,A,false,9.00,shopify,5,deny,active", True),
        ("a,A,true,?,shopify,0,deny,active", True),
        ("a,A,true,?,shopify,5,deny,archived", True),
        ("a,A,true,?,shopify,5,deny,active", False),
        ("a,,true,9.00,shopify,0,deny,active", True),
        ("a,A,true,9.00,shopify,0,deny,active\na,,,9.00,shopify,2,deny,", False),
        ("a,A,true,?,shopify,0,deny,active\na,,,?,shopify,2,deny,", False),
        ("a,A,true,?,shopify,0,deny,active\na,,,?,shopify,-3,deny,", True),
    ],
)
def test_a_product_of_shopifys(tmp_path: Path, rows: str, is_gone: bool) -> None:  # noqa: FBT001 - a table's column
    """Every variant sold out, or the product withdrawn; whatever else is wrong with its rows."""
    assert gone(tmp_path, f"{SHOPIFY}b,B,true,9.00,,,,active\n{rows}\n") == ({"a"} if is_gone else set())
