"""Stock of the demo shop: a shelf for each catalogue in its folder, read again when one of them changes."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.catalog.readers import CatalogError, read_catalog
from quizfunnel.i18n.words import Words, marked
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.files import Stamp, stamp
from quizfunnel.kit.reload import Reloaded

_log = logging.getLogger(__name__)

SHELVES = (marked("Coffee"), marked("Skin care"))
"""The names of the shelves that the demo has."""


class _Read(NamedTuple):
    """One catalogue as it was read last."""

    stamp: Stamp
    catalog: Catalog | None


class Shelved(NamedTuple):
    """One product, and the slug of its shelf."""

    shelf: str
    product: Product


class Stock:
    """Shelves by slug, in the order of their names; safe to share between threads."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Read the catalogues of a folder, and again once they change."""
        self._folder = folder
        self._shelves = Reloaded(clock, self._look)

    def shelves(self) -> dict[str, Catalog]:
        """Return the shelves that have something on them."""
        return {slug: read.catalog for slug, read in self._shelves.current().items() if read.catalog}

    def find(self, id: str) -> Shelved | None:
        """Return a product by its id, on the first shelf that has it."""
        shelves = self.shelves().items()
        return next((Shelved(slug, match) for slug, catalog in shelves if (match := catalog.by_id.get(id))), None)

    def _look(self, before: Mapping[str, _Read] | None) -> dict[str, _Read]:
        files = sorted(self._folder.glob("*.csv"))
        return {file.stem: _read(file, (before or {}).get(file.stem)) for file in files}


def shelf_name(slug: str, say: Words) -> str:
    """Return a shelf's name."""
    return say.plain(slug.replace("-", " ").capitalize())


def _read(file: Path, before: _Read | None) -> _Read:
    now = stamp(file)
    if before is not None and before.stamp == now:
        return before
    try:
        return _Read(now, read_catalog(file).catalog)
    except CatalogError as error:  # somebody edits it: the shelf stays as it was
        _log.warning("%s", error)
        return _Read(now, before.catalog if before else None)
