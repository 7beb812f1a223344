"""Every form of a catalogue gives the same products; bad rows are named by line and left out."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.catalog.readers import CatalogError, CatalogReading, read_catalog

CASES = Path(os.environ.get("QUIZFUNNEL_CASES", Path(__file__).parents[3] / "shared" / "cases"))
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the folder of outside cases is not here")

NATIVE = "id,title,price,currency,url,image,tags,stock,strength\n"
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status\r\n"
)


def read(tmp_path: Path, text: str | bytes, name: str = "c.csv", **more: str) -> CatalogReading:
    """Read a catalogue of this content."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_catalog(path, name=name, **more)


def shopify(tmp_path: Path, *rows: str) -> CatalogReading:
    """Read a Shopify export with these rows."""
    text = SHOPIFY + "".join(f"{row}\r\n" for row in rows)
    return read(tmp_path, text, currency="EUR", product_url="https://shop.example/products/{handle}")


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


def test_yaml_and_csv_give_the_same_products(tmp_path: Path) -> None:
    """The same fields as a YAML list; only the line differs."""
    sheet = read(tmp_path, NATIVE + 'a,Anna,9.50,GBP,/p/a,,"x,y",,4\n').catalog.products[0]
    text = "- id: a\n  title: Anna\n  price: 9.50\n  currency: GBP\n  url: /p/a\n  tags: [x, y]\n  strength: 4\n"
    listed = read(tmp_path, text, "c.yaml").catalog.products[0]
    assert (listed.id, listed.price, listed.tags, listed.attributes) == (
        sheet.id,
        sheet.price,
        sheet.tags,
        sheet.attributes,
    )


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
        ("b,B,1,EUR,/a,,,,", "priced in EUR, the rows before in GBP"),
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


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "empty"),
        (b"name,cost\na,1\n", 1, "the header is of no form that can be read"),
        (NATIVE.encode(), 1, "no rows"),
        (b"id,id,title,price\n", 1, "stands twice"),
        (b"id;title;price;currency\na;A;1;GBP\n", 1, "separated by semicolons"),
        (NATIVE.encode() + b'a,"A,1,GBP,/a,,,,\n', 2, "look at the quotes"),
        (NATIVE.encode() + b"a,\xff,1,GBP,/a,,,,\n", 2, "not UTF-8"),
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


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("- &x {id: a}\n- *x\n", 1, "anchor or alias"),
        ("- {id: a,\n   title: !!python/name:os.system b}\n", 2, "tag"),
        ("id: a\n", 1, "list of products"),
        ("- {id: a}\n---\n- {id: b}\n", 2, "second YAML document"),
        ("- id: a\n  title: [\n", 3, "no YAML"),
        ("[" * 5000, 1, "levels"),
        ("- " + "x" * 1024 * 1024, 1, "larger than 1 MiB"),
        ("", 1, "no rows"),
    ],
)
def test_yaml_that_is_more_than_plain_data_is_refused_whole(tmp_path: Path, content: str, line: int, says: str) -> None:
    """Anchors, tags, other shapes and endless nesting: one error with its line, no row read."""
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, content, "c.yaml")
    (finding,) = refused.value.findings
    assert (finding.severity, finding.line) == ("error", line)
    assert says in finding.message
    assert "row" not in finding.message.partition("no rows")[2]


def test_a_bad_entry_of_a_yaml_list_is_left_out_alone(tmp_path: Path) -> None:
    """A doubled key, a nested value, a word where a product should be: each named by line, the good one stays."""
    good = "- {id: a, title: A, price: 1, currency: GBP, url: /a}\n"
    found = read(tmp_path, good + "- {id: b, id: c}\n- {id: d, size: {x: 1}}\n- word\n- {tags: ['a,b']}\n", "c.yaml")
    assert [product.id for product in found.catalog.products] == ["a"]
    assert [finding.line for finding in found.findings] == [2, 3, 4, 5]
    assert ["twice" in found.findings[0].message, "flat" in found.findings[1].message] == [True, True]


def test_yaml_values_keep_the_letters_they_are_written_in(tmp_path: Path) -> None:
    """As in a CSV: 007 is no 7, no is no False, and ~ is nothing."""
    text = "- {id: 007, title: no, price: 9.50, currency: GBP, url: /a, vegan: true, size: 0x10, image: ~}\n"
    (product,) = read(tmp_path, text, "c.yml").catalog.products
    assert (product.id, product.title, product.price, product.image) == ("007", "no", 950, "")
    assert product.attributes == {"vegan": "true", "size": "0x10"}


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(CatalogError, match="cannot be read"):
        read_catalog(tmp_path / "none.csv")


def test_shopifys_variants_make_one_product_at_the_cheapest_price_that_can_be_bought(tmp_path: Path) -> None:
    """Continuation rows leave title and type blank; a row without price adds a picture alone."""
    found = shopify(
        tmp_path,
        'mug,Mug,<p>Nice</p>,Clay,Kitchen,"blue, gift",true,Size,Small,M-S,shopify,0,deny,5.00,https://x.example/a.jpg,',
        "mug,,,,,,,,Large,M-L,shopify,2,deny,9.00,https://x.example/b.jpg,",
        "mug,,,,,,,,,,,,,,https://x.example/c.jpg,",
    )
    (mug,) = found.catalog.products
    assert (mug.title, mug.type, mug.vendor, mug.price, mug.currency) == ("Mug", "Kitchen", "Clay", 900, "EUR")
    assert mug.url == "https://shop.example/products/mug"
    assert [variant.sku for variant in mug.variants] == ["M-S", "M-L"]
    assert mug.tags == {"blue", "gift"}
    assert mug.available


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "available"),
    [
        ("shopify", "0", "deny", False),
        ("shopify", "0", "continue", True),
        ("shopify", "-3", "deny", False),
        ("shopify", "1", "deny", True),
        ("", "0", "deny", True),
    ],
)
def test_shopifys_stock_counts_where_it_is_tracked(
    tmp_path: Path,
    tracker: str,
    quantity: str,
    policy: str,
    available: bool,  # noqa: FBT001
) -> None:
    """Untracked is never sold out; `continue` sells on below zero."""
    found = shopify(tmp_path, f"mug,Mug,,,,,true,,,M,{tracker},{quantity},{policy},5.00,,active")
    assert found.catalog.products[0].available is available


@pytest.mark.parametrize(("published", "status"), [("false", "active"), ("true", "draft"), ("true", "archived")])
def test_what_shopify_does_not_publish_is_not_available(tmp_path: Path, published: str, status: str) -> None:
    """Drafts and archived products stay unseen."""
    found = shopify(tmp_path, f"mug,Mug,,,,,{published},,,M,,,deny,5.00,,{status}")
    assert not found.catalog.products[0].available


def test_a_shopify_export_needs_currency_and_address_from_the_quiz(tmp_path: Path) -> None:
    """The message says which key of the quiz names them."""
    text = f"{SHOPIFY}mug,Mug,,,,,true,,,M,,,deny,5.00,,active\r\n"
    with pytest.raises(CatalogError, match="`catalog` in the quiz"):
        read(tmp_path, text, product_url="/p/{handle}")
    with pytest.raises(CatalogError, match="`product_url`"):
        read(tmp_path, text, currency="EUR")


def test_a_shopify_export_without_both_says_so_once(tmp_path: Path) -> None:
    """One finding for each thing that is missing, not one for every product."""
    text = f"{SHOPIFY}mug,Mug,,,,,true,,,M,,,deny,5.00,,active\r\ncup,Cup,,,,,true,,,M,,,deny,5.00,,active\r\n"
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, text, product_url="https://shop.example/products")
    assert [finding.line for finding in refused.value.findings] == [1, 1]
    assert "left out" not in str(refused.value)


def test_a_row_that_cannot_be_read_does_not_part_the_rows_of_its_product(tmp_path: Path) -> None:
    """The variants after it still belong to the product before it."""
    found = shopify(
        tmp_path,
        "mug,Mug,,,,,true,,Small,M-S,,,deny,5.00,,active",
        "mug,,,,,,,,Middle,M-M,,,deny,6.00,,,,,,,",
        "mug,,,,,,,,Large,M-L,,,deny,free,,",
        "mug,,,,,,,,Huge,M-H,,,deny,9.00,,",
    )
    (mug,) = found.catalog.products
    assert [variant.title for variant in mug.variants] == ["Small", "Huge"]
    assert [finding.line for finding in found.findings] == [3, 4]


def test_shopifys_newer_column_names_give_the_same_products(tmp_path: Path) -> None:
    """URL handle for Handle, Price for Variant Price, and so on; metafields are attributes."""
    header = (
        "Title,URL handle,Vendor,Type,Tags,Published on online store,Status,SKU,Option1 name,Option1 value,Price,"
        "Inventory tracker,Inventory quantity,Continue selling when out of stock,Product image URL,"
        "Weight value (grams),Strength (product.metafields.custom.strength)\r\n"
    )
    rows = (
        'Mug,mug,Clay,Kitchen,"blue, gift",TRUE,Active,M-S,Size,Small,5.00,shopify,0,DENY,https://x.example/a.jpg,20,4\r\n'
        ",mug,,,,,,M-L,,Large,9.00,shopify,2,DENY,,20,\r\n"
    )
    found = read(tmp_path, "\ufeff" + header + rows, currency="EUR", product_url="/p/{handle}")
    (mug,) = found.catalog.products
    assert (found.reader, mug.id, mug.price, mug.url, mug.available) == (
        "Shopify product CSV",
        "mug",
        900,
        "/p/mug",
        True,
    )
    assert [(variant.sku, variant.title) for variant in mug.variants] == [("M-S", "Small"), ("M-L", "Large")]
    assert (sorted(mug.tags), mug.image) == (["blue", "gift"], "https://x.example/a.jpg")
    assert mug.attributes == {"grams": 20.0, "strength": 4.0}


def test_a_handle_is_written_into_the_address_as_a_path(tmp_path: Path) -> None:
    """Letters of other scripts are percent-encoded; the product's id stays as it is."""
    found = shopify(tmp_path, "茶碗,Bowl,,,,,true,,,B,,,deny,5.00,,active")
    assert found.catalog.products[0].id == "茶碗"
    assert found.catalog.products[0].url == "https://shop.example/products/%E8%8C%B6%E7%A2%97"


@needs_cases
@pytest.mark.parametrize("name", ["shopify-apparel", "shopify-home-and-garden"])
def test_shopifys_own_samples_are_read_whole(name: str) -> None:
    """Twenty products each, none left out."""
    found = read_catalog(CASES / "catalogs" / f"{name}.csv", currency="USD", product_url="/p/{handle}")
    assert (len(found.catalog.products), found.findings) == (20, ())
    assert all(product.price > 0 and product.image for product in found.catalog.products)
    assert all(variant.cost is None for product in found.catalog.products for variant in product.variants)


@needs_cases
def test_a_form_that_is_not_read_yet_is_told_plainly() -> None:
    """WooCommerce's export: an error that names what can be read."""
    with pytest.raises(CatalogError, match="Shopify export begins with"):
        read_catalog(CASES / "catalogs" / "woocommerce-sample.csv")


def test_an_order_line_is_found_by_id_then_sku_then_exact_unique_title() -> None:
    """A SKU or title that two products share finds neither."""
    one = Product("a", "Same", 1, "GBP", "/a", variants=(Variant("S1", 1), Variant("SX", 1)))
    two = Product("b", "Same", 1, "GBP", "/b", variants=(Variant("S2", 1), Variant("SX", 1)))
    catalog = Catalog((one, two))
    assert catalog.find(product_id="b", sku="S1") == (two, "id")
    assert catalog.find(product_id="none", sku="S1") == (one, "sku")
    assert catalog.find(sku="SX", title="Same") is None
    assert catalog.find() is None


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


def test_shopifys_cost_per_item_is_each_variants(tmp_path: Path) -> None:
    """A line's SKU says which variant was sold; where none does, only what all of them cost is known."""
    header = SHOPIFY.replace("Status", "Status,Cost per item,Cost (product.metafields.custom.cost)")
    rows = (
        "tee,Tee,,V,Shirt,,true,Size,S,T-S,,,deny,20,,active,7.5,99",
        "tee,,,,,,,,M,T-M,,,deny,20,,,8,",
        "tee,,,,,,,,L,T-L,,,deny,20,,,much,",
        "cap,Cap,,V,Hat,,true,Size,S,C-S,,,deny,9,,active,3,",
        "cap,,,,,,,,M,C-M,,,deny,9,,,3.00,",
    )
    text = header + "".join(f"{row}\r\n" for row in rows)
    found = read(tmp_path, text, currency="EUR", product_url="https://shop.example/products/{handle}")
    tee, cap = found.catalog.products
    assert [tee.cost_of(sku) for sku in ("T-S", "T-M", "T-L", "other", "")] == [750, 800, None, None, None]
    assert [cap.cost_of(sku) for sku in ("C-S", "other", "")] == [300, 300, 300]
    assert [(finding.line, finding.message[:12]) for finding in found.findings] == [(4, "cost: 'much'")]
    assert "cost" not in tee.attributes


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from([b"", NATIVE.encode(), SHOPIFY.encode()]), st.sampled_from(["csv", "yaml"])
)
def test_any_bytes_give_products_or_findings(tmp_path: Path, content: bytes, header: bytes, form: str) -> None:
    """No file is an error of another kind."""
    try:
        found: object = read(tmp_path, header + content, f"c.{form}", currency="EUR", product_url="/p/{handle}")
    except CatalogError as error:
        found = error.findings
    assert found


WORDS = ["", " ", "a", "b", "GBP", "EUR", "/p", "//x", "http://[", "http://x:y/", "x,y", '"', "'0", "=1+1"]
SIGNALS = ["true", "false", "draft", "shopify", "continue", "\u2028", "\ufeff", "\U0001f600"]
NUMBERS = ["1", "-1", "9.99", "1e999", "NaN", "1_0", "\u0661"]
CELLS = st.sampled_from([*WORDS, *SIGNALS, *NUMBERS])


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, max_size=17), max_size=5), st.sampled_from([NATIVE, SHOPIFY]))
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
