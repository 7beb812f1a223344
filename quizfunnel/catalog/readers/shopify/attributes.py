"""Attributes of a product in Shopify's export: metafields, the weight, an option that all variants share; pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from quizfunnel.catalog.product import COST
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import CatalogRow
from quizfunnel.catalog.readers.shopify.columns import DEFAULT_OPTION, OPTIONS

_ATTRIBUTES = {
    "Google Shopping / Gender": "gender",
    "Google Shopping / Age Group": "age_group",
    "Google Shopping / Condition": "condition",
    "Product Category": "category",
}
_METAFIELD = re.compile(r"\(product\.metafields\.[^.)]+\.([^:.)\s]+)\)$")


class AttributeColumns(NamedTuple):
    """Columns that become attributes, by the attribute's name, and those of them that hold numbers."""

    names: Mapping[str, str]
    numeric: frozenset[str]


def attribute_columns(rows: list[CatalogRow]) -> AttributeColumns:
    """Return the columns of a whole file that become attributes; what a product costs the store is none."""
    named = dict(_ATTRIBUTES)
    for column in rows[0].cells if rows else ():
        if (metafield := _METAFIELD.search(column)) and metafield.group(1) != COST:
            named[column] = metafield.group(1)
    return AttributeColumns(named, cells.numeric(rows, named))


def attributes(rows: list[CatalogRow], columns: AttributeColumns) -> dict[str, float | str]:
    """Return the attributes of the product whose rows these are, its own row first."""
    head = rows[0]
    read: dict[str, float | str] = {}
    for column, name in columns.names.items():
        if cell := head.get(column):
            read[name] = float(cell) if column in columns.numeric else cell
    grams = head.get("Variant Grams")
    if grams.isascii() and grams.isdigit() and int(grams):
        read["grams"] = float(grams)
    for n in OPTIONS:
        option = head.get(f"Option{n} Name")
        values = {row.get(f"Option{n} Value") for row in rows} - {"", DEFAULT_OPTION}
        if option and option != "Title" and len(values) == 1:
            read[option.lower()] = values.pop()
    return read
