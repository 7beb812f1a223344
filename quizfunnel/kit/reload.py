"""Hot reload: a value made from files, looked at again at most once a second by one thread at a time."""

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.files import Stamp, stamp

LOOK_AGAIN_MS = 1000
ASK_AGAIN: Stamp = (-1, -1, -1)  # differs from every file's, so that the next look reads again

T = TypeVar("T")


class _Look(NamedTuple, Generic[T]):
    value: T
    at_ms: int


class Reloaded(Generic[T]):
    """A value with the function that makes it from the one before; safe to share between threads.

    Only the very first look makes others wait; later ones are given the value as it is meanwhile.
    """

    def __init__(self, clock: Clock, refresh: Callable[[T | None], T]) -> None:
        """Take the function, which is given None at first; what it raises is raised by `current`."""
        self._clock = clock
        self._refresh = refresh
        self._look: _Look[T] | None = None
        self._lock = Lock()

    def current(self) -> T:
        """Return the value, made again where the last look is a second ago."""
        now = self._clock.monotonic_ms()
        look = self._look
        if look is not None and (_is_fresh(look, now) or not self._lock.acquire(blocking=False)):
            return look.value
        if look is None:
            self._lock.acquire()
        try:
            look = self._look
            if look is None or not _is_fresh(look, now):
                look = self._look = _Look(self._refresh(look.value if look else None), now)
            return look.value
        finally:
            self._lock.release()


def unchanged(stamps: Mapping[Path, Stamp]) -> bool:
    """Tell whether every file is as it was when its stamp was taken."""
    return all(stamp(path) == before for path, before in stamps.items())


def _is_fresh(look: _Look[T], now_ms: int) -> bool:
    return 0 <= now_ms - look.at_ms < LOOK_AGAIN_MS  # a clock that went backwards makes it look again
