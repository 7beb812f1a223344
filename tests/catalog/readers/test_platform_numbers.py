"""Platform numbers: read from columns that were added to an export, and never from what a spreadsheet made of them."""

from pathlib import Path

import pytest

from quizfunnel.quiz.catalog_snapshot import products_as_json, products_from_json
from tests.catalog.files import NATIVE, SHOPIFY, read

LONG = "8123456789012"


@pytest.mark.parametrize(("product", "variant"), [("product_id", "variant_id"), ("ID", "Variant ID")])
def test_a_shopify_export_with_numbers_has_them(tmp_path: Path, product: str, variant: str) -> None:
    """By our names or those of apps for exports, bare or as global ids; the product's in any of its rows."""
    header = SHOPIFY.replace("Status\r\n", f"Status,{product},{variant}\r\n")
    rows = (
        "mug,Mug,,,,,true,Size,Small,M-S,,,deny,5.00,,active,,71\r\n"
        f"mug,,,,,,,,Large,M-L,,,deny,9.00,,,gid://shopify/Product/{LONG},gid://shopify/ProductVariant/72\r\n"
    )
    (mug,) = read(tmp_path, header + rows, currency="EUR", product_url="/p/{handle}").catalog.products
    assert (mug.number, [each.id for each in mug.variants]) == (LONG, ["71", "72"])
    assert "product_id" not in mug.attributes


def test_our_own_form_has_them_too(tmp_path: Path) -> None:
    """As columns that are no attributes, and they are kept with the catalogue's version."""
    header = NATIVE.replace("\n", ",product_id,variant_id\n")
    found = read(tmp_path, f"{header}a,A,1,GBP,/a,,,,4,{LONG},{LONG}.0\nb,B,1,GBP,/b,,,,4,,\n").catalog
    first, second = found.products
    assert (first.number, first.variants[0].id, dict(first.attributes)) == (LONG, LONG, {"strength": 4.0})
    assert products_from_json(products_as_json(found)).products == found.products
    assert second.number == ""
    assert products_as_json(found).count('"number"') == 1


@pytest.mark.parametrize("written", ["8.12346E+12", "8,12346E+12", "8E12"])
def test_a_number_that_a_spreadsheet_shortened_is_unknown(tmp_path: Path, written: str) -> None:
    """It is another product's, or nobody's: the line is named with what to do."""
    header = NATIVE.replace("\n", ",variant_id\n")
    found = read(tmp_path, f'{header}a,A,1,GBP,/a,,,,4,"{written}"\n')
    assert found.catalog.products[0].variants[0].id == ""
    assert "format the column as text" in found.findings[0].message
