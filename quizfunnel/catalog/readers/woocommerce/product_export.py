"""WooCommerce's product CSV as exported: a row a product or a variation, which names its parent; pure.

Source: the columns of WooCommerce's own product export. A parent stands before or after its variations. A product's id
is its number, which web hooks name too, else its SKU. A sale price counts within its dates. Private products (0),
drafts (-1) and pending ones (2) are not offered, nor is what the catalogue hides. Stock counts where it is managed, the
stock flag always. Categories with their parents are tags beside the tags; the first category is the type.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from quizfunnel.catalog.product import COST, Product, Variant
from quizfunnel.catalog.readers import csv_rows, exports, pack, sale
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, Defaults, Remark, RowError
from quizfunnel.catalog.readers.woocommerce import columns, variation_page
from quizfunnel.catalog.readers.woocommerce.entries import ProductEntry, sorted_out
from quizfunnel.kit import delimited

HEADER = frozenset({"SKU", "Name", "Regular price"})
_AMOUNTS = ("Sale price", "Regular price", "Cost of goods", "Weight (kg)", "Weight (g)", "Weight (lbs)", "Weight (oz)")
_GRAMS = {"Weight (kg)": 1000.0, "Weight (g)": 1.0, "Weight (lbs)": 453.59237, "Weight (oz)": 28.349523}
_COMMA = re.compile(r"(?<!\\),")  # the export writes \, for one that does not separate
_META = "Meta: "
_PACK = (f"{_META}amount", f"{_META}unit_price_for")  # fields of the shop's own: the export has none of its own


class _Reading(NamedTuple):
    """Names that the quiz gives for a whole file, and the attributes that are numbers in all of it."""

    defaults: Defaults
    currency: str
    product_url: str
    numeric: frozenset[str]


def _reads(file: CatalogFile) -> bool:
    return {columns.english_name(name) for name in file.header} >= HEADER


def _products(text: str, defaults: Defaults) -> Products:
    """Yield a product for each row that is none's variation, and a bad row or a remark for all else."""
    example = "https://shop.example/?post_type=product&p={id}"
    currency, product_url = exports.from_quiz(defaults, "a WooCommerce export", example)
    read = list(csv_rows.rows(text))
    yield from (row for row in read if isinstance(row, BadRow))
    rows = _with_points([columns.english(row) for row in read if isinstance(row, CatalogRow)])
    entries: list[ProductEntry] = []
    yield from sorted_out(rows, entries)
    named = [CatalogRow(row.line, dict(_named(row))) for row in rows]
    numeric = cells.numeric(named, {name for row in named for name in row.cells})
    reading = _Reading(defaults, currency, product_url, numeric)
    taken: dict[str, int] = {}
    for entry in entries:
        try:
            for made in _product(entry, reading):
                if isinstance(made, Product):
                    _refuse_second(made, taken)
                yield made
        except RowError as error:
            yield BadRow(entry.row.line, exports.with_lines(str(error), [entry.row, *entry.variations]), entry.gone)


def _refuse_second(product: Product, taken: dict[str, int]) -> None:
    """Raise RowError for an id that another row has: its variations go with it, and their lines are to be named."""
    first = taken.setdefault(product.id, product.line)
    if first != product.line:
        raise RowError(f"the product `{product.id}` stands already in line {first}; remove one of the two")


def _with_points(rows: list[CatalogRow]) -> list[CatalogRow]:
    """Return rows with points before the decimals: the export writes the shop's own mark, whatever separates cells."""
    amounts = [row.get(name) for row in rows for name in _AMOUNTS if row.get(name)]
    if delimited.decimal_mark(amounts) != ",":
        return rows
    pointed = ({name: row.get(name).replace(",", ".") for name in _AMOUNTS if row.get(name)} for row in rows)
    return [CatalogRow(row.line, {**row.cells, **cells}) for row, cells in zip(rows, pointed, strict=True)]


def _product(entry: ProductEntry, reading: _Reading) -> Products:
    row = entry.row
    id, title = cells.identity(entry.id, row.get("Name"))
    if not entry.rows:
        raise RowError(f"`{id}` is variable, and the file has no variation of it; export variations too")
    image = next((image for one in (row, *entry.rows) for image in _list(one.get("Images"))), "")
    plain = Product(
        id=id,
        title=title,
        price=0,
        currency=reading.currency,
        url=cells.product_address(reading.product_url, id),
        image=cells.address(image, "Images"),
        vendor=next(iter(_list(row.get("Brands"))), ""),
        attributes=_attributes(row, reading.numeric),
        published=entry.published,
        line=row.line,
    )
    yield from _with_variants(_with_categories(plain, row), entry, reading)


def _with_categories(plain: Product, row: CatalogRow) -> Product:
    paths = [[name.strip() for name in path.split(">")] for path in _list(row.get("Categories"))]
    tags = frozenset(name for names in (*paths, _list(row.get("Tags"))) for name in names if name)
    return replace(plain, tags=tags, type=paths[0][-1] if paths else "")


def _with_variants(plain: Product, entry: ProductEntry, reading: _Reading) -> Products:
    variants: list[Variant] = []
    for row in entry.rows:
        try:
            variant, remarks = _variant(row, entry, reading, plain.url)
        except RowError as error:
            wrong = f"variation of {plain.id}: {error}" if entry.is_parent else str(error)
            yield BadRow(row.line, wrong, entry.gone)
            continue
        variants.append(variant)
        yield from remarks
    if variants:
        yield from entry.remarks()
        yield replace(plain, price=exports.price_of(variants), variants=tuple(variants))


def _variant(row: CatalogRow, entry: ProductEntry, reading: _Reading, url: str) -> tuple[Variant, tuple[Remark, ...]]:
    prices = sale.Prices(
        row.line,
        row.get("Regular price"),
        row.get("Sale price"),
        row.get("Date sale price starts"),
        row.get("Date sale price ends"),
    )
    charge = sale.charge_now(prices, reading.currency, reading.defaults.now)
    cost, of_cost = cells.cost_or_remark(row, "Cost of goods", reading.currency)
    stock = cells.stock(entry.quantity(row))
    is_sold = entry.sold(row)
    options = tuple(columns.attributes(row)) if entry.is_parent else ()
    held = pack.read(row.line, *((name, row.get(name)) for name in _PACK))
    variant = Variant(
        sku=row.get("SKU"),
        price=charge.price,
        stock=stock if is_sold else 0,
        continue_selling=is_sold and entry.sells_on(row),
        id=row.get("ID"),
        title=" / ".join(value for _, value in options),
        cost=cost,
        was=charge.was,
        sale_ends=charge.ends,
        net_quantity=held.net_quantity,
        unit_price_for=held.unit_price_for,
        options=options,
        url=variation_page.address(url, row) if options else "",
    )
    return variant, (*charge.remarks, *of_cost, *held.remarks, *entry.remarks_on(row))


def _named(row: CatalogRow) -> Iterator[tuple[str, str]]:
    """Yield what a row says beyond its columns: attributes, and fields of the shop's own that are not hidden."""
    yield from ((name.lower(), value.replace("\\,", ",")) for name, value in columns.attributes(row))
    for column in row.cells:
        if column.startswith(_META) and not column.startswith(f"{_META}_") and row.get(column):
            yield column.removeprefix(_META), row.get(column)


def _attributes(row: CatalogRow, numeric: frozenset[str]) -> dict[str, float | str]:
    attributes: dict[str, float | str] = {
        name: float(value) if name in numeric else value for name, value in _named(row) if name != COST
    }
    for column, factor in _GRAMS.items():
        if cells.numeric([row], [column]):
            attributes["grams"] = round(float(row.get(column)) * factor, 1)
    return attributes


def _list(text: str) -> list[str]:
    """Return the values of a list that commas separate."""
    values: Iterable[str] = (value.strip().replace("\\,", ",") for value in _COMMA.split(text))
    return [value for value in values if value]


READER = CatalogReader(
    name="WooCommerce product CSV",
    reads=_reads,
    products=_products,
    unlike=lambda _: "a WooCommerce export begins with ID,Type,SKU, in English, German, French or Spanish",
)
