"""Patience: how long work may wait for the database, counted from the arrival of the request that it is for."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

WAIT_SECONDS = 2.0  # until the shopper is told to try again


class _Arrival(threading.local):
    arrived: float | None = None
    end: float = math.inf


_current = _Arrival()


def begin(arrived: float | None) -> None:
    """Let this thread's waiting count from `arrived` by the monotonic clock; None: from each wait's own beginning."""
    _current.arrived = arrived


def until() -> float:
    """Return the moment of the monotonic clock at which this thread waits no more."""
    arrived = _current.arrived
    return min(_current.end, (time.monotonic() if arrived is None else arrived) + WAIT_SECONDS)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let what this thread waits for within end `seconds` from now at the latest."""
    _current.end = time.monotonic() + seconds
    try:
        yield
    finally:
        _current.end = math.inf
