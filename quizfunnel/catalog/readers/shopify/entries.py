"""Entries of the export: the rows of each handle as one product, and whether it can be bought; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.rows import CatalogRow, Remark
from quizfunnel.catalog.readers.shopify.columns import OPTIONS
from quizfunnel.catalog.readers.words import ClosedSet

_TRACKER, _QUANTITY = "Variant Inventory Tracker", "Variant Inventory Qty"
_OF_VARIANT = ("Variant Price", "Variant SKU", *(f"Option{n} Value" for n in OPTIONS))
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


@dataclass(frozen=True)
class HandleEntry:
    """Rows of one handle: the one with the product's own cells first."""

    rows: list[CatalogRow]

    @property
    def head(self) -> CatalogRow:
        """Return the row with the product's own cells."""
        return self.rows[0]

    @property
    def id(self) -> str:
        """Return the handle."""
        return self.head.get("Handle")

    @property
    def of_variants(self) -> list[CatalogRow]:
        """Return the rows that name a variant; the others add pictures."""
        return [row for row in self.rows if row is self.head or any(row.get(name) for name in _OF_VARIANT)]

    @property
    def image(self) -> str:
        """Return the address of the picture that stands first; nothing without one."""
        pictures = [row for row in self.rows if row.get("Image Src")]
        return min(pictures, key=_position).get("Image Src") if pictures else ""

    @property
    def published(self) -> bool:
        """Tell whether the product is on the online store."""
        return _PUBLISHED.says_yes(self.head) and _STATUS.says_yes(self.head)

    @property
    def gone(self) -> str:
        """Return the id of a product that is withdrawn or of which every variant is sold out; else nothing."""
        sold_out = all(
            _tracked(row) and not self.sells_on(row) and cells.sold_out(row.get(_QUANTITY)) for row in self.of_variants
        )
        return self.id if sold_out or not self.published else ""

    def sells_on(self, row: CatalogRow) -> bool:
        """Tell whether a variant is sold also where none is left."""
        return _POLICY.says_yes(row)

    def stock(self, row: CatalogRow) -> int | None:
        """Return how many of a variant are left, None where nobody counts; RowError for what is no quantity."""
        quantity = cells.stock(row.get(_QUANTITY))
        return quantity if _tracked(row) else None

    def remarks(self) -> Iterator[Remark]:
        """Yield what cannot be read of the product's own row, and the titles of others among its rows."""
        yield from (*_PUBLISHED.remarks(self.head), *_STATUS.remarks(self.head))
        for row in self.rows[1:]:
            if (title := row.get("Title")) and title != self.head.get("Title"):
                first = f"is the handle of {self.head.get('Title')[:40]!r} in line {self.head.line}"
                yield Remark(
                    row.line,
                    f"`{self.id}` {first}, so that {title[:40]!r} is read as a variant of it; "
                    "give each product a handle of its own",
                )

    def remarks_on(self, row: CatalogRow) -> tuple[Remark, ...]:
        """Return what cannot be read of a variant's row."""
        return _POLICY.remarks(row)


def gathered(rows: list[CatalogRow]) -> list[HandleEntry]:
    """Return the rows of each handle, wherever they stand: the one with the title first, then in the file's order."""
    of_handle: dict[str, list[CatalogRow]] = {}
    for row in rows:
        if handle := row.get("Handle"):
            of_handle.setdefault(handle, []).append(row)
    return [HandleEntry(sorted(some, key=lambda row: not row.get("Title"))) for some in of_handle.values()]


def unknown_stock(rows: list[CatalogRow]) -> Iterator[Remark]:
    """Yield remarks on tracked variants of which the export does not say how many there are."""
    tracked = [row for row in rows if row.get(_TRACKER)]
    if tracked and _QUANTITY not in rows[0].cells:
        yield Remark(
            1,
            f"{'1 variant is' if len(tracked) == 1 else f'{len(tracked)} variants are'} tracked, and the export has no "
            "column `Variant Inventory Qty`, as of a shop with several locations: nothing says whether they are in "
            "stock, and they are offered as if they were; add the column",
        )
        return
    for row in tracked:
        if not row.get(_QUANTITY) and not _POLICY.says_yes(row):
            yield Remark(
                row.line,
                "the variant is tracked, and its `Variant Inventory Qty` is empty: nothing says whether it is in "
                "stock, and it is offered as if it were; write the quantity",
            )


def _position(row: CatalogRow) -> float:
    """Return where a picture stands among its product's; one that does not say so stands last."""
    place = row.get("Image Position")
    return float(place) if place.isascii() and place.isdigit() else float("inf")


def _tracked(row: CatalogRow) -> bool:
    return bool(row.get(_TRACKER)) or _TRACKER not in row.cells
