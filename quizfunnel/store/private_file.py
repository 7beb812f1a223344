"""File mode of an SQLite database: what shoppers said is for the owner, and for a group that is meant to write.

SQLite gives the log and the memory beside a database the mode that the database has. A group that may write was
given that by somebody, and whoever reads a database must be able to write the log's memory; one that may only read
has it from the umask of the day.
"""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_IRWXG, S_IWGRP, S_IXGRP
from typing import NamedTuple

OWNER = 0o600
_BESIDE = ("", "-wal", "-shm", "-journal")


class Tightened(NamedTuple):
    """A file that others could read: the mode that it had, and whether it could be taken from them."""

    path: Path
    before: int
    done: bool

    def text(self) -> str:
        """Return what was done, or is to be done, in a line."""
        if self.done:
            return f"{self.path} could be read by others (mode {self.before:o}) and is closed to them now"
        return (
            f"{self.path} can be read by others (mode {self.before:o}), and this program's user may not change that: "
            f"chmod {private(self.before):o} it, as its owner"
        )


def private(mode: int) -> int:
    """Return a mode without the rights of others, and without those of a group that may only read."""
    group = mode & S_IRWXG & ~S_IXGRP if mode & S_IWGRP else 0
    return OWNER | group


def make(path: Path) -> None:
    """Make a file for its owner alone where there is none: SQLite would take the umask's word."""
    with suppress(OSError):  # SQLite says why it cannot be made
        os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER))


def tighten(path: Path) -> list[Tightened]:
    """Take a database, the files beside it and its earlier copies from whoever should not read them."""
    real = Path(os.path.realpath(path))
    files = [Path(f"{real}{suffix}") for suffix in _BESIDE]
    copies = sorted(real.parent.glob(f"{real.name}.before-*")) if real.parent.is_dir() else []
    results = (_tightened(file) for file in [*files, *copies])
    return [tightened for tightened in results if tightened is not None]


def _tightened(path: Path) -> Tightened | None:
    try:
        before = S_IMODE(path.stat().st_mode)
    except OSError:
        return None  # none there, or gone by now
    if before & ~private(before) & 0o077 == 0:
        return None
    try:
        path.chmod(private(before))
    except OSError:
        return Tightened(path, before, done=False)
    return Tightened(path, before, done=True)
