"""Shopify's product CSV as exported: a row a variant, the first of each handle with the product's own cells; pure.

Source: the columns of Shopify's product CSV, in their older names (Handle, Variant Price) and the newer
ones (URL handle, Price). The rows of a product share a handle, wherever they stand; all but one leave title and type
blank, and a row that names no variant adds only a picture. Stock counts where the tracker's column names a tracker, or
where the export has a quantity without that column. A policy of `continue` sells on below zero. What is
not published on the online store, or whose status is not active, is never offered. Columns of product
metafields become attributes under their key, but for one named `cost`. "Cost per item" is what a variant costs the
store. A "Compare-at price" above the price is the one before a sale, which has no dates. Shopify's own numbers may
stand in columns that were added to it.
"""

from dataclasses import replace

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.catalog.readers import csv_rows, exports, pack, sale
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, Defaults, Remark, RowError
from quizfunnel.catalog.readers.shopify import columns
from quizfunnel.catalog.readers.shopify.attributes import AttributeColumns, attribute_columns, attributes
from quizfunnel.catalog.readers.shopify.entries import HandleEntry, gathered, unknown_stock

HEADER = frozenset({"Handle", "Title", "Variant Price"})
# the export has none of them: columns that somebody added, or an app for exports wrote
_PRODUCT_ID, _VARIANT_ID = (cells.PRODUCT_NUMBER, "Product ID", "ID"), (cells.VARIANT_NUMBER, "Variant ID")


def _reads(file: CatalogFile) -> bool:
    return {columns.older_name(name) for name in file.header} >= HEADER


def _products(text: str, defaults: Defaults) -> Products:
    """Yield a product for each handle, a bad row for every row that could not be read, and remarks on the others."""
    lines = csv_rows.rows(text)
    currency, product_url = exports.from_quiz(defaults, "a Shopify export", "https://shop.example/products/{handle}")
    read = list(lines)
    rows = [columns.by_older_names(row) for row in read if isinstance(row, CatalogRow)]
    of_attributes = attribute_columns(rows)
    yield from unknown_stock(rows)
    yield from (row for row in read if isinstance(row, BadRow))
    yield from (BadRow(row.line, "the Handle is missing") for row in rows if not row.get("Handle"))
    for entry in gathered(rows):
        try:
            plain = _plain(entry, currency, product_url)
        except RowError as error:
            yield BadRow(entry.head.line, exports.with_lines(str(error), entry.rows), gone=entry.gone)
            continue
        yield from _with_variants(plain, entry, of_attributes)


def _plain(entry: HandleEntry, currency: str, product_url: str) -> Product:
    """Return a product without what its variants say; RowError where it can be none."""
    id, title = cells.identity(entry.id, entry.head.get("Title"))
    return Product(
        id=id,
        title=title,
        price=0,
        currency=currency,
        url=cells.product_address(product_url, id),
        image=cells.address(entry.image, "Image Src"),
        line=entry.head.line,
    )


def _with_variants(plain: Product, entry: HandleEntry, of_attributes: AttributeColumns) -> Products:
    """Yield a product with those of its variants that can be read, and a bad row or a remark for all else."""
    variants: list[Variant] = []
    of_variants = entry.of_variants
    for row in of_variants:
        try:
            variant, remarks = _variant(row, plain, entry)
        except RowError as error:
            yield BadRow(row.line, f"variant of {plain.id}: {error}", gone=entry.gone)
            continue
        variants.append(variant)
        yield from remarks
    if not variants:
        pictures = [row for row in entry.rows if row not in of_variants]
        yield from (BadRow(row.line, f"`{plain.id}` has no variant left that its picture is of") for row in pictures)
        return
    with_number = next((row for row in entry.rows if any(row.get(name) for name in _PRODUCT_ID)), entry.head)
    number, of_number = cells.platform_number(with_number, *_PRODUCT_ID)
    yield from (*entry.remarks(), *of_number)
    yield replace(
        plain,
        price=exports.price_of(variants),
        tags=cells.tags(entry.head.get("Tags")),
        type=entry.head.get("Type"),
        vendor=entry.head.get("Vendor"),
        attributes=attributes(entry.rows, of_attributes),
        variants=tuple(variants),
        published=entry.published,
        number=number,
    )


def _variant(row: CatalogRow, plain: Product, entry: HandleEntry) -> tuple[Variant, tuple[Remark, ...]]:
    price = cells.price(row.get("Variant Price"), plain.currency)
    stock = entry.stock(row)
    options = columns.options(row, entry.head)
    cost, remarks = cells.cost_or_remark(row, "Cost per item", plain.currency)
    id, of_id = cells.platform_number(row, *_VARIANT_ID)
    charge = sale.compared(row.line, price, row.get("Variant Compare At Price"), plain.currency)
    held = pack.read(row.line, _amount(row, "Unit Price Total Measure"), _amount(row, "Unit Price Base Measure"))
    variant = Variant(
        sku=row.get("Variant SKU").lstrip("'"),  # the export's guard against spreadsheets that eat zeros
        price=price,
        stock=stock,
        continue_selling=entry.sells_on(row),
        id=id,
        title=" / ".join(value for _, value in options),
        cost=cost,
        was=charge.was,
        net_quantity=held.net_quantity,
        unit_price_for=held.unit_price_for,
        options=options,
        url=f"{plain.url}{'&' if '?' in plain.url else '?'}variant={id}" if id.isdigit() and options else "",
    )
    return variant, (*remarks, *of_id, *charge.remarks, *held.remarks, *entry.remarks_on(row))


def _amount(row: CatalogRow, column: str) -> tuple[str, str]:
    """Return a measure's column and its cell with the unit, which stands in a column of its own; a zero is none."""
    number = row.get(column)
    is_nothing = not number.strip("0.,")
    return column, "" if is_nothing else f"{number} {row.get(f'{column} Unit')}".strip()


READER = CatalogReader(
    name="Shopify product CSV",
    reads=_reads,
    products=_products,
    unlike=lambda _: "a Shopify export begins with Handle,Title",
)
