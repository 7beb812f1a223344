"""Copy of an SQLite database: one whole file with no log beside it, proven page by page, there whole or not at all."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from quizfunnel.backup.errors import BackupError
from quizfunnel.kit import files

PARTS = ("", "-journal", "-wal", "-shm", "-turn", "-open")


def copy(source: Path, target: Path) -> None:
    """Copy a database, used or not, as it is at one moment, to a file that only its owner may read.

    Writers go on meanwhile. Raises BackupError where the source or what came of it is no sound database.
    """
    with _told(source), closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read:
        remove(target)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with closing(sqlite3.connect(target, isolation_level=None)) as written:
            read.backup(written)
        finish(target)
        prove(target, of=source)


def finish(path: Path) -> None:
    """Leave one file of a database that nobody else uses, and return when the disk has it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    for suffix in PARTS[1:]:
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def prove(path: Path, *, of: Path) -> None:
    """Raise BackupError where a database is not sound in every page, index and reference; people know it as `of`."""
    with _told(of), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        fault = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault != "ok":
            raise BackupError(f"{of} is damaged: {fault}; take another backup")
        if dangling := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError(f"{of} is damaged: a row of {dangling[0]} refers to none of {dangling[2]}")


def put(source: Path, target: Path, *, over: bool) -> None:
    """Give a finished file its name in one step; over another one only where that is meant."""
    try:
        if over:
            source.replace(target)
        else:
            os.link(source, target)
            source.unlink()
    except FileExistsError:
        raise BackupError(f"{target} is there already; name another file, or say --overwrite") from None
    files.fsync_folder(target.parent)


def remove(path: Path) -> None:
    """Remove a database with everything that may lie beside it."""
    for suffix in PARTS:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """Turn what SQLite says into what to do about it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BackupError(
            f"{source} cannot be copied: {error}; look at the disk's room and at who may read it"
        ) from error
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{source} is damaged, or no SQLite database: {error}; take another backup") from error
