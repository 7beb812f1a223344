"""Catalogue readers as a type: the files that one recognises, and the products that it makes of them; pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.readers import csv_rows
from quizfunnel.catalog.readers.rows import BadRow, Defaults, Remark

Products = Iterator[Product | BadRow | Remark]


@dataclass(frozen=True)
class CatalogFile:
    """A catalogue's file: its suffix in small letters, like ``.csv``, and its text."""

    suffix: str
    text: str

    @cached_property
    def header(self) -> frozenset[str]:
        """Return the columns that the first row names, none where it is no CSV."""
        return csv_rows.header(self.text)


class CatalogReader(NamedTuple):
    """One form that catalogues have.

    `reads` tells whether a file has it; the first reader that says so makes the products, and raises FileError
    for a file of which it can make none. `unlike` says of a file that no reader takes how one of this form begins.
    """

    name: str
    reads: Callable[[CatalogFile], bool]
    products: Callable[[str, Defaults], Products]
    unlike: Callable[[CatalogFile], str]
