"""Catalogue files for tests: headers of our own form and of platforms', written and read back."""

import os
from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogReading, read_catalog

CASES = Path(os.environ.get("QUIZFUNNEL_CASES", Path(__file__).parents[3] / "shared" / "cases"))
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the folder of outside cases is not here")

NATIVE = "id,title,price,currency,url,image,tags,stock,strength\n"
SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status\r\n"
)

WOOCOMMERCE = (
    "ID,Type,SKU,Name,Published,Visibility in catalog,In stock?,Stock,Backorders allowed?,Sale price,Regular price,"
    "Images,Parent\n"
)

MERCHANT = "id,title,link,price,availability,image_link,sale_price,item_group_id,product_type\n"
RSS = '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><item>'


def read(
    tmp_path: Path, text: str | bytes, name: str = "c.csv", currency: str | None = None, product_url: str | None = None
) -> CatalogReading:
    """Read a catalogue of this content."""
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_catalog(path, name=name, currency=currency, product_url=product_url)


def shopify(tmp_path: Path, *rows: str) -> CatalogReading:
    """Read a Shopify export with these rows."""
    text = SHOPIFY + "".join(f"{row}\r\n" for row in rows)
    return read(tmp_path, text, currency="EUR", product_url="https://shop.example/products/{handle}")
