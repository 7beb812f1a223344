"""Shopify exports: variants, stock and costs of one product, in both namings of the columns."""

from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogError, read_catalog
from tests.catalog.files import CASES, SHOPIFY, needs_cases, read, shopify


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


@pytest.mark.parametrize(
    ("words", "is_offered"),
    [
        (("TRUE", "true", "WAHR", "1", ""), True),
        (("FALSE", "FALSCH", "faux", "0", "HAMIS", "YANLIŞ", "ЛОЖЬ", "いいえ", "N"), False),
    ],
)
def test_a_spreadsheet_of_another_language_says_what_is_published(
    tmp_path: Path,
    words: tuple[str, ...],
    is_offered: bool,  # noqa: FBT001 - a table's column
) -> None:
    """TRUE is WAHR after the file was saved again."""
    rows = "".join(f"mug-{n},Mug {n},{word},12.00\n" for n, word in enumerate(words))
    reading = read(tmp_path, f"Handle,Title,Published,Variant Price\n{rows}", currency="USD", product_url="/p/{handle}")
    assert {product.available for product in reading.catalog.products} == {is_offered}
    assert reading.findings == ()


def test_a_word_that_nobody_knows_is_told_and_offers_nothing(tmp_path: Path) -> None:
    """Better nothing than what was withdrawn."""
    text = "Handle,Title,Published,Variant Price\nmug,Mug,perhaps,12.00\n"
    reading = read(tmp_path, text, currency="USD", product_url="/p/{handle}")
    assert not reading.catalog.by_id["mug"].available
    (finding,) = reading.findings
    assert finding.message == "`Published` is 'perhaps', so that it is not offered; write TRUE or FALSE"


def test_tracked_products_without_a_quantity_are_told_once(tmp_path: Path) -> None:
    """A shop with several locations exports none: they are offered, and nobody is left to wonder."""
    text = "Handle,Title,Variant Inventory Tracker,Variant Price\nmug,Mug,shopify,12.00\ncup,Cup,shopify,9.00\n"
    reading = read(tmp_path, text, currency="USD", product_url="/p/{handle}")
    (finding,) = reading.findings
    assert (finding.line, finding.severity) == (1, "warning")
    assert finding.message.startswith("2 variants are tracked, and the export has no column `Variant Inventory Qty`")
    assert all(product.available for product in reading.catalog.products)


def test_a_description_may_hold_a_picture(tmp_path: Path) -> None:
    """However long the cell is; the description is not used."""
    long = "A" * 140_000
    text = f'Handle,Title,Body (HTML),Variant Price\nmug,Mug,"<p>a</p>\n{long}\n<p>b</p>",12.00\ncup,Cup,x,9.00\n'
    reading = read(tmp_path, text, currency="USD", product_url="/p/{handle}")
    assert ([product.id for product in reading.catalog.products], reading.findings) == (["mug", "cup"], ())


def test_rows_of_a_handle_that_stand_apart_are_one_product(tmp_path: Path) -> None:
    """In a file that was sorted, its title in a later row: nothing is refused, and the line is the title's."""
    found = shopify(
        tmp_path,
        "mug,,,,,,,,Large,M-L,shopify,2,deny,9.00,,",
        "cup,Cup,,,,,true,,,C,,,deny,4.00,,active",
        "mug,Mug,,,,,true,Size,Small,M-S,,,deny,5.00,,active",
    )
    assert {product.id: (product.price, product.line) for product in found.catalog.products} == {
        "mug": (500, 4), "cup": (400, 3),
    }  # fmt: skip
    assert (len(found.catalog.by_id["mug"].variants), found.findings) == (2, ())


def test_a_variant_without_a_price_is_told(tmp_path: Path) -> None:
    """A row that names a variant by its SKU or option is no picture."""
    found = shopify(
        tmp_path,
        "mug,Mug,,,,,true,Size,Small,M-S,,,deny,5.00,,active",
        "mug,,,,,,,,,M-M,,,deny,,,",
        "mug,,,,,,,,Large,,,,deny,,,",
        "mug,,,,,,,,,,,,,,https://x.example/c.jpg,",
    )
    assert [(finding.line, finding.message[:37]) for finding in found.findings] == [
        (3, "variant of mug: the price is missing;"), (4, "variant of mug: the price is missing;"),
    ]  # fmt: skip


def test_the_first_picture_is_the_one_that_says_so(tmp_path: Path) -> None:
    """Wherever its row stands."""
    text = (
        "Handle,Title,Variant Price,Image Src,Image Position\nmug,Mug,12.00,/b.jpg,2\nmug,,,/a.jpg,1\nmug,,,/c.jpg,\n"
    )
    reading = read(tmp_path, text, currency="USD", product_url="/p/{handle}")
    assert reading.catalog.by_id["mug"].image == "/a.jpg"


def test_two_titles_of_one_handle_are_told(tmp_path: Path) -> None:
    """Two products become one, and a person can say whether they should."""
    text = "Handle,Title,Variant Price\nmug,Mug,12.00\ncup,Cup,9.00\nmug,Bowl,7.00\n"
    reading = read(tmp_path, text, currency="USD", product_url="/p/{handle}")
    (finding,) = reading.findings
    assert finding.text().startswith(
        "c.csv:4:1: warning: `mug` is the handle of 'Mug' in line 2, so that 'Bowl' is read"
    )


def test_a_tracked_variant_whose_quantity_is_empty_is_told(tmp_path: Path) -> None:
    """At its own line, where the column is there; one that sells on without stock needs none."""
    found = shopify(
        tmp_path,
        "mug,Mug,,,,,true,,S,M-S,shopify,3,deny,5.00,,active",
        "mug,,,,,,,,L,M-L,shopify,,deny,6.00,,",
        "mug,,,,,,,,X,M-X,shopify,,continue,7.00,,",
    )
    (finding,) = found.findings
    assert finding.line == 3
    assert finding.message.startswith("the variant is tracked, and its `Variant Inventory Qty` is empty")


def test_a_picture_of_a_product_without_a_variant_is_told(tmp_path: Path) -> None:
    """Its only variant cannot be read, and so no row of it is in a product."""
    text = "Handle,Title,Variant Price,Image Src\nmug,Mug,free,/1.jpg\nmug,,,/2.jpg\ncup,Cup,3,/3.jpg\n"
    reading = read(tmp_path, text, currency="EUR", product_url="/p/{handle}")
    assert [finding.line for finding in reading.findings] == [2, 3]
