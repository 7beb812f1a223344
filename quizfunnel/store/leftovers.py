"""Leftovers of deleted rows: SQLite's log of changes, emptied where nobody reads, and older files kept beside it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from quizfunnel.store.engine import database_path

_MEANINGS = {
    ".before-restore-": "the database that a restore replaced, or its log",
    ".before-": "a copy that a migration made",
    "-wal.of-file-": "the log of a database that had this name before",
}


class KeptCopy(NamedTuple):
    """One file beside the database that holds rows of another moment, and why it is there."""

    path: Path
    meaning: str


def empty_wal(engine: Engine) -> bool:
    """Write SQLite's log of changes into the database and empty it; tell whether it is empty now.

    The database's own pages keep nothing: `secure_delete` writes zeros over what is deleted. PostgreSQL is asked
    nothing: its dead rows go with its next vacuum.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def kept_copies(engine: Engine) -> list[KeptCopy]:
    """Return the files beside an SQLite database in which people who were erased from it may still be."""
    path = database_path(engine.url)
    if path is None:
        return []
    return sorted(copy for one in {path, Path(os.path.realpath(path))} for copy in _beside(one))


def _beside(path: Path) -> Iterator[KeptCopy]:
    for file in path.parent.iterdir() if path.parent.is_dir() else ():
        rest = file.name.removeprefix(path.name)
        meaning = next((meaning for start, meaning in _MEANINGS.items() if rest.startswith(start)), None)
        if rest != file.name and meaning is not None:
            yield KeptCopy(file, meaning)
