"""Database file: whether the SQLite file that a connection has open is still the one of that name, with its own log.

SQLite goes on writing to a file that was moved, replaced or deleted, and its commits are then in no file that
anybody finds again. A write-ahead log says nothing of the database that it is of: left beside another one it
would be played into that one's pages. So whoever connects notes in the turn's file which log is of which file.
"""

import logging
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.write_lock import WriteLock

FileId: TypeAlias = tuple[int, int]  # device and inode

log = logging.getLogger(__name__)

_LOG, _MEMORY = "-wal", "-shm"


class Files(NamedTuple):
    """Ids of a database's file, of its write-ahead log and of that one's shared memory; None is not there."""

    database: FileId | None
    log: FileId | None
    memory: FileId | None


class OpenFile:
    """The files that one connection has open, by the names that they had then."""

    def __init__(self, path: Path, turn: Path) -> None:
        """Look at the files of a database that is being opened; `turn` is its writers' lock."""
        self.path, self._turn = path, turn
        self._real = os.path.realpath(path)
        self._files = look(self._real)

    def opened(self) -> None:
        """Note what is open now; raise OperationalError where the file was replaced while it was opened."""
        before, self._files = self._files, look(self._real)
        if before.database is not None and before.database != self._files.database:
            raise sqlite3.OperationalError(f"the database file {self.path} was replaced while it was opened")
        _note(self._turn, self._files)

    def is_named(self) -> bool:
        """Tell whether the names are still those of the open files."""
        now = look(self._real)
        if now == self._files:
            return True
        if now.database == self._files.database and self._files.log is None:
            self._files = now  # a new database's log comes with its first row
            _note(self._turn, now)
            return True
        return False

    def refuse_lost(self) -> None:
        """Raise OperationalError where the names are other files' by now, or nobody's."""
        if not self.is_named():
            raise sqlite3.OperationalError(
                f"the database file {self.path} was moved, replaced or deleted, or the log beside it; nothing is kept "
                "until the file of that name is opened anew"
            )

    def save(self, connection: sqlite3.Connection, lock: WriteLock | None) -> None:
        """Bring into the database what stands in its log alone, where somebody deleted the log under it."""
        if lock is None or look(self._real).database != self._files.database:
            return
        lock.acquire(WAIT_SECONDS)
        try:
            if look(self._real).log is None:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                state = "could not all be brought into it" if busy else "was brought into it"
                log.error(
                    "the log of the database %s was deleted while it was open; what stood there %s", self.path, state
                )
        finally:
            lock.release()


def look(path: str) -> Files:
    """Return the ids of the files that a database at `path` has now."""
    return Files(_id(path), _id(path + _LOG), _id(path + _MEMORY))


def refuse_missing(path: Path) -> None:
    """Raise OperationalError where there is no such file: SQLite would make an empty one."""
    if not path.exists():
        raise sqlite3.OperationalError(
            f"the database file {path} is not there; put it back, or bring a backup there by quizfunnel restore"
        )


def set_aside_foreign_log(path: Path, turn: Path) -> None:
    """Move away a log that is known to be of another database than the one that has the name by now."""
    real, noted = os.path.realpath(path), _noted(turn)
    if noted is None or not _is_foreign(look(real), noted):
        return
    lock = WriteLock(turn)
    lock.acquire(WAIT_SECONDS)
    try:
        now = look(real)
        if _is_foreign(now, noted):
            kept = f"{real}{_LOG}.of-file-{noted.database and noted.database[1]}"
            with suppress(FileNotFoundError):
                Path(real + _MEMORY).unlink()
            if now.log is not None:
                Path(real + _LOG).rename(kept)
                Path(kept).chmod(0o600)
                os.utime(kept)  # from now on it is kept for as long as other files
            log.warning("another file has the name %s by now; the log of the one before it is kept as %s", path, kept)
    finally:
        lock.close()


def _is_foreign(now: Files, noted: Files) -> bool:
    others = now.database != noted.database
    return others and (
        (now.log is not None and now.log == noted.log) or (now.memory is not None and now.memory == noted.memory)
    )


def _id(path: str) -> FileId | None:
    try:
        state = os.stat(path)  # noqa: PTH116 - on every shopper's path, and a Path costs twice as much
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _note(turn: Path, files: Files) -> None:
    """Note which files belong together, with the note's own id: a copy of it elsewhere says nothing."""
    if None in files or _noted(turn) == files:
        return
    with suppress(OSError):  # a full disk: then there is no note
        text = " ".join(f"{part[0]}:{part[1]}" for part in (_id(str(turn)), *files) if part)
        turn.write_text(text, "ascii")


def _noted(turn: Path) -> Files | None:
    try:
        own, *files = (tuple(map(int, part.split(":"))) for part in turn.read_text("ascii").split())
    except (OSError, ValueError):
        return None
    if len(files) != len(Files._fields) or own != _id(str(turn)):
        return None
    database, log_, memory = files
    return Files((database[0], database[1]), (log_[0], log_[1]), (memory[0], memory[1]))
