"""Exports of platforms: what they leave out and the quiz names, and one product of several variants; pure."""

from collections.abc import Sequence

from quizfunnel.catalog.product import Variant
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import CatalogRow, Defaults, FileError, RowError


def from_quiz(defaults: Defaults, export: str, example: str) -> tuple[str, str]:
    """Return currency and product address, which an export leaves out; FileError where the quiz names none."""
    wrong = []
    try:
        cells.currency_code(defaults.currency or "")
    except RowError as error:
        missing = f"{export} has no currency; name `currency` under `catalog` in the quiz"
        wrong.append(f"`currency` under `catalog` in the quiz: {error}" if defaults.currency else missing)
    template = defaults.product_url or ""
    if "{handle}" not in template and "{id}" not in template:
        named = f'`product_url` under `catalog` in the quiz, like "{example}"'
        wrong.append(f"{export} has no product address; name {named}")
    if wrong:
        raise FileError(1, *wrong)
    return defaults.currency or "", template


def price_of(variants: Sequence[Variant]) -> int:
    """Return the cheapest price that can be bought, of all variants where none can."""
    buyable = [variant.price for variant in variants if variant.available]
    return min(buyable or [variant.price for variant in variants])


def with_lines(message: str, rows: Sequence[CatalogRow]) -> str:
    """Return a message on the first of a product's rows that names the lines of the others, lost with it."""
    lines = ", ".join(str(row.line) for row in rows[1:])
    return f"{message}; so are the rows of this product in other lines ({lines})" if lines else message
