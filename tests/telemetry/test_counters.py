"""Laws of the counters: what waits for a commit, what counts as a wait, and that no event is lost."""

import multiprocessing
import threading
from collections.abc import Callable

import pytest

from quizfunnel.telemetry import counters
from quizfunnel.telemetry.counters import ANSWERS, DRAWN, FAMILIES, WAITS, AtCommit, count, once_committed, waited


def more(happens: Callable[[], object], *key: str) -> float:
    """Return by how much the first sum of some labels is more after something has happened."""
    before = counters.sums().get(key, [0.0])[0]
    happens()
    return counters.sums().get(key, [0.0])[0] - before


def test_a_draw_counts_once_it_is_committed() -> None:
    """Nothing while the transaction is under way, and one after it; a transaction within is part of it."""

    def within() -> None:
        with AtCommit():
            once_committed(DRAWN, "coffee", "spring", "first")

    with AtCommit():
        assert more(within, "drawn", "coffee", "spring", "first") == 0

    def draw() -> None:
        with AtCommit():
            within()

    assert more(draw, "drawn", "coffee", "spring", "first") == 1


def test_a_draw_that_was_rolled_back_never_was() -> None:
    """A transaction that fails leaves no count, also none for the next one."""

    def fail() -> None:
        with AtCommit():
            once_committed(DRAWN, "coffee", "spring", "second")
            raise ValueError

    def both() -> None:
        with pytest.raises(ValueError, match=r"^$"):
            fail()
        with AtCommit():
            pass

    assert more(both, "drawn", "coffee", "spring", "second") == 0


def test_only_a_wait_is_a_wait() -> None:
    """What took no millisecond was at once; what took longer is counted by its time."""

    def waits() -> None:
        waited(0.0009, "a test")
        waited(0.02, "a test")

    assert more(waits, "database_wait_seconds", "a test") == pytest.approx(0.02)
    row = counters.sums()["database_wait_seconds", "a test"]
    assert row[1 + WAITS.bounds.index(0.05)] >= 1
    assert len(row) == len(WAITS.bounds) + 2


def test_threads_lose_no_event() -> None:
    """Four threads count while a fifth adds up."""

    def busy() -> None:
        for _ in range(5_000):
            count(ANSWERS, "busy")

    def run() -> None:
        threads = [threading.Thread(target=busy) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            counters.sums()
        for thread in threads:
            thread.join()

    assert more(run, "answers", "busy") == 20_000


def test_events_do_not_pile_up_where_nobody_adds_them() -> None:
    """Whatever is counted, and not only what takes time: a process may have no tick, and be asked for no sums."""

    def many() -> None:
        for _ in range(12_000):
            count(DRAWN, "coffee", "spring", "piled")
        assert len(counters._events) < 10_000

    assert more(many, "drawn", "coffee", "spring", "piled") == 12_000


def test_a_forked_process_begins_at_nothing() -> None:
    """Its parent's events are its parent's, or each worker would give them once more."""
    count(ANSWERS, "of the parent")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(counters.sums) == {}
    assert ("answers", "of the parent") in counters.sums()


def test_families_are_named_once() -> None:
    """Each name is one family's, and a histogram's bounds rise."""
    assert all(family.name == name for name, family in FAMILIES.items())
    assert all(list(family.bounds) == sorted(set(family.bounds)) for family in FAMILIES.values())
