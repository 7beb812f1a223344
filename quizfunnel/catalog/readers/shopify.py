"""Shopify's product CSV as exported: a row a variant, the first of each handle with the product's own cells; pure.

Source: the columns of Shopify's product CSV, in their older names (Handle, Variant Price) and the newer
ones (URL handle, Price). Rows of a product follow each other; a later row leaves title and type blank,
and a row without price adds only a picture. Stock counts where the tracker's column names a tracker, or
where the export has a quantity without that column. A policy of `continue` sells on below zero. What is
not published on the online store, or whose status is not active, is never offered. Columns of product
metafields become attributes under their key, but for one named `cost`. "Cost per item" is what a variant costs the
store.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quizfunnel.catalog.product import COST, Product, Variant
from quizfunnel.catalog.readers import csv_rows
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import (
    BadRow,
    CatalogRow,
    Defaults,
    FileError,
    Remark,
    RowError,
)

HEADER = frozenset({"Handle", "Title", "Variant Price"})
_OLDER = {
    "URL handle": "Handle",
    "Published on online store": "Published",
    "SKU": "Variant SKU",
    "Price": "Variant Price",
    "Inventory tracker": "Variant Inventory Tracker",
    "Inventory quantity": "Variant Inventory Qty",
    "Continue selling when out of stock": "Variant Inventory Policy",
    "Weight value (grams)": "Variant Grams",
    "Product image URL": "Image Src",
    "Product category": "Product Category",
    "Google Shopping / Age group": "Google Shopping / Age Group",
} | {f"Option{n} {part}": f"Option{n} {part.title()}" for n in (1, 2, 3) for part in ("name", "value")}
_ATTRIBUTES = {
    "Google Shopping / Gender": "gender",
    "Google Shopping / Age Group": "age_group",
    "Google Shopping / Condition": "condition",
    "Product Category": "category",
}
_METAFIELD = re.compile(r"\(product\.metafields\.[^.)]+\.([^:.)\s]+)\)$")
_OPTIONS = 3


class _Columns(NamedTuple):
    """Columns that become attributes, by the attribute's name, and those of them that hold numbers."""

    names: Mapping[str, str]
    numeric: frozenset[str]


def _reads(file: CatalogFile) -> bool:
    return frozenset(_OLDER.get(name, name) for name in file.header) >= HEADER


def _products(text: str, defaults: Defaults) -> Products:
    """Yield a product for each handle, a bad row for every row that could not be read, and remarks on the others."""
    rows = csv_rows.rows(text)
    currency, product_url = _from_quiz(defaults)
    read = [_renamed(row) for row in rows]
    good = [row for row in read if isinstance(row, CatalogRow)]
    columns = _columns(good)
    yield from _unknown_stock(good)
    for group in _groups(read):
        if isinstance(group, BadRow):
            yield group
            continue
        try:
            id, title = cells.identity(group[0].get("Handle"), group[0].get("Title"))
            url = cells.product_address(product_url, id)
            image = next((row.get("Image Src") for row in group if row.get("Image Src")), "")
            plain = Product(id, title, 0, currency, url, image=cells.address(image, "Image Src"), line=group[0].line)
        except RowError as error:
            yield BadRow(group[0].line, str(error), gone=_gone(group))
            continue
        yield from _with_variants(plain, group, columns)


def _unknown_stock(rows: list[CatalogRow]) -> Iterator[Remark]:
    """Yield one remark where products are tracked, and the export does not say how many there are."""
    tracked = [row for row in rows if row.get("Variant Inventory Tracker")]
    if tracked and "Variant Inventory Qty" not in rows[0].cells:
        yield Remark(
            1,
            f"{len(tracked)} variants are tracked, and the export has no column `Variant Inventory Qty`, as of a shop "
            "with several locations: nothing says whether they are in stock, and they are offered as if they were; add "
            "the column",
        )


def _from_quiz(defaults: Defaults) -> tuple[str, str]:
    """Return currency and product address, which the export leaves out; FileError where the quiz names none."""
    wrong = []
    try:
        cells.currency_code(defaults.currency or "")
    except RowError as error:
        missing = "a Shopify export has no currency; name `currency` under `catalog` in the quiz"
        wrong.append(f"`currency` under `catalog` in the quiz: {error}" if defaults.currency else missing)
    template = defaults.product_url or ""
    if "{handle}" not in template and "{id}" not in template:
        example = '`product_url` under `catalog` in the quiz, like "https://shop.example/products/{handle}"'
        wrong.append(f"a Shopify export has no product address; name {example}")
    if wrong:
        raise FileError(1, *wrong)
    return defaults.currency or "", template


def _renamed(row: CatalogRow | BadRow) -> CatalogRow | BadRow:
    if isinstance(row, BadRow):
        return row
    return CatalogRow(row.line, {_OLDER.get(name, name): cell for name, cell in row.cells.items()})


def _groups(rows: list[CatalogRow | BadRow]) -> Iterator[list[CatalogRow] | BadRow]:
    """Yield the rows of each handle together; a row that could not be read does not part them."""
    group: list[CatalogRow] = []
    for row in rows:
        if isinstance(row, BadRow):
            yield row
        elif not row.get("Handle"):
            yield BadRow(row.line, "the Handle is missing")
        elif group and row.get("Handle") == group[0].get("Handle"):
            group.append(row)
        else:
            if group:
                yield group
            group = [row]
    if group:
        yield group


def _columns(rows: list[CatalogRow]) -> _Columns:
    named = dict(_ATTRIBUTES)
    for column in rows[0].cells if rows else ():
        if (metafield := _METAFIELD.search(column)) and metafield.group(1) != COST:
            named[column] = metafield.group(1)
    return _Columns(named, cells.numeric(rows, named))


def _with_variants(plain: Product, group: list[CatalogRow], columns: _Columns) -> Products:
    head = group[0]
    variants: list[Variant] = []
    for row in group:
        if not row.get("Variant Price") and row is not head:
            continue
        try:
            variant, remarks = _variant(row, plain.currency)
        except RowError as error:
            yield BadRow(row.line, f"variant of {plain.id}: {error}", gone=_gone(group))
            continue
        variants.append(variant)
        yield from remarks
    if not variants:
        return
    if (word := head.get("Published")) and cells.truth(word) is None:
        yield Remark(head.line, f"`Published` is {word[:20]!r}, so that it is not offered; write TRUE or FALSE")
    buyable = [variant.price for variant in variants if variant.available]
    yield Product(
        id=plain.id,
        title=plain.title,
        price=min(buyable or [variant.price for variant in variants]),
        currency=plain.currency,
        url=plain.url,
        image=plain.image,
        tags=cells.tags(head.get("Tags")),
        type=head.get("Type"),
        vendor=head.get("Vendor"),
        attributes=_attributes(group, columns),
        variants=tuple(variants),
        published=_published(head),
        line=plain.line,
    )


def _published(head: CatalogRow) -> bool:
    """Tell whether a product is on the online store; of a word that nobody knows it is not."""
    return cells.truth(head.get("Published") or "true") is True and head.get("Status").lower() in ("", "active")


def _gone(group: list[CatalogRow]) -> str:
    """Return the handle of rows that say that their product is withdrawn, or every variant sold out; else nothing."""
    variants = [row for row in group if row.get("Variant Price") or row is group[0]]
    sold_out = all(_tracked(row) and not _sells_on(row) and cells.sold_out(_quantity(row)) for row in variants)
    return group[0].get("Handle") if sold_out or not _published(group[0]) else ""


def _tracked(row: CatalogRow) -> bool:
    return bool(row.get("Variant Inventory Tracker")) or "Variant Inventory Tracker" not in row.cells


def _sells_on(row: CatalogRow) -> bool:
    policy = row.get("Variant Inventory Policy")
    return policy.lower() == "continue" or cells.truth(policy) is True


def _quantity(row: CatalogRow) -> str:
    return row.get("Variant Inventory Qty")


def _variant(row: CatalogRow, currency: str) -> tuple[Variant, tuple[Remark, ...]]:
    price = cells.price(row.get("Variant Price"), currency)
    quantity = cells.stock(_quantity(row))
    options = [row.get(f"Option{n} Value") for n in range(1, _OPTIONS + 1)]
    cost, remarks = cells.cost_or_remark(row, "Cost per item", currency)
    variant = Variant(
        sku=row.get("Variant SKU").lstrip("'"),  # the export's guard against spreadsheets that eat zeros
        price=price,
        stock=quantity if _tracked(row) else None,
        continue_selling=_sells_on(row),
        title=" / ".join(option for option in options if option and option != "Default Title"),
        cost=cost,
    )
    return variant, remarks


def _attributes(group: list[CatalogRow], columns: _Columns) -> dict[str, float | str]:
    head = group[0]
    attributes: dict[str, float | str] = {}
    for column, name in columns.names.items():
        if cell := head.get(column):
            attributes[name] = float(cell) if column in columns.numeric else cell
    grams = head.get("Variant Grams")
    if grams.isascii() and grams.isdigit() and int(grams):
        attributes["grams"] = float(grams)
    for n in range(1, _OPTIONS + 1):
        option = head.get(f"Option{n} Name")
        values = {row.get(f"Option{n} Value") for row in group} - {"", "Default Title"}
        if option and option != "Title" and len(values) == 1:
            attributes[option.lower()] = values.pop()
    return attributes


READER = CatalogReader(
    name="Shopify product CSV",
    reads=_reads,
    products=_products,
    unlike=lambda _: "a Shopify export begins with Handle,Title",
)
