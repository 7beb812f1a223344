"""Shopify's product CSV as exported: a row a variant, the first of each handle with the product's own cells.

Source: the columns of Shopify's product CSV template. Rows of a product follow each other; a later
row leaves title and type blank, and a row without price adds only a picture. Stock counts where
`Variant Inventory Tracker` names a tracker, or where the export has a quantity without that column.
A policy of `continue` sells on below zero.
"""

from collections.abc import Iterator
from itertools import groupby

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import BadRow, Defaults, Row, RowError

HEADER = frozenset({"Handle", "Title", "Variant Price"})
_ATTRIBUTES = {
    "Google Shopping / Gender": "gender",
    "Google Shopping / Age Group": "age_group",
    "Google Shopping / Condition": "condition",
    "Product Category": "category",
}
_OPTIONS = 3


def products(rows: Iterator[Row | BadRow], defaults: Defaults) -> Iterator[Product | BadRow]:
    """Yield a product for each handle, and a bad row for every row that could not be read."""
    for key, group in groupby(rows, key=_handle):
        members = list(group)
        if key is None:
            for member in members:
                yield member if isinstance(member, BadRow) else BadRow(member.line, "the Handle is missing")
            continue
        yield from _read_product([member for member in members if isinstance(member, Row)], defaults)


def _handle(row: Row | BadRow) -> str | None:
    return (row.get("Handle") or None) if isinstance(row, Row) else None


def _read_product(rows: list[Row], defaults: Defaults) -> Iterator[Product | BadRow]:
    head = rows[0]
    try:
        id, title = cells.identity(head.get("Handle"), head.get("Title"))
        currency = cells.currency_code(defaults.currency or "")
        if not defaults.product_url:
            raise RowError("the export has no product address; name `product_url` under `catalog` in the quiz")
        url = cells.address(
            defaults.product_url.replace("{handle}", id).replace("{id}", id), "product_url", needed=True
        )
        image = cells.address(next((row.get("Image Src") for row in rows if row.get("Image Src")), ""), "Image Src")
    except RowError as error:
        yield BadRow(head.line, str(error))
        return
    variants: list[Variant] = []
    for row in rows:
        if not row.get("Variant Price") and row is not head:
            continue
        try:
            variants.append(_variant(row, currency))
        except RowError as error:
            yield BadRow(row.line, f"variant of {id}: {error}")
    if variants:
        yield _product(head, rows, variants, facts=(id, title, currency, url, image))


def _address(defaults: Defaults, handle: str) -> str:
    if not defaults.product_url:
        raise RowError("the export has no product address; name `product_url` under `catalog` in the quiz")
    address = defaults.product_url.replace("{handle}", handle).replace("{id}", handle)
    return cells.address(address, "product_url", needed=True)


def _product(head: Row, rows: list[Row], variants: list[Variant], *, facts: tuple[str, str, str, str, str]) -> Product:
    id, title, currency, url, image = facts
    buyable = [variant.price for variant in variants if variant.available]
    return Product(
        id=id,
        title=title,
        price=min(buyable or [variant.price for variant in variants]),
        currency=currency,
        url=url,
        image=image,
        tags=cells.tags(head.get("Tags")),
        type=head.get("Type"),
        vendor=head.get("Vendor"),
        attributes=_attributes(head, rows),
        variants=tuple(variants),
        published=head.get("Published").lower() != "false" and head.get("Status").lower() in ("", "active"),
        line=head.line,
    )


def _variant(row: Row, currency: str) -> Variant:
    price = cells.price(row.get("Variant Price"), currency)
    quantity = cells.stock(row.get("Variant Inventory Qty"))
    tracked = bool(row.get("Variant Inventory Tracker")) or "Variant Inventory Tracker" not in row.cells
    options = [row.get(f"Option{n} Value") for n in range(1, _OPTIONS + 1)]
    return Variant(
        sku=row.get("Variant SKU").lstrip("'"),
        price=price,
        stock=quantity if tracked else None,
        continue_selling=row.get("Variant Inventory Policy").lower() == "continue",
        title=" / ".join(option for option in options if option and option != "Default Title"),
    )


def _attributes(head: Row, rows: list[Row]) -> dict[str, float | str]:
    found: dict[str, float | str] = {name: head.get(column) for column, name in _ATTRIBUTES.items() if head.get(column)}
    grams = head.get("Variant Grams")
    if grams.isdigit() and int(grams):
        found["grams"] = float(grams)
    for n in range(1, _OPTIONS + 1):
        option = head.get(f"Option{n} Name")
        values = {row.get(f"Option{n} Value") for row in rows} - {"", "Default Title"}
        if option and option != "Title" and len(values) == 1:
            found[option.lower()] = values.pop()
    return found
