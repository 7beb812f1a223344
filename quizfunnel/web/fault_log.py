"""Fault log: one line a fault, and the same fault at most once a minute.

Whoever can cause a fault can cause it ten thousand times, and a log that is full tells nothing. A line names
types and places of the code, never a message or a value: these may hold what a shopper wrote.
"""

import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from threading import Lock

import quizfunnel

SECONDS = 60.0
_MOST_KEYS = 256
_PACKAGE = str(Path(quizfunnel.__file__).parent)


class FaultLog:
    """Rate-limited log of one module."""

    def __init__(self, log: logging.Logger, *, now: Callable[[], float] = time.monotonic) -> None:
        """Write to `log`."""
        self._log, self._now = log, now
        self._written: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def fault(self, error: BaseException, *, at: str) -> None:
        """Write an error that nobody expected, by where it was raised."""
        self._write(logging.ERROR, (at, *places(error)), f"unexpected {chain(error)} at {at}: {trail(error)}")

    def line(self, key: Hashable, line: str) -> None:
        """Write a line of words; `key` is what makes another one the same."""
        self._write(logging.WARNING, key, line)

    def over(self, line: str, *keys: Hashable) -> None:
        """Write that the faults of some keys are over; the next one of them is written at once, and not kept back."""
        with self._lock:
            for key in keys:
                self._written.pop(key, None)
        self._log.warning("%s", " ".join(line.split()))

    def _write(self, level: int, key: Hashable, line: str) -> None:
        unsaid = self._take(key)
        if unsaid is not None:
            more = f" (and {unsaid} times more since the last such line)" if unsaid else ""
            self._log.log(level, "%s%s", " ".join(line.split()), more)

    def _take(self, key: Hashable) -> int | None:
        """Return how many lines of `key` were kept back before this one, None where it is kept back itself."""
        with self._lock:
            written, unsaid = self._written.get(key, (-SECONDS, 0))
            now = self._now()
            if now - written < SECONDS:
                self._written[key] = (written, unsaid + 1)
                return None
            self._written[key] = (now, 0)
            self._written.move_to_end(key)
            while len(self._written) > _MOST_KEYS:
                self._written.popitem(last=False)
            return unsaid


def trail(error: BaseException) -> str:
    """Return the way to an error: the package's own calls, outermost first, and the last one of all."""
    return " > ".join(places(error)) or "no place"


def places(error: BaseException) -> tuple[str, ...]:
    """Return the lines of code that an error came through: file, line, function."""
    lines = list(_lines(error))
    return tuple(place for number, (own, place) in enumerate(lines) if own or number == len(lines) - 1)


def chain(error: BaseException) -> str:
    """Return an error's type, and those of its causes."""
    cause = error.__cause__ or error.__context__
    return type(error).__name__ + (f" after {type(cause).__name__}" if cause else "")


def _lines(error: BaseException) -> Iterator[tuple[bool, str]]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        own = file.startswith(_PACKAGE)
        yield own, f"{file[len(_PACKAGE) + 1 :] if own else Path(file).name}:{line} {name}"
