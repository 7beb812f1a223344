"""Whose turn it is to write to an SQLite file: a lock that is waited for in fractions of a millisecond.

SQLite's own waiting sleeps 1, 2, 5, 10 and up to 100 ms between tries, so that under load a few
answers waited a quarter of a second while the file was free. Writers of this program take their turn
first and then find the file free; SQLite's lock stays the one that keeps the data safe. The system
gives the turn back when a process is killed.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system: SQLite's own waiting does
    fcntl = None  # type: ignore[assignment]

_SHORTEST, _LONGEST = 0.0001, 0.002  # seconds between two tries


class WriteLock:
    """One connection's handle on the turn; `path` is a file beside the database."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where it is not there."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, seconds: float) -> None:
        """Wait for the turn, at most `seconds`; go on without it after that, and SQLite decides."""
        if fcntl is None:  # pragma: no cover - as above
            return
        pause, until = _SHORTEST, time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST)
            else:
                return

    def give(self) -> None:
        """Let the next one write."""
        if fcntl is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file, which gives the turn back too."""
        with suppress(OSError):
            os.close(self._handle)
