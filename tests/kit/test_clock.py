"""Clocks and ids."""

from datetime import UTC, datetime, timedelta, timezone

from quizfunnel.kit.clock import SetClock, SystemClock
from quizfunnel.kit.ids import is_id, new_id
from tests.cast import NOON


def test_a_set_clock_stands_still() -> None:
    """It moves only when told, and its monotonic reading follows."""
    clock = SetClock(NOON)
    assert (clock.now(), clock.monotonic_ms()) == (NOON, 0)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic_ms()) == (NOON + timedelta(seconds=1.5), 1500)
    clock.set(NOON - timedelta(hours=1))
    assert clock.now() == NOON - timedelta(hours=1)


def test_a_set_clock_speaks_utc() -> None:
    """Whatever zone it is set in, it answers in UTC."""
    there = datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    assert SetClock(there).now() == NOON
    assert SetClock(there).now().tzinfo is UTC


def test_the_systems_clocks_agree_on_their_boot() -> None:
    """Two of them read one monotonic clock, so their readings compare."""
    first, second = SystemClock(), SystemClock()
    assert first.boot == second.boot != ""
    assert first.monotonic_ms() <= second.monotonic_ms()
    assert first.now().tzinfo is UTC


def test_ids_cannot_be_guessed_and_are_known_as_such() -> None:
    """128 random bits each; anything else is no id."""
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(is_id(each) for each in ids)
    for other in (None, 5, "", "a" * 31, "A" * 32, "a" * 32 + "\n", "../../etc/passwd"):
        assert not is_id(other)
