"""Laws of every catalogue reader: a file gives sound products, and whatever else is in it is named by line."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.catalog.readers import READERS, CatalogError, CatalogReading, read_catalog
from quizfunnel.catalog.readers.reader import CatalogReader, Products
from quizfunnel.catalog.readers.rows import Defaults
from tests.catalog.files import MERCHANT, NATIVE, RSS, SHOPIFY, WOOCOMMERCE, read


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "empty"),
        (b"name,cost\na,1\n", 1, "the header is of no form that can be read"),
        (NATIVE.encode(), 1, "no rows"),
        (b"id,id,title,price\n", 1, "stands twice"),
        (b"name;cost\na;1\n", 1, "the header is of no form that can be read"),
        (NATIVE.encode() + b'a,"A,1,GBP,/a,,,,\n', 2, "a quotation mark is not closed"),
        (NATIVE.encode() + b"a,\x81,1,GBP,/a,,,,\n", 2, "not UTF-8"),
        (NATIVE.encode() + b"a,\0,1,GBP,/a,,,,\n", 2, "NUL"),
        (NATIVE.encode() + b"a,A,free,GBP,/a,,,,\n", 2, "no amount"),
    ],
)
def test_a_file_without_one_good_product_is_an_error(tmp_path: Path, content: bytes, line: int, says: str) -> None:
    """The error says what, where and what to do."""
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, content)
    finding = refused.value.findings[0]
    assert (finding.severity, finding.line) == ("error", line)
    assert says in finding.message


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(CatalogError, match="cannot be read"):
        read_catalog(tmp_path / "none.csv")


@pytest.mark.thorough
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", NATIVE.encode(), SHOPIFY.encode(), WOOCOMMERCE.encode(), MERCHANT.encode(), RSS.encode()]),
    st.sampled_from(["csv", "yaml"]),
)
def test_any_bytes_give_products_or_findings(tmp_path: Path, content: bytes, header: bytes, form: str) -> None:
    """No file is an error of another kind."""
    try:
        found: object = read(tmp_path, header + content, f"c.{form}", currency="EUR", product_url="/p/{handle}")
    except CatalogError as error:
        found = error.findings
    assert found


def products_of_feed(text: str, _: Defaults) -> Products:
    """Yield the one product of a feed."""
    yield Product("a", text.partition("<title>")[2][:4], 1, "GBP", "/a", variants=(Variant("", 1),))


FEED = CatalogReader(
    name="XML feed",
    reads=lambda file: file.suffix == ".xml" or file.text.startswith("<?xml"),
    products=products_of_feed,
    unlike=lambda _: "a feed begins with <?xml",
)


@pytest.mark.parametrize("name", ["feed.xml", "feed.txt"])
def test_a_form_that_is_neither_csv_nor_yaml_is_a_reader_like_others(tmp_path: Path, name: str) -> None:
    """It takes a file by its suffix or by how it begins, and no other reader is asked."""
    path = tmp_path / name
    path.write_text("<?xml version='1.0'?><title>Anna</title>", "utf-8")
    found = read_catalog(path, readers=(FEED, *READERS))
    assert ([product.title for product in found.catalog.products], found.reader) == (["Anna"], "XML feed")


def test_a_file_that_no_reader_takes_is_told_what_each_takes(tmp_path: Path) -> None:
    """Every reader says how its files begin."""
    path = tmp_path / "c.csv"
    path.write_text("name,price\n", "utf-8")
    with pytest.raises(CatalogError) as refused:
        read_catalog(path, name="c.csv", readers=(FEED, *READERS))
    assert str(refused.value) == (
        "c.csv:1:1: error: the header is of no form that can be read: for our own CSV it lacks id, title; "
        "a Google Merchant feed has the columns id,title,link,price,availability, or is XML; "
        "a WooCommerce export begins with ID,Type,SKU, in English, German, French or Spanish; "
        "a Shopify export begins with Handle,Title; a list of products in YAML is named like coffee.yaml; "
        "a feed begins with <?xml. Export again, or name the columns id,title,price,currency,url"
    )


def test_the_names_of_readers_are_their_own() -> None:
    """Two of one name could not be told apart in what `quizfunnel check` says."""
    assert len({reader.name for reader in READERS}) == len(READERS)


WORDS = ["", " ", "a", "b", "GBP", "EUR", "/p", "//x", "http://[", "http://x:y/", "x,y", '"', "'0", "=1+1"]
SIGNALS = ["true", "false", "draft", "shopify", "continue", "\u2028", "\ufeff", "\U0001f600"]
NUMBERS = ["1", "-1", "9.99", "1e999", "NaN", "1_0", "\u0661"]
CELLS = st.sampled_from([*WORDS, *SIGNALS, *NUMBERS])


@pytest.mark.thorough
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, max_size=17), max_size=5), st.sampled_from([NATIVE, SHOPIFY, WOOCOMMERCE, MERCHANT]))
def test_any_cells_give_products_or_findings(tmp_path: Path, rows: list[list[str]], header: str) -> None:
    """Whatever stands in the cells: every product is sound, everything else is named by its line."""
    path = tmp_path / "c.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(header)
        csv.writer(file).writerows(rows)
    try:
        found = read_catalog(path, currency="GBP", product_url="/p/{handle}")
    except CatalogError as refused:
        found = CatalogReading(Catalog(()), tuple(refused.findings), "")
    assert found.catalog.products or found.findings
    assert all(1 <= finding.line <= len(rows) + 1 for finding in found.findings)
    for product in found.catalog.products:
        assert product.id
        assert product.price >= 0
        assert product.url.startswith(("/", "http://", "https://"))
        assert product.variants
    assert len({product.currency for product in found.catalog.products}) <= 1
