"""Clocks: the program's time, which tests and the demo can bring themselves; and milliseconds since 1970."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _boot_id() -> str:
    """Name this run of the machine: monotonic readings compare only within one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()[:13]
    except OSError:
        return secrets.token_hex(6)


class Clock(Protocol):
    """A wall clock and a monotonic one, with the name of the boot the latter belongs to."""

    @property
    def boot(self) -> str:
        """Name the boot within which `monotonic_ms` readings can be compared."""
        ...

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds on a clock that never goes back within one boot."""
        ...


class SystemClock:
    """The machine's clocks; CLOCK_MONOTONIC is shared by every process of one boot."""

    boot = _boot_id()

    def now(self) -> datetime:
        """Return the machine's wall time in UTC."""
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        """Return CLOCK_MONOTONIC in milliseconds."""
        return time.monotonic_ns() // 1_000_000


class SetClock:
    """A clock that stands still until it is set or advanced."""

    boot = "set-clock"

    def __init__(self, at: datetime) -> None:
        """Start at `at`, an aware moment."""
        self._at = at.astimezone(UTC)
        self._zero = self._at

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._at

    def monotonic_ms(self) -> int:
        """Return milliseconds since the clock was made."""
        return int((self._at - self._zero).total_seconds() * 1000)

    def set(self, at: datetime) -> None:
        """Move to `at`, forwards or back."""
        self._at = at.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Move forwards by `seconds`."""
        self._at += timedelta(seconds=seconds)


def to_millis(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970, the remainder cut off."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_millis(milliseconds: int) -> datetime:
    """Return the moment, in UTC, that lies so many milliseconds after 1970 began."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
