"""Lanes: every piece of work is begun once, in its order, or called off and never begun."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.serving.lanes import Lane, LaneFullError, WaitedTooLongError
from quizfunnel.serving.limits import QueueLimit

PLENTY = QueueLimit(1_000, seconds=10.0, rush=10.0)


@pytest.mark.thorough
@given(ages=st.lists(st.integers(0, 20), max_size=30))
def test_what_is_called_off_never_runs_and_all_else_does(ages: list[int]) -> None:
    """Behind work that is held: what waits longer than the limit is told so, the rest runs in its order."""
    ages = sorted(ages, reverse=True)
    ran: list[int] = []
    gate, held_up = threading.Event(), threading.Event()

    def hold() -> None:
        held_up.set()
        gate.wait()

    async def play() -> list[object]:
        lane = Lane("x", asyncio.get_running_loop(), PLENTY)
        held = asyncio.ensure_future(lane.do(hold, arrived=-100.0))
        await asyncio.to_thread(held_up.wait)
        jobs = [
            asyncio.ensure_future(lane.do(lambda number=number: ran.append(number), arrived=100 - age))  # type: ignore[misc]
            for number, age in enumerate(ages)
        ]
        await asyncio.sleep(0)
        lane.call_off(now=100.0)
        lane.call_off(now=100.0)
        gate.set()
        told = await asyncio.gather(*jobs, return_exceptions=True)
        await held
        lane.end()
        return list(told)

    told = asyncio.run(play())
    late = [number for number, age in enumerate(ages) if age >= PLENTY.seconds]
    assert ran == [number for number in range(len(ages)) if number not in late]
    assert [number for number, each in enumerate(told) if isinstance(each, WaitedTooLongError)] == late


def test_a_full_lane_says_so_and_has_room_again() -> None:
    """What is under way counts, what is done does not."""

    async def play() -> None:
        gate = threading.Event()
        lane = Lane("x", asyncio.get_running_loop(), QueueLimit(2, 10.0, 10.0))
        two = [asyncio.ensure_future(lane.do(gate.wait, arrived=0.0)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(LaneFullError):
            await lane.do(gate.wait, arrived=0.0)
        gate.set()
        assert await asyncio.gather(*two) == [True, True]
        assert await lane.do(gate.wait, arrived=0.0)
        lane.end()

    asyncio.run(play())


def test_a_rush_is_refused_sooner_than_who_waits_behind_a_held_one() -> None:
    """Where work goes on, the limit of a rush holds; where it stands still, the longer one."""

    async def play() -> None:
        gate, held_up = threading.Event(), threading.Event()
        lane = Lane("x", asyncio.get_running_loop(), QueueLimit(10, seconds=100.0, rush=40.0))
        held = asyncio.ensure_future(lane.do(lambda: held_up.set() or gate.wait(), arrived=0.0))  # type: ignore[func-returns-value]
        await asyncio.to_thread(held_up.wait)
        begun = lane._begun
        behind = asyncio.ensure_future(lane.do(gate.is_set, arrived=begun - 50))
        await asyncio.sleep(0)
        lane.call_off(now=begun + 21)  # nothing was begun for half a rush: it stands still
        await asyncio.sleep(0)
        assert not behind.done()
        lane.call_off(now=begun + 1)
        with pytest.raises(WaitedTooLongError):
            await behind
        gate.set()
        assert await held
        lane.end()

    asyncio.run(play())


def test_what_work_raises_is_raised_to_whoever_awaits_it() -> None:
    """And the lane goes on."""

    async def play() -> None:
        lane = Lane("x", asyncio.get_running_loop(), PLENTY)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await lane.do(lambda: 1 / 0, arrived=0.0)
        lane.end()

    asyncio.run(play())


def test_work_whose_awaiter_has_gone_is_done_all_the_same() -> None:
    """A client may leave after it has sent its answer: the answer counts."""

    async def play() -> None:
        gate, done = threading.Event(), threading.Event()
        lane = Lane("x", asyncio.get_running_loop(), PLENTY)
        gone = asyncio.ensure_future(lane.do(gate.wait, arrived=0.0))
        other = asyncio.ensure_future(lane.do(done.set, arrived=0.0))
        await asyncio.sleep(0)
        gone.cancel()
        other.cancel()
        gate.set()
        assert await lane.do(done.is_set, arrived=0.0)
        lane.end()

    asyncio.run(play())
