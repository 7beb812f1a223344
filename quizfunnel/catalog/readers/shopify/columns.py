"""Columns of Shopify's product CSV: the newer names by the older ones, and the options of a variant; pure."""

from quizfunnel.catalog.readers.rows import CatalogRow

OPTIONS = (1, 2, 3)
DEFAULT_OPTION = "Default Title"  # of a product without variants
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
} | {f"Option{n} {part}": f"Option{n} {part.title()}" for n in OPTIONS for part in ("name", "value")}


def by_older_names(row: CatalogRow) -> CatalogRow:
    """Return a row by the older names of its columns; a column that is not known keeps its own."""
    return CatalogRow(row.line, {older_name(name): cell for name, cell in row.cells.items()})


def older_name(name: str) -> str:
    """Return the older name of a column, such as ``Variant Price`` of ``Price``."""
    return _OLDER.get(name, name)


def options(row: CatalogRow, head: CatalogRow) -> tuple[tuple[str, str], ...]:
    """Return a variant's options with their names, which the product's first row has."""
    named = ((head.get(f"Option{n} Name"), row.get(f"Option{n} Value")) for n in OPTIONS)
    return tuple((name, value) for name, value in named if value and value != DEFAULT_OPTION)
