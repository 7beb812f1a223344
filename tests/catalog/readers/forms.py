"""Forms of catalogue for laws that hold of every reader: columns, rows, and the cells that know few words."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog
from quizfunnel.catalog.readers import CatalogError, CatalogReading
from tests.catalog.files import read

Row = dict[str, str]


class Closed(NamedTuple):
    """A column of few words: a word for no, the words for yes beside `truth`'s, and what else the row needs."""

    column: str
    no: str
    yes: frozenset[str] = frozenset()
    beside: Row = {}  # noqa: RUF012 - never written to


class Form(NamedTuple):
    """One form: its name, rows of which no order changes a product, a plain row, and its closed sets."""

    name: str
    rows: tuple[Row, ...]
    closed: tuple[Closed, ...]
    delimiter: str = ","

    @property
    def columns(self) -> list[str]:
        """Return every column that a row or a closed set names."""
        cells = [*self.rows, *(one.beside for one in self.closed), {one.column: "" for one in self.closed}]
        return list(dict.fromkeys(name for row in cells for name in row))

    def text(self, rows: Sequence[Row]) -> str:
        """Return a file with these rows."""
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, self.columns, delimiter=self.delimiter, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return written.getvalue()

    def read(self, tmp_path: Path, rows: Sequence[Row]) -> CatalogReading:
        """Read a file with these rows, one without a good product too."""
        try:
            return read(tmp_path, self.text(rows), currency="EUR", product_url="/p/{id}")
        except CatalogError as error:
            return CatalogReading(Catalog(()), tuple(error.findings), "", error.gone)


NATIVE = Form(
    "native CSV",
    (
        {"id": "a", "title": "A", "price": "1", "currency": "EUR", "url": "/a", "sku": "s1", "tags": "x,y"},
        {"id": "b", "title": "B", "price": "2.50", "currency": "EUR", "url": "/b", "sku": "s2", "stock": "0"},
        {"id": "c", "title": "C", "price": "3", "currency": "EUR", "url": "/c", "sku": "s3", "stock": "7", "w": "4"},
    ),
    (Closed("stock", "0"),),
)
_SHOPIFY = {"Published": "true", "Status": "active", "Variant Inventory Policy": "deny"}
_TRACKED = {"Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "0"}
SHOPIFY = Form(
    "Shopify product CSV",
    (
        _SHOPIFY | {"Handle": "a", "Title": "A", "Variant Price": "1", "Variant SKU": "s1", "Option1 Name": "Size"}
        | {"Option1 Value": "S", "Image Src": "/1.jpg", "Image Position": "2", "Tags": "x, y", "Type": "T"},
        _TRACKED | {"Handle": "a", "Variant Price": "2", "Variant SKU": "s2", "Option1 Value": "M"}
        | {"Image Src": "/2.jpg", "Image Position": "1"},
        {"Handle": "a", "Variant Price": "0.50", "Variant SKU": "s3", "Option1 Value": "L"},
        {"Handle": "a", "Image Src": "/3.jpg", "Image Position": "3"},
        _SHOPIFY | _TRACKED | {"Handle": "b", "Title": "B", "Variant Price": "5", "Variant SKU": "s4"},
        _SHOPIFY | {"Handle": "c", "Title": "C", "Variant Price": "6", "Variant SKU": "s5", "Status": "draft"},
    ),
    (
        Closed("Published", "false"),
        Closed("Status", "draft", frozenset({"active"})),
        Closed("Variant Inventory Policy", "deny", frozenset({"continue"}), _TRACKED),
        Closed("Variant Inventory Tracker", "shopify", beside=_TRACKED),
        Closed("Variant Inventory Qty", "0", beside=_TRACKED),
    ),
)  # fmt: skip
_TEE = {"Type": "variation", "Name": "Tee", "Attribute 1 name": "Size"}
_TYPES = frozenset({"simple", "external", "virtual", "downloadable", "subscription", "bundle"})
WOOCOMMERCE = Form(
    "WooCommerce product CSV",
    (
        {"ID": "7", "SKU": "s1", "Name": "Mug", "Regular price": "5", "Tags": "x, y", "Categories": "G > H"}
        | {"In stock?": "1"},
        {"ID": "8", "SKU": "s2", "Name": "Cup", "Regular price": "4", "Published": "-1"},
        {"ID": "44", "Type": "variable", "SKU": "tee", "Name": "Tee", "Stock": "2", "Images": "/t.jpg"},
        _TEE | {"ID": "45", "SKU": "s3", "Parent": "id:44", "Regular price": "9", "Attribute 1 value(s)": "S"}
        | {"Position": "1", "Stock": "parent"},
        _TEE | {"ID": "46", "SKU": "s4", "Parent": "tee", "Regular price": "8", "Attribute 1 value(s)": "M"}
        | {"Position": "2", "In stock?": "0", "Images": "/m.jpg"},
        _TEE | {"ID": "47", "SKU": "s5", "Parent": "TEE", "Regular price": "11", "Sale price": "8.50", "Position": "3"},
    ),
    (
        Closed("Published", "0"),
        Closed("Visibility in catalog", "hidden", frozenset({"visible", "catalog", "search"})),
        Closed("In stock?", "0", frozenset({"backorder"})),
        Closed("Backorders allowed?", "0", frozenset({"notify"}), {"Stock": "0"}),
        Closed("Stock", "0"),
        Closed("Type", "grouped", _TYPES),
    ),
)  # fmt: skip
_ITEM = {"title": "Tee - S", "link": "/t", "availability": "in stock", "item_group_id": "tee"}
MERCHANT = Form(
    "Google Merchant feed",
    (
        {"id": "a", "title": "A", "link": "/a", "price": "1 EUR", "availability": "in_stock", "product_type": "G > H"},
        {"id": "b", "title": "B", "link": "/b", "price": "2 EUR", "availability": "out_of_stock"},
        _ITEM | {"id": "t1", "price": "9 EUR", "color": "Red", "link": "/t1", "brand": "V"},
        _ITEM | {"id": "t2", "price": "9 EUR", "color": "Blue", "link": "/t2", "brand": "W"},
        _ITEM | {"id": "t3", "price": "5 EUR", "availability": "out of stock", "image_link": "/3.jpg"},
        _ITEM | {"id": "t4", "price": "10 EUR", "sale_price": "9.50 EUR", "title": "Tee - M"},
    ),
    (Closed("availability", "out of stock", frozenset({"in stock", "preorder", "backorder", "available for order"})),),
    delimiter="\t",
)
FORMS = (NATIVE, SHOPIFY, WOOCOMMERCE, MERCHANT)
