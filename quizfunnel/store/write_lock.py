"""Write lock of an SQLite file: advisory, and waited for in fractions of a millisecond.

SQLite's own waiting sleeps 1, 2, 5, 10 and up to 100 ms between tries, so that under load a few
answers waited a quarter of a second while the file was free. Writers of this program take this lock
first and then find the file free; SQLite's own lock stays the one that keeps the data safe. The system
releases it when a process is killed.
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
    """One connection's handle on the lock; `path` is a file beside the database."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where it is not there."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, seconds: float) -> None:
        """Wait for the lock, at most `seconds`; go on without it after that, and SQLite decides."""
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

    def release(self) -> None:
        """Let the next one write."""
        if fcntl is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file, which releases the lock too."""
        with suppress(OSError):
            os.close(self._handle)
