"""Patience: how long work may wait for the database, counted from the arrival of the request that it is for."""

import threading
import time

WAIT_SECONDS = 2.0  # until the shopper is told to try again


class _Arrival(threading.local):
    arrived: float | None = None


_current = _Arrival()


def begin(arrived: float | None) -> None:
    """Let this thread's waiting count from `arrived` by the monotonic clock; None: from each wait's own beginning."""
    _current.arrived = arrived


def until() -> float:
    """Return the moment of the monotonic clock at which this thread waits no more."""
    arrived = _current.arrived
    return (time.monotonic() if arrived is None else arrived) + WAIT_SECONDS
