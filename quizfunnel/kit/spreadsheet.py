"""Spreadsheet cells: text that would be a formula is guarded; pure."""

import re
from math import isfinite

Cell = str | int | float | None

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: Cell) -> Cell:
    """Return a cell for a spreadsheet: text that it would compute gets an apostrophe, infinity is empty."""
    if isinstance(cell, float) and not isfinite(cell):
        return None
    harmless = not isinstance(cell, str) or not cell.startswith(_FORMULA) or _NUMBER.fullmatch(cell)
    return cell if harmless else f"'{cell}"
