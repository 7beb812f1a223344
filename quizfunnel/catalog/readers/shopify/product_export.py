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

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from quizfunnel.catalog.product import COST, Product, Variant
from quizfunnel.catalog.readers import csv_rows, exports, pack, sale
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import (
    BadRow,
    CatalogRow,
    Defaults,
    Remark,
    RowError,
)
from quizfunnel.catalog.readers.words import ClosedSet

HEADER = frozenset({"Handle", "Title", "Variant Price"})
_OLDER = {
    "URL handle": "Handle",
    "Published on online store": "Published",
    "SKU": "Variant SKU",
    "Price": "Variant Price",
    "Compare-at price": "Variant Compare At Price",
    "Unit price total measure": "Unit Price Total Measure",
    "Unit price total measure unit": "Unit Price Total Measure Unit",
    "Unit price base measure": "Unit Price Base Measure",
    "Unit price base measure unit": "Unit Price Base Measure Unit",
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
# the export has none of them: columns that somebody added, or an app for exports wrote
_PRODUCT_ID, _VARIANT_ID = (cells.PRODUCT_NUMBER, "Product ID", "ID"), (cells.VARIANT_NUMBER, "Variant ID")
_OF_VARIANT = ("Variant Price", "Variant SKU", *(f"Option{n} Value" for n in range(1, _OPTIONS + 1)))
_UNOFFERED = "it is not offered"
_PUBLISHED = ClosedSet("Published", _UNOFFERED, "TRUE or FALSE")
_STATUS = ClosedSet(
    "Status",
    _UNOFFERED,
    "active, draft or archived",
    {"active": True, "draft": False, "archived": False, "unlisted": False},
)
_POLICY = ClosedSet(
    "Variant Inventory Policy",
    "it is sold out once its quantity is",
    "deny or continue",
    {"continue": True, "deny": False},
    blank=False,
)


class _Columns(NamedTuple):
    """Columns that become attributes, by the attribute's name, and those of them that hold numbers."""

    names: Mapping[str, str]
    numeric: frozenset[str]


def _reads(file: CatalogFile) -> bool:
    return frozenset(_OLDER.get(name, name) for name in file.header) >= HEADER


def _products(text: str, defaults: Defaults) -> Products:
    """Yield a product for each handle, a bad row for every row that could not be read, and remarks on the others."""
    rows = csv_rows.rows(text)
    currency, product_url = exports.from_quiz(defaults, "a Shopify export", "https://shop.example/products/{handle}")
    read = [_renamed(row) for row in rows]
    good = [row for row in read if isinstance(row, CatalogRow)]
    columns = _columns(good)
    yield from _unknown_stock(good)
    yield from (row for row in read if isinstance(row, BadRow))
    for row in good:
        if not row.get("Handle"):
            yield BadRow(row.line, "the Handle is missing")
    for group in _groups(good):
        try:
            plain = _plain(group, currency, product_url)
        except RowError as error:
            yield BadRow(group[0].line, exports.with_lines(str(error), group), gone=_gone(group))
            continue
        yield from _with_variants(plain, group, columns)


def _plain(group: list[CatalogRow], currency: str, product_url: str) -> Product:
    """Return a product without what its variants say; RowError where it can be none."""
    id, title = cells.identity(group[0].get("Handle"), group[0].get("Title"))
    pictures = [row for row in group if row.get("Image Src")]
    image = min(pictures, key=_position).get("Image Src") if pictures else ""
    return Product(
        id=id,
        title=title,
        price=0,
        currency=currency,
        url=cells.product_address(product_url, id),
        image=cells.address(image, "Image Src"),
        line=group[0].line,
    )


def _position(row: CatalogRow) -> float:
    """Return where a picture stands among its product's; one that does not say so stands last."""
    place = row.get("Image Position")
    return float(place) if place.isascii() and place.isdigit() else float("inf")


def _unknown_stock(rows: list[CatalogRow]) -> Iterator[Remark]:
    """Yield remarks on tracked variants of which the export does not say how many there are."""
    tracked = [row for row in rows if row.get("Variant Inventory Tracker")]
    if tracked and "Variant Inventory Qty" not in rows[0].cells:
        yield Remark(
            1,
            f"{'1 variant is' if len(tracked) == 1 else f'{len(tracked)} variants are'} tracked, and the export has no "
            "column `Variant Inventory Qty`, as of a shop with several locations: nothing says whether they are in "
            "stock, and they are offered as if they were; add the column",
        )
        return
    for row in tracked:
        if not _quantity(row) and not _POLICY.says_yes(row):
            yield Remark(
                row.line,
                "the variant is tracked, and its `Variant Inventory Qty` is empty: nothing says whether it is in "
                "stock, and it is offered as if it were; write the quantity",
            )


def _renamed(row: CatalogRow | BadRow) -> CatalogRow | BadRow:
    if isinstance(row, BadRow):
        return row
    return CatalogRow(row.line, {_OLDER.get(name, name): cell for name, cell in row.cells.items()})


def _groups(rows: list[CatalogRow]) -> list[list[CatalogRow]]:
    """Return the rows of each handle, wherever they stand: the one with the title first, then in the file's order."""
    groups: dict[str, list[CatalogRow]] = {}
    for row in rows:
        if handle := row.get("Handle"):
            groups.setdefault(handle, []).append(row)
    return [sorted(group, key=lambda row: not row.get("Title")) for group in groups.values()]


def _columns(rows: list[CatalogRow]) -> _Columns:
    named = dict(_ATTRIBUTES)
    for column in rows[0].cells if rows else ():
        if (metafield := _METAFIELD.search(column)) and metafield.group(1) != COST:
            named[column] = metafield.group(1)
    return _Columns(named, cells.numeric(rows, named))


def _with_variants(plain: Product, group: list[CatalogRow], columns: _Columns) -> Products:
    head = group[0]
    variants: list[Variant] = []
    for row in _of_variants(group):
        try:
            variant, remarks = _variant(row, plain, head)
        except RowError as error:
            yield BadRow(row.line, f"variant of {plain.id}: {error}", gone=_gone(group))
            continue
        variants.append(variant)
        yield from remarks
    if not variants:
        pictures = [row for row in group if row not in _of_variants(group)]
        yield from (BadRow(row.line, f"`{plain.id}` has no variant left that its picture is of") for row in pictures)
        return
    number, of_number = cells.platform_number(next((row for row in group if _has_number(row)), head), *_PRODUCT_ID)
    yield from (*_PUBLISHED.remarks(head), *_STATUS.remarks(head), *_other_titles(group), *of_number)
    yield replace(
        plain,
        price=exports.price_of(variants),
        tags=cells.tags(head.get("Tags")),
        type=head.get("Type"),
        vendor=head.get("Vendor"),
        attributes=_attributes(group, columns),
        variants=tuple(variants),
        published=_published(head),
        number=number,
    )


def _has_number(row: CatalogRow) -> bool:
    return any(row.get(name) for name in _PRODUCT_ID)


def _of_variants(group: list[CatalogRow]) -> list[CatalogRow]:
    """Return the rows that name a variant; the others add pictures."""
    return [row for row in group if row is group[0] or any(row.get(name) for name in _OF_VARIANT)]


def _other_titles(group: list[CatalogRow]) -> Iterator[Remark]:
    """Yield a remark on each row whose title is another: two products with one handle become one."""
    head = group[0]
    for row in group[1:]:
        if (title := row.get("Title")) and title != head.get("Title"):
            first = f"is the handle of {head.get('Title')[:40]!r} in line {head.line}"
            yield Remark(
                row.line,
                f"`{row.get('Handle')}` {first}, so that {title[:40]!r} is read as a variant of it; "
                "give each product a handle of its own",
            )


def _published(head: CatalogRow) -> bool:
    """Tell whether a product is on the online store."""
    return _PUBLISHED.says_yes(head) and _STATUS.says_yes(head)


def _gone(group: list[CatalogRow]) -> str:
    """Return the handle of rows that say that their product is withdrawn, or every variant sold out; else nothing."""
    variants = _of_variants(group)
    sold_out = all(_tracked(row) and not _POLICY.says_yes(row) and cells.sold_out(_quantity(row)) for row in variants)
    return group[0].get("Handle") if sold_out or not _published(group[0]) else ""


def _tracked(row: CatalogRow) -> bool:
    return bool(row.get("Variant Inventory Tracker")) or "Variant Inventory Tracker" not in row.cells


def _quantity(row: CatalogRow) -> str:
    return row.get("Variant Inventory Qty")


def _variant(row: CatalogRow, plain: Product, head: CatalogRow) -> tuple[Variant, tuple[Remark, ...]]:
    price = cells.price(row.get("Variant Price"), plain.currency)
    quantity = cells.stock(_quantity(row))
    options = _options(row, head)
    cost, remarks = cells.cost_or_remark(row, "Cost per item", plain.currency)
    id, of_id = cells.platform_number(row, *_VARIANT_ID)
    charge = sale.compared(row.line, price, row.get("Variant Compare At Price"), plain.currency)
    held = pack.read(row.line, _amount(row, "Unit Price Total Measure"), _amount(row, "Unit Price Base Measure"))
    variant = Variant(
        sku=row.get("Variant SKU").lstrip("'"),  # the export's guard against spreadsheets that eat zeros
        price=price,
        stock=quantity if _tracked(row) else None,
        continue_selling=_POLICY.says_yes(row),
        id=id,
        title=" / ".join(value for _, value in options),
        cost=cost,
        was=charge.was,
        net_quantity=held.net_quantity,
        unit_price_for=held.unit_price_for,
        options=options,
        url=f"{plain.url}{'&' if '?' in plain.url else '?'}variant={id}" if id.isdigit() and options else "",
    )
    return variant, (*remarks, *of_id, *charge.remarks, *held.remarks, *_POLICY.remarks(row))


def _options(row: CatalogRow, head: CatalogRow) -> tuple[tuple[str, str], ...]:
    """Return a variant's options with their names, which the product's first row has."""
    named = ((head.get(f"Option{n} Name"), row.get(f"Option{n} Value")) for n in range(1, _OPTIONS + 1))
    return tuple((name, value) for name, value in named if value and value != "Default Title")


def _amount(row: CatalogRow, column: str) -> tuple[str, str]:
    """Return a measure's column and its cell with the unit, which stands in a column of its own; a zero is none."""
    number = row.get(column)
    is_nothing = not number.strip("0.,")
    return column, "" if is_nothing else f"{number} {row.get(f'{column} Unit')}".strip()


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
