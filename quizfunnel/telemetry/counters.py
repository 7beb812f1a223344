"""Prometheus counters of this server, kept so that counting costs a request next to nothing.

What happens is put on a list, which threads may do at once, and added up later: by the worker's tick, or when somebody
asks. A label has only values that the code, the store's files or its settings know, never what a client sent.
"""

import os
import threading
from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

SHORTEST_WAIT = 0.001  # seconds; below it there was nothing to wait for
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
OTHER, NO_ROUTE = "other", "none"
_MOST_EVENTS = 5_000  # on the list, where nobody ticks

Key: TypeAlias = tuple[str, ...]
Sums: TypeAlias = dict[Key, list[float]]


class Family(NamedTuple):
    """Counter, or with bounds a histogram: its name without ours, in words, its labels."""

    name: str
    says: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...] = ()


REQUESTS = Family("requests", "Requests that the application answered.", ("method", "route", "status"))
SECONDS = Family(
    "request_seconds", "Time that the application took.", ("route",), (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
)
REFUSED = Family(
    "refused", "Requests that no page saw: busy (503), slow (408), large (413), chunks (411).", ("status",)
)
ANSWERS = Family("answers", "Answers that were recorded.", ("quiz",))
DRAWN = Family("drawn", "Visitors for whom an arm was drawn.", ("quiz", "experiment", "arm"))
WAITS = Family(
    "database_wait_seconds",
    "Waits of over a millisecond for a connection, or for the turn to write.",
    ("for",),
    (0.005, 0.01, 0.05, 0.1, 0.5, 1, 2),
)
AWAY = Family("database_away", "Times that the database was locked, full or out of reach.", ("for",))
FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family for family in (REQUESTS, SECONDS, REFUSED, ANSWERS, DRAWN, WAITS, AWAY)
}

_events: list[tuple[Family, Key, float]] = []
_sums: Sums = {}  # by name and labels: the sum; of a histogram also how many fell below each bound, and above all
_adding = threading.Lock()


def count(family: Family, *labels: str) -> None:
    """Count one event."""
    _happened(family, labels, 1.0)


def took(family: Family, seconds: float, *labels: str) -> None:
    """Count one event of a histogram by its time."""
    _happened(family, labels, seconds)


def waited(seconds: float, what: str) -> None:
    """Count a wait for the database, unless it was none."""
    if seconds > SHORTEST_WAIT:
        took(WAITS, seconds, what)


def _happened(family: Family, labels: Key, value: float) -> None:
    _events.append((family, labels, value))
    if len(_events) > _MOST_EVENTS:
        sums()


def sums() -> Sums:
    """Add up what happened and return this process's sums."""
    with _adding:
        events = _events[:]
        del _events[: len(events)]
        for family, labels, value in events:
            key = (family.name, *labels)
            row = _sums.get(key)
            if row is None:
                row = _sums[key] = [0.0] * (len(family.bounds) + 2 if family.bounds else 1)
            row[0] += value
            if family.bounds:
                row[1 + bisect_left(family.bounds, value)] += 1
        return {key: row[:] for key, row in _sums.items()}


def _forget() -> None:
    """Begin anew in a process that was forked from another, whose counts are its own."""
    global _adding  # noqa: PLW0603 - another thread of the parent may have held it
    _adding = threading.Lock()
    _events.clear()
    _sums.clear()


os.register_at_fork(after_in_child=_forget)


class _Transaction(threading.local):
    """Events to be counted once this thread's transaction is committed, None where it is in none."""

    waiting: list[tuple[Family, Key]] | None = None


_transaction = _Transaction()


def once_committed(family: Family, *labels: str) -> None:
    """Count one event when the transaction that is under way is committed, and not where it fails."""
    if _transaction.waiting is None:
        count(family, *labels)
    else:
        _transaction.waiting.append((family, labels))


class AtCommit:
    """Transaction for which events wait: counted where it ends well, forgotten where it fails.

    One within another is part of it.
    """

    __slots__ = ("_is_outer",)

    def __enter__(self) -> None:
        """Begin."""
        self._is_outer = _transaction.waiting is None
        if self._is_outer:
            _transaction.waiting = []

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        """Count or forget what waited."""
        if self._is_outer:
            waiting, _transaction.waiting = _transaction.waiting or (), None
            for family, labels in waiting if kind is None else ():
                count(family, *labels)
