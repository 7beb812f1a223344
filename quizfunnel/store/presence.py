"""Presence: whoever has a database file open says so, so that a restore knows whether it is alone.

A shared lock on a file beside the database, held for as long as a connection is; the system releases it when a
process is killed.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system, which lets nobody replace an open file either
    fcntl = None  # type: ignore[assignment]


class InUse(Exception):  # noqa: N818 - it is a state of the world, not a mistake
    """Somebody has the database open."""


class Presence:
    """One connection's share of the lock."""

    def __init__(self, database: Path) -> None:
        """Say that somebody is there; OperationalError while a restore is alone with the file."""
        self._handle: int | None = _opened(database)
        if fcntl is not None:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                self.close()
                raise sqlite3.OperationalError(f"a backup is being restored to {database}; try again soon") from None

    def close(self) -> None:
        """Go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        """Go with a connection that never came about."""
        self.close()


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Let nobody else open a database, or raise InUse where somebody has it open."""
    handle = _opened(database)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(str(database)) from None
        yield
    finally:
        os.close(handle)


def _opened(database: Path) -> int:
    return os.open(f"{database}-open", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
