"""Native catalogues: id,title,price,currency,url,image,tags,stock,cost, the shop's numbers, any further ones; pure.

Rows of one id that tell their options, in columns like `option:size`, are the variants of one product. What such a row
leaves empty of the product's own cells the others say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
from quizfunnel.i18n.languages import TAG

EXAMPLE = "id,title,price,currency,url"
HEADER = frozenset({"id", "title", "price"})
OPTION = "option:"
_TITLE = re.compile(f"title:({TAG})")
AMOUNT, BASE = "amount", "unit_price_for"
_SALE = ("sale_price", "sale_starts", "sale_ends")
_SHARED = ("title", "currency", "url", "image", "tags", "type", "vendor", cells.PRODUCT_NUMBER)
COLUMNS = (
    HEADER
    | {"currency", "url", "image", "tags", "stock", "type", "vendor", "sku", COST, BASE}
    | {
        *_SALE,
        cells.PRODUCT_NUMBER,
        cells.VARIANT_NUMBER,
    }
)


class _Columns(NamedTuple):
    """Columns beyond ours: attributes, those with nothing but numbers, options of variants, titles by language."""

    attributes: tuple[str, ...]
    numeric: frozenset[str]
    options: tuple[str, ...]
    titles: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """One row as the product that it would be alone, and the options that it tells."""

    product: Product
    options: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]

    @property
    def variant(self) -> Variant:
        """Return the row's variant."""
        return self.product.variants[0]


def products(rows: Iterator[CatalogRow | BadRow], defaults: Defaults) -> Products:
    """Yield a product for each row or group of variants, a bad row for what can be none, and remarks."""
    read = list(rows)
    good = [row for row in read if isinstance(row, CatalogRow)]
    columns = _columns(good)
    yield from (row for row in read if isinstance(row, BadRow))
    for group in _groups(good, columns.options):
        entries: list[_Entry] = []
        for row in _filled(group, columns):
            try:
                entries.append(_entry(row, columns, defaults))
            except RowError as error:
                yield BadRow(row.line, str(error), gone=row.get("id") if cells.sold_out(row.get("stock")) else "")
        if entries:
            yield _joined(entries)
            yield from (remark for entry in entries for remark in entry.remarks)


def _columns(rows: Sequence[CatalogRow]) -> _Columns:
    named = dict.fromkeys(name for row in rows for name in row.cells if name and name not in COLUMNS)
    options = tuple(name for name in named if name.startswith(OPTION) and name != OPTION)
    titles = tuple(name for name in named if _TITLE.fullmatch(name))
    plain = tuple(sorted(named.keys() - {*options, *titles}))
    return _Columns(plain, cells.numeric(rows, plain), options, titles)


def _groups(rows: Sequence[CatalogRow], options: Sequence[str]) -> list[list[CatalogRow]]:
    """Return the rows of each product; a second row of the same options is no variant, and refused as any other."""
    groups: dict[tuple[str, int], list[CatalogRow]] = {}
    for row in rows:
        values = _told(row, options)
        variants = groups.get((row.get("id"), 0), [])
        is_variant = any(values) and values not in [_told(other, options) for other in variants]
        groups.setdefault((row.get("id"), 0 if is_variant else row.line), []).append(row)
    return list(groups.values())


def _told(row: CatalogRow, options: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(name) for name in options)


def _filled(group: Sequence[CatalogRow], columns: _Columns) -> list[CatalogRow]:
    """Return the rows of a product, in each of which stands what only others say of the product."""
    if len(group) == 1:
        return list(group)
    # in an order of their own: where rows stand in the file says nothing
    ordered = sorted(group, key=lambda row: _told(row, columns.options), reverse=True)
    known = {name: cell for row in ordered for name in (*_SHARED, *columns.titles) if (cell := row.get(name))}
    return [CatalogRow(row.line, {**row.cells, **_lacking(row, known)}) for row in group]


def _lacking(row: CatalogRow, known: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cell for name, cell in known.items() if not row.get(name)}


def _entry(row: CatalogRow, columns: _Columns, defaults: Defaults) -> _Entry:
    """Return a row as a product of one variant; RowError where it can be none."""
    id, title = cells.identity(row.get("id"), row.get("title"))
    currency = cells.currency_code(row.get("currency") or defaults.currency or "")
    variant, remarks = _variant(row, columns, currency, defaults)
    url = row.get("url")
    if not url and defaults.product_url:
        url = cells.product_address(defaults.product_url, id)
    number, of_number = cells.platform_number(row, cells.PRODUCT_NUMBER)
    product = Product(
        id=id,
        title=title,
        price=variant.price,
        currency=currency,
        url=cells.address(url, "url", needed=True),
        image=cells.address(row.get("image"), "image"),
        tags=cells.tags(row.get("tags")),
        type=row.get("type"),
        vendor=row.get("vendor"),
        attributes=_attributes(row, columns),
        variants=(variant,),
        line=row.line,
        number=number,
        titles={name.partition(":")[2]: title for name in columns.titles if (title := row.get(name))},
    )
    options = tuple((name.removeprefix(OPTION), row.get(name)) for name in columns.options if row.get(name))
    return _Entry(product, options, (*remarks, *of_number))


def _variant(
    row: CatalogRow, columns: _Columns, currency: str, defaults: Defaults
) -> tuple[Variant, tuple[Remark, ...]]:
    charge = sale.charge_now(sale.Prices(row.line, row.get("price"), *map(row.get, _SALE)), currency, defaults.now)
    stock = cells.stock(row.get("stock"))
    if stock is not None and stock < 0:
        raise RowError(f"stock {stock} is negative; write 0 where it is sold out")
    cost, of_cost = cells.cost_or_remark(row, COST, currency)
    id, of_id = cells.platform_number(row, cells.VARIANT_NUMBER)
    # a column of bare numbers is an attribute of the shop's own, which happens to have this name
    amount = "" if AMOUNT in columns.numeric else row.get(AMOUNT)
    held = pack.read(row.line, (AMOUNT, amount), (BASE, row.get(BASE)))
    variant = Variant(
        sku=row.get("sku"),
        price=charge.price,
        stock=stock,
        id=id,
        cost=cost,
        was=charge.was,
        sale_ends=charge.ends,
        net_quantity=held.net_quantity,
        unit_price_for=held.unit_price_for,
    )
    return variant, (*charge.remarks, *of_cost, *of_id, *held.remarks)


def _attributes(row: CatalogRow, columns: _Columns) -> dict[str, float | str]:
    return {
        name: float(row.get(name)) if name in columns.numeric else row.get(name)
        for name in columns.attributes
        if row.get(name)
    }


def _joined(entries: Sequence[_Entry]) -> Product:
    """Return the product of its variants: it has what all of them say alike, and shows the cheapest to be had."""
    shown = min(entries, key=lambda entry: (not entry.variant.available, entry.variant.price, entry.options)).product
    names = {name: value for entry in entries for name, value in entry.options}
    alike = {
        name.lower(): value
        for name, value in names.items()
        if all(dict(entry.options).get(name) == value for entry in entries)
    }
    if len(entries) == 1:
        return replace(shown, attributes=alike | dict(shown.attributes))
    variants = tuple(_named(entry) for entry in entries)
    return replace(
        shown,
        price=exports.price_of(variants),
        attributes=alike | _shared([entry.product.attributes for entry in entries]),
        variants=variants,
        line=min(entry.product.line for entry in entries),
    )


def _named(entry: _Entry) -> Variant:
    """Return a row's variant as one of several."""
    title = " / ".join(value for _, value in entry.options)
    return replace(entry.variant, title=title, options=entry.options, url=entry.product.url)


def _shared(attributes: Sequence[Mapping[str, float | str]]) -> dict[str, float | str]:
    """Return the attributes that no variant contradicts; a cell that is empty says what the others do."""
    values: dict[str, set[float | str]] = {}
    for each in attributes:
        for name, value in each.items():
            values.setdefault(name, set()).add(value)
    return {name: said.pop() for name, said in values.items() if len(said) == 1}


def _unlike(file: CatalogFile) -> str:
    return f"for our own CSV it lacks {', '.join(sorted(HEADER - file.header))}"


READER = CatalogReader(
    name="native CSV",
    reads=lambda file: file.header >= HEADER,
    products=lambda text, defaults: products(csv_rows.rows(text), defaults),
    unlike=_unlike,
)
