"""Entries of the export: each product's row with those of its variations, and whether they can be bought; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, Remark, RowError
from quizfunnel.catalog.readers.words import ClosedSet

_UNOFFERED = "it is not offered"
_PUBLISHED = ClosedSet("Published", _UNOFFERED, "1, 0 or -1", {"-1": False, "2": False})
_VISIBILITY = ClosedSet(
    "Visibility in catalog",
    _UNOFFERED,
    "visible, catalog, search or hidden",
    {"visible": True, "catalog": True, "search": True, "hidden": False},
)
_BACKORDER = "backorder"
_IN_STOCK = ClosedSet("In stock?", "it is taken as sold out", "1, 0 or backorder", {_BACKORDER: True})
_BACKORDERS = ClosedSet(
    "Backorders allowed?", "it is sold out once its stock is", "1, 0 or notify", {"notify": True}, blank=False
)
_KINDS = {
    "simple": "single",
    "external": "single",
    "subscription": "single",
    "bundle": "single",
    "variable": "parent",
    "variable-subscription": "parent",
    "variation": "variation",
    "subscription_variation": "variation",
    "grouped": "group",
}
_BESIDE = frozenset({"", "virtual", "downloadable"})  # said of a type, and none by themselves


@dataclass
class ProductEntry:
    """A product's row with the rows of its variations."""

    row: CatalogRow
    is_parent: bool
    variations: list[CatalogRow] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the product's number, else its SKU."""
        return self.row.get("ID") or self.row.get("SKU")

    @property
    def rows(self) -> list[CatalogRow]:
        """Return the rows that can be bought, in the order in which the shop shows them."""
        return sorted(self.variations, key=_position) if self.is_parent else [self.row]

    @property
    def published(self) -> bool:
        """Tell whether the shop offers the product, and its catalogue shows it."""
        return _PUBLISHED.says_yes(self.row) and _VISIBILITY.says_yes(self.row)

    @property
    def gone(self) -> str:
        """Return the id of a product that is withdrawn or of which nothing is in stock; else nothing."""
        rows = self.rows
        sold_out = rows and all(
            not self.sold(row) or (not self.sells_on(row) and cells.sold_out(self.quantity(row))) for row in rows
        )
        return self.id if sold_out or not self.published else ""

    def sold(self, row: CatalogRow) -> bool:
        """Tell whether a row is switched on and its flag, with its parent's, says that it is in stock."""
        return _PUBLISHED.says_yes(row) and _IN_STOCK.says_yes(row) and _IN_STOCK.says_yes(self.row)

    def sells_on(self, row: CatalogRow) -> bool:
        """Tell whether a row is sold also where none is left."""
        return row.get("In stock?").casefold() == _BACKORDER or _BACKORDERS.says_yes(self._stock_row(row))

    def quantity(self, row: CatalogRow) -> str:
        """Return how many of a row are left, empty where nobody counts."""
        return self._stock_row(row).get("Stock")

    def remarks(self) -> Iterator[Remark]:
        """Yield what cannot be read of the product's own row."""
        yield from (*_PUBLISHED.remarks(self.row), *_VISIBILITY.remarks(self.row))
        yield from _IN_STOCK.remarks(self.row) if self.is_parent else ()

    def remarks_on(self, row: CatalogRow) -> tuple[Remark, ...]:
        """Return what cannot be read of a row that can be bought."""
        unknown = (*_IN_STOCK.remarks(row), *_BACKORDERS.remarks(self._stock_row(row)))
        return (*unknown, *(_PUBLISHED.remarks(row) if self.is_parent else ()))

    def _stock_row(self, row: CatalogRow) -> CatalogRow:
        """Return the row that counts the stock: the parent's, where a variation says so."""
        return self.row if self.is_parent and row.get("Stock").casefold() == "parent" else row


def sorted_out(rows: list[CatalogRow], entries: list[ProductEntry]) -> Iterator[BadRow]:
    """Fill in the products with their variations, wherever they stand; yield a bad row for what is neither."""
    variations: list[CatalogRow] = []
    for row in rows:
        try:
            kind = _kind(row)
        except RowError as error:
            yield BadRow(row.line, str(error))
            continue
        if kind == "variation":
            variations.append(row)
        elif kind == "group":
            entry = ProductEntry(row, is_parent=False)
            yield BadRow(row.line, f"`{entry.id}` groups other products, which are offered themselves", entry.gone)
        else:
            entries.append(ProductEntry(row, is_parent=kind == "parent"))
    parents = _parents(entries)
    for row in variations:
        if parent := parents.get(row.get("Parent").casefold()):
            parent.variations.append(row)
        else:
            unknown = f"its parent {row.get('Parent')[:40]!r} is no variable product of this file"
            yield BadRow(row.line, f"{unknown}; export all products at once")


def _kind(row: CatalogRow) -> str:
    """Return which part a row has in the file; RowError for a type that nobody knows."""
    words = [word.strip() for word in row.get("Type").casefold().split(",")]
    types = [word for word in words if word not in _BESIDE] or ["simple"]
    if len(types) > 1 or types[0] not in _KINDS:
        raise RowError(
            f"`Type` is {row.get('Type')[:40]!r}, so that it is not offered; write simple, variable, variation, "
            "grouped or external"
        )
    return _KINDS[types[0]]


def _parents(entries: list[ProductEntry]) -> dict[str, ProductEntry]:
    """Map what a variation may call its parent: ``id:`` and its number, or its SKU; the first of one SKU has it."""
    parents: dict[str, ProductEntry] = {}
    for entry in entries:
        if entry.is_parent:
            for name in (f"id:{entry.row.get('ID')}", entry.row.get("SKU")):
                parents.setdefault(name.casefold(), entry)
    parents.pop("", None)
    parents.pop("id:", None)
    return parents


def _position(row: CatalogRow) -> float:
    place = row.get("Position")
    return float(place) if place.isascii() and place.isdigit() else 0.0
