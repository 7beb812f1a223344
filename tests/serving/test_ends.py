"""How a server ends, and what becomes of its workers."""

import os
import signal
from pathlib import Path

import pytest

from tests.servers import LIMIT, children, wait_for
from tests.serving.clients import START, connections, exchange, head, held, read
from tests.serving.conftest import Served

pytestmark = pytest.mark.slow


def test_sigterm_answers_what_is_under_way(doomed: Served) -> None:
    """Those who wait when the server is told to end are still answered, and then it ends."""
    with held(doomed.database) as holder, connections(doomed.port, START, 4) as waiting:
        exchange(doomed.port, head("GET", "/healthz"))
        doomed.process.send_signal(signal.SIGTERM)
        holder.execute("ROLLBACK")
        assert {read(each).status for each in waiting} == {303}
    doomed.process.communicate(timeout=LIMIT)
    assert doomed.process.returncode == 0


def test_a_killed_worker_is_replaced(doomed: Served) -> None:
    """Kill -9 of the only worker: another one answers."""
    (worker,) = workers(doomed)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: is_answered(doomed.port) or None, "no other worker answers")
    (another,) = workers(doomed)
    assert another != worker


def test_workers_end_with_their_server(doomed: Served) -> None:
    """Kill -9 of the server: its worker ends too, and nobody answers on its port any more."""
    processes = children(doomed.process.pid)
    assert processes
    doomed.process.kill()
    doomed.process.wait()
    wait_for(lambda: not any(map(is_there, processes)) or None, "a worker is still there")


def workers(served: Served) -> list[int]:
    """Return the workers of a server that run."""
    return [pid for pid in children(served.process.pid) if is_there(pid) and is_worker(pid)]


def is_worker(pid: int) -> bool:
    """Tell a worker from multiprocessing's own helper."""
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def is_there(pid: int) -> bool:
    """Tell whether a process runs: one that ended and that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_answered(port: int) -> bool:
    """Tell whether a page is answered, where there may be nobody yet who does."""
    try:
        return exchange(port, head("GET", "/q/coffee")).status == 200
    except (OSError, AssertionError):
        return False
