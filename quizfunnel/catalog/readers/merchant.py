"""Google Merchant feeds: tab-separated text, RSS or Atom; a product an item, or a group of items; pure.

Source: the product data specification of Google Merchant Center, by its English names, with or without ``g:``. Items of
one `item_group_id` are the variants of one product, which shows the cheapest that can be bought: its address, picture
and price. `product_type` gives type and tags, where it is empty a written-out `google_product_category`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from quizfunnel.catalog.product import COST, Product, Variant
from quizfunnel.catalog.readers import csv_rows, exports, feed_xml, pack, sale
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, Defaults, Remark, RowError
from quizfunnel.catalog.readers.words import ClosedSet
from quizfunnel.kit import delimited

HEADER = frozenset({"id", "title", "link", "price"})
_OURS = frozenset({"url", "currency", "tags"})  # of our own CSV, which may have further columns of any name
_AVAILABILITY = ClosedSet(
    "availability",
    "it is taken as sold out",
    "in_stock, out_of_stock, preorder or backorder",
    {
        **dict.fromkeys(("in stock", "preorder", "pre order", "backorder", "available for order"), True),
        **dict.fromkeys(("out of stock", "discontinued"), False),
    },
    blank=None,
)
_AMOUNTS = ("price", "sale_price", "cost_of_goods_sold")
_BASE = "unit_pricing_base_measure"
_OPTIONS = ("color", "size", "material", "pattern")
_ATTRIBUTES = (
    *_OPTIONS,
    *("gender", "age_group", "condition", "size_system", "size_type", "energy_efficiency_class"),
    *(f"custom_label_{n}" for n in range(5)),
)
_OF_SHOPIFY = re.compile(r"shopify_[A-Z]{2}_([0-9]+)_([0-9]+)")  # product and variant, as Shopify's own feed has them
_CUSTOM = "c:"  # fields of the shop's own
_AMOUNT = re.compile(r"(?P<before>[A-Za-z]{3}(?=[\s\d]))?\s*(?P<amount>.*?)\s*(?P<behind>(?<=[\s\d])[A-Za-z]{3})?")


class _Reading(NamedTuple):
    """Names that the quiz gives for a whole feed, what an empty availability says, and the columns of attributes."""

    defaults: Defaults
    availability: ClosedSet
    columns: tuple[str, ...]
    numeric: frozenset[str]


class _Item(NamedTuple):
    """An item that can be read: its row, currency and variant, and what is to be said of it."""

    row: CatalogRow
    currency: str
    variant: Variant
    remarks: tuple[Remark, ...]


def _reads(file: CatalogFile) -> bool:
    if _is_xml(file.text):
        return True
    header = {_plain_name(name) for name in file.header}
    return header >= HEADER and not header & _OURS


def _is_xml(text: str) -> bool:
    return text.lstrip().startswith("<")


def _products(text: str, defaults: Defaults) -> Products:
    """Yield a product for each item or group of items, and a bad row or a remark for all else."""
    read = feed_xml.rows(text) if _is_xml(text) else list(csv_rows.rows(text))
    yield from (row for row in read if isinstance(row, BadRow))
    rows = _with_points([_renamed(row) for row in read if isinstance(row, CatalogRow)])
    is_said = any("availability" in row.cells for row in rows)
    if rows and not is_said:
        yield Remark(
            rows[0].line,
            "no item has an `availability`: nothing says whether they are in stock, and they are offered as if they "
            "were; add it",
        )
    columns = (*_ATTRIBUTES, *sorted({name for row in rows for name in row.cells if name.startswith(_CUSTOM)}))
    availability = _AVAILABILITY if is_said else replace(_AVAILABILITY, blank=True)
    reading = _Reading(defaults, availability, columns, cells.numeric(rows, columns))
    for id, group in _groups(rows).items():
        yield from _product(id, group, reading)


def _renamed(row: CatalogRow) -> CatalogRow:
    named: dict[str, str] = {}
    for name, cell in row.cells.items():
        named.setdefault(_plain_name(name), cell)
    return CatalogRow(row.line, named)


def _plain_name(name: str) -> str:
    """Return a column's name as the specification writes it, which takes spaces too."""
    return name.strip().lower().removeprefix("g:").replace(" ", "_")


def _with_points(rows: list[CatalogRow]) -> list[CatalogRow]:
    """Return rows with points before the decimals, where the whole feed writes commas."""
    if delimited.decimal_mark(row.get(name) for row in rows for name in _AMOUNTS) != ",":
        return rows
    return [CatalogRow(row.line, {**row.cells, **_pointed(row)}) for row in rows]


def _pointed(row: CatalogRow) -> Mapping[str, str]:
    return {name: row.get(name).replace(".", "").replace(",", ".") for name in _AMOUNTS if "," in row.get(name)}


def _groups(rows: list[CatalogRow]) -> dict[str, list[CatalogRow]]:
    """Return the rows of each product by its id, wherever they stand."""
    groups: dict[str, list[CatalogRow]] = {}
    for row in rows:
        groups.setdefault(_first(row, "item_group_id") or _first(row, "id"), []).append(row)
    return groups


def _first(row: CatalogRow, name: str) -> str:
    """Return the first value of an element, which a feed may repeat."""
    return row.get(name).partition("\n")[0].strip()


def _product(id: str, group: list[CatalogRow], reading: _Reading) -> Products:
    gone = _gone(id, group, reading)
    items: list[_Item] = []
    for row in group:
        try:
            items.append(_item(row, reading, is_alone=len(group) == 1))
        except RowError as error:
            yield BadRow(row.line, str(error), gone)
    kept = list(_alike(items))
    for item in items:
        if wrong := "" if item in kept else _unlike(item, kept):
            yield BadRow(item.row.line, wrong, gone)
    try:
        if kept:
            yield _of_items(id, kept, reading)
            yield from (remark for item in kept for remark in item.remarks)
    except RowError as error:
        yield BadRow(group[0].line, exports.with_lines(str(error), group), gone)


def _alike(items: Sequence[_Item]) -> Iterator[_Item]:
    """Yield the items in the currency of most, each id once."""
    currencies = Counter(item.currency for item in items)
    currency = max(sorted(currencies), key=currencies.__getitem__, default="")
    seen: set[str] = set()
    for item in items:
        if item.currency == currency and item.variant.id not in seen:
            seen.add(item.variant.id)
            yield item


def _unlike(item: _Item, kept: Sequence[_Item]) -> str:
    """Return why an item is no variant beside those that are kept."""
    if item.currency != kept[0].currency:
        return f"the item is in {item.currency}, others of its product in {kept[0].currency}; write one currency"
    first = next(one.row.line for one in kept if one.variant.id == item.variant.id)
    return f"the item `{item.variant.sku}` stands already in line {first}; remove one of the two"


def _of_items(id: str, items: Sequence[_Item], reading: _Reading) -> Product:
    """Return the product of items of one currency, which shows the cheapest of them that can be bought."""
    shown = min(items, key=lambda item: (not item.variant.available, item.variant.price, item.variant.id)).row
    id, title = cells.identity(id, _title([_first(item.row, "title") for item in items], _first(shown, "title")))
    url = _first(shown, "link")
    if not url and reading.defaults.product_url:
        url = cells.product_address(reading.defaults.product_url, id)
    paths = _paths(shown)
    variants = tuple(item.variant for item in items)
    return Product(
        id=id,
        title=title,
        price=exports.price_of(variants),
        currency=items[0].currency,
        url=cells.address(url, "link", needed=True),
        image=cells.address(_first(shown, "image_link"), "image_link"),
        tags=frozenset(name for path in paths for name in path),
        type=paths[0][-1] if paths else "",
        vendor=_first(shown, "brand"),
        attributes=_attributes([item.row for item in items], reading),
        variants=variants,
        line=min(item.row.line for item in items),
        number=next((named[1] for item in items if (named := _OF_SHOPIFY.fullmatch(item.variant.sku))), ""),
    )


def _title(titles: Sequence[str], shown: str) -> str:
    """Return the words that begin all titles, without what joins them to the rest; the shown one where none do."""
    alike = takewhile(lambda words: len(set(words)) == 1, zip(*(title.split() for title in titles), strict=False))
    return " ".join(words[0] for words in alike).strip(" -\u2013\u2014,:;/|(") or shown


def _paths(row: CatalogRow) -> list[list[str]]:
    """Return the categories of an item, each with those above it first."""
    category = row.get("google_product_category")
    written = row.get("product_type") or ("" if category.isdigit() else category)
    paths = ([name.strip() for name in path.split(">") if name.strip()] for path in written.split("\n"))
    return [path for path in paths if path]


def _item(row: CatalogRow, reading: _Reading, *, is_alone: bool) -> _Item:
    """Return an item; RowError where it can be none."""
    cells.identity(_first(row, "id"), _first(row, "title"))
    if not _first(row, "price"):
        raise RowError("the price is missing; write it like 12.50 EUR")
    regular, currency = _money(_first(row, "price"), reading.defaults.currency or "")
    reduced, of_sale = _money(_first(row, "sale_price"), currency)
    if of_sale != currency:
        raise RowError(f"`price` is in {currency}, and `sale_price` in {of_sale}; write both in one currency")
    starts, _, ends = _first(row, "sale_price_effective_date").partition("/")
    prices = sale.Prices(row.line, regular, reduced, starts.strip(), ends.strip())
    charge = sale.charge_now(prices, currency, reading.defaults.now)
    cost, of_cost = _cost(row, currency)
    held = pack.read(row.line, *((name, _first(row, name)) for name in ("unit_pricing_measure", _BASE)))
    options = () if is_alone else tuple((name, option) for name in _OPTIONS if (option := _first(row, name)))
    variant = Variant(
        sku=_first(row, "id"),
        price=charge.price,
        stock=None if reading.availability.says_yes(row) else 0,
        id=_OF_SHOPIFY.sub(r"\2", _first(row, "id")),
        title=" / ".join(value for _, value in options),
        cost=cost,
        was=charge.was,
        sale_ends=charge.ends,
        net_quantity=held.net_quantity,
        unit_price_for=held.unit_price_for,
        options=options,
        url=cells.address(_first(row, "link"), "link") if options else "",
    )
    return _Item(row, currency, variant, (*charge.remarks, *of_cost, *held.remarks, *reading.availability.remarks(row)))


def _money(text: str, currency: str) -> tuple[str, str]:
    """Return an amount and its currency, the given one where the cell names none; RowError for what is no currency."""
    parts = _AMOUNT.fullmatch(text)
    named = (parts["before"] or parts["behind"] or "").upper() if parts else ""
    if not (named or currency):
        raise RowError(
            f"{text[:20]!r} names no currency; write it like 12.50 EUR, or name it under `catalog` in the quiz"
        )
    return parts["amount"] if parts else text, cells.currency_code(named or currency)


def _cost(row: CatalogRow, currency: str) -> tuple[int | None, tuple[Remark, ...]]:
    """Return what an item costs the store, unknown where it says so in another currency, with a remark on that."""
    try:
        amount, named = _money(_first(row, "cost_of_goods_sold"), currency)
        cost = cells.cost(amount, currency)
    except RowError as error:
        return None, (Remark(row.line, f"{error}; its cost stays unknown"),)
    if named == currency:
        return cost, ()
    return None, (Remark(row.line, f"the cost is in {named}, and the price in {currency}; its cost stays unknown"),)


def _attributes(rows: Sequence[CatalogRow], reading: _Reading) -> dict[str, float | str]:
    """Return what all items of a product say alike."""
    attributes: dict[str, float | str] = {}
    for column in reading.columns:
        values = {_first(row, column) for row in rows}
        value = values.pop()
        if value and not values and (name := column.removeprefix(_CUSTOM)) != COST:
            attributes[name] = float(value) if column in reading.numeric else value
    return attributes


def _gone(id: str, group: Sequence[CatalogRow], reading: _Reading) -> str:
    """Return the id of a product of which no item is said to be in stock; else nothing."""
    return "" if any(reading.availability.says_yes(row) for row in group) else id


READER = CatalogReader(
    name="Google Merchant feed",
    reads=_reads,
    products=_products,
    unlike=lambda _: "a Google Merchant feed has the columns id,title,link,price,availability, or is XML",
)
