"""Hot reload: made again when it is due, by one thread, while the others are served."""

import threading
from pathlib import Path

import pytest

from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.files import stamp
from quizfunnel.kit.reload import ASK_AGAIN, Reloaded, unchanged
from tests.cast import NOON

LIMIT = 30


def _counted(before: int | None) -> int:
    return 0 if before is None else before + 1


def test_it_is_made_again_once_a_second_at_most() -> None:
    """The function is given the value before; within a second it is not called."""
    clock = SetClock(NOON)
    reloaded = Reloaded(clock, _counted)
    assert [reloaded.current(), reloaded.current()] == [0, 0]
    clock.advance(0.999)
    assert reloaded.current() == 0
    clock.advance(0.001)
    assert [reloaded.current(), reloaded.current()] == [1, 1]


def test_what_the_function_raises_is_raised_and_the_value_stays() -> None:
    """The next look asks again at once."""
    clock = SetClock(NOON)
    broken = [False, True, True, False]

    def refresh(before: int | None) -> int:
        if broken.pop(0):
            raise OSError
        return _counted(before)

    reloaded = Reloaded(clock, refresh)
    assert reloaded.current() == 0
    clock.advance(1)
    for _ in range(2):
        with pytest.raises(OSError, match=r"^$"):
            reloaded.current()
    assert reloaded.current() == 1


def test_only_the_first_look_makes_others_wait() -> None:
    """Two threads at the first look get one value; at a later one the second gets the value before."""
    clock = SetClock(NOON)
    begun, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def refresh(before: int | None) -> int:
        begun.set()
        assert go_on.wait(LIMIT)
        return _counted(before)

    reloaded = Reloaded(clock, refresh)
    threads = [threading.Thread(target=lambda: made.append(reloaded.current())) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(LIMIT)
    assert made == []
    go_on.set()
    for thread in threads:
        thread.join(LIMIT)
    assert made == [0, 0]

    begun.clear()
    go_on.clear()
    clock.advance(1)
    slow = threading.Thread(target=lambda: made.append(reloaded.current()))
    slow.start()
    assert begun.wait(LIMIT)
    assert reloaded.current() == 0
    go_on.set()
    slow.join(LIMIT)
    assert made == [0, 0, 1]


def test_a_changed_a_new_and_a_gone_file_differ(tmp_path: Path) -> None:
    """A path that no file can have counts as none."""
    path, other, odd = tmp_path / "a", tmp_path / "b", tmp_path / "\0"
    path.write_text("1")
    stamps = {file: stamp(file) for file in (path, other, odd)}
    assert unchanged(stamps)
    other.write_text("2")
    assert not unchanged(stamps)
    other.unlink()
    assert unchanged(stamps)
    path.unlink()
    assert not unchanged(stamps)
    assert not unchanged({path: ASK_AGAIN})
