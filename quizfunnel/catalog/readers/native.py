"""Our own forms: a CSV with the columns id,title,price,currency,url,image,tags,stock and more, or a YAML list."""

import math
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import BadRow, Defaults, Row, RowError

HEADER = frozenset({"id", "title", "price"})
_OWN = HEADER | {"currency", "url", "image", "tags", "stock", "type", "vendor", "sku"}


def products(rows: Iterator[Row | BadRow], defaults: Defaults) -> Iterator[Product | BadRow]:
    """Yield a product or a bad row for each row; further columns become attributes."""
    read = list(rows)
    good = [row for row in read if isinstance(row, Row)]
    names = sorted({name for row in good for name in row.cells if name and name not in _OWN})
    numeric = {name for name in names if _all_numbers(good, name)}
    for row in read:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield _product(row, defaults, names, numeric)
        except RowError as error:
            yield BadRow(row.line, str(error))


def yaml_rows(text: str, file: str) -> Iterator[Row | BadRow]:
    """Yield a row for each entry of a YAML list; values are read as text, as in a CSV."""
    try:
        yaml = YAML(typ="safe", pure=True)
        if any(isinstance(event, AliasEvent) or getattr(event, "anchor", None) for event in yaml.parse(text)):
            yield BadRow(1, "the file holds an anchor or alias (& or *); write the values out")
            return
        data: Any = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        yield BadRow(mark.line + 1 if mark else 1, f"this is no YAML: {error.problem or error.context}")
        return
    except (YAMLError, RecursionError, ValueError) as error:
        yield BadRow(1, f"{file} is no YAML: {str(error)[:100]}")
        return
    if not isinstance(data, list):
        yield BadRow(1, "a catalogue is a list of products (- id: ...)")
        return
    lines: Any = data  # ruamel's list knows where its items stand
    for number, entry in enumerate(data):
        line = lines.lc.item(number)[0] + 1
        if isinstance(entry, dict):
            yield Row(line, {str(key): _as_cell(value) for key, value in entry.items()})
        else:
            yield BadRow(line, "an entry must be a mapping with id, title and price")


def _product(row: Row, defaults: Defaults, names: list[str], numeric: set[str]) -> Product:
    id, title = cells.identity(row.get("id"), row.get("title"))
    currency = cells.currency_code(row.get("currency") or defaults.currency or "")
    price = cells.price(row.get("price"), currency)
    url = row.get("url") or (defaults.product_url or "").replace("{handle}", id).replace("{id}", id)
    attributes: dict[str, float | str] = {
        name: float(row.get(name)) if name in numeric else row.get(name) for name in names if row.get(name)
    }
    return Product(
        id=id,
        title=title,
        price=price,
        currency=currency,
        url=cells.address(url, "url", needed=True),
        image=cells.address(row.get("image"), "image"),
        tags=cells.tags(row.get("tags")),
        type=row.get("type"),
        vendor=row.get("vendor"),
        attributes=attributes,
        variants=(Variant(sku=row.get("sku"), price=price, stock=cells.stock(row.get("stock"))),),
        line=row.line,
    )


def _all_numbers(rows: list[Row], name: str) -> bool:
    values = [row.get(name) for row in rows if row.get(name)]
    return bool(values) and all(_is_number(value) for value in values)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def _as_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_as_cell(item) for item in value)
    return str(value)
