"""Lanes: one thread each, which runs one request after the other, behind a queue of bounded length."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from quizfunnel.serving.limits import QueueLimit

T = TypeVar("T")


class LaneFullError(Exception):
    """No more work is taken now."""


class WaitedTooLongError(Exception):
    """The work was not begun in time, and never will be."""


class Job:
    """One piece of work, which either its lane begins or somebody calls off: whoever takes it first."""

    __slots__ = ("_taken", "arrived", "future", "work")

    def __init__(self, work: Callable[[], Any], future: "asyncio.Future[Any]", arrived: float) -> None:
        """Take work that came at `arrived`, by the monotonic clock, and the future that awaits its result."""
        self.work, self.future, self.arrived = work, future, arrived
        self._taken = threading.Lock()

    def take(self) -> bool:
        """Tell whether the job is the caller's; it is nobody else's from then on."""
        return self._taken.acquire(blocking=False)


class Lane:
    """A thread and its queue; everything but the work itself happens in the event loop."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop, limit: QueueLimit) -> None:
        """Start the thread; it ends with the process at the latest."""
        self.name, self._loop, self._limit = name, loop, limit
        self._under_way = 0
        self._begun = 0.0  # when the thread last took a piece of work, by the monotonic clock
        self._waiting: deque[Job] = deque()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        threading.Thread(target=self._run, name=f"lane-{name}", daemon=True).start()

    async def do(self, work: Callable[[], T], *, arrived: float) -> T:
        """Return what `work` returns; raise LaneFullError or WaitedTooLongError where it was not begun."""
        if self._under_way >= self._limit.length:
            raise LaneFullError(self.name)
        job = Job(work, self._loop.create_future(), arrived)
        self._under_way += 1
        self._waiting.append(job)
        self._jobs.put(job)
        try:
            result: T = await job.future
        finally:
            self._under_way -= 1
            while self._waiting and self._waiting[0].future.done():
                self._waiting.popleft()
        return result

    def call_off(self, *, now: float) -> None:
        """Call off the jobs that have waited too long and have not begun: in a rush sooner than behind a held one."""
        moving = now - self._begun < self._limit.rush / 2
        seconds = self._limit.rush if moving else self._limit.seconds
        while self._waiting and self._waiting[0].arrived <= now - seconds:
            job = self._waiting.popleft()
            if job.take():
                del job.work  # its request's body would stay until the thread comes by
                _settle(job.future, None, WaitedTooLongError(self.name))

    def end(self) -> None:
        """End the thread after what it has begun."""
        self._jobs.put(None)

    def _run(self) -> None:
        while job := self._jobs.get():
            if not job.take():
                continue
            self._begun = time.monotonic()
            try:
                result = job.work()
            except BaseException as error:  # noqa: BLE001 - whoever awaits the work is told
                self._loop.call_soon_threadsafe(_settle, job.future, None, error)
            else:
                self._loop.call_soon_threadsafe(_settle, job.future, result, None)


def _settle(future: "asyncio.Future[Any]", result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
