"""Starting real servers on the loopback for a test, and ending them."""

import itertools
import os
import select
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar
from urllib.error import URLError

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer

LIMIT = 120  # seconds: many times what the busiest machine needs; only what never comes takes so long

T = TypeVar("T")

THREADS = 32  # fewer than an engine on SQLite keeps connections, of which it would close one that is in use


def few_threads(server: BaseWSGIServer) -> BaseWSGIServer:
    """Let a threaded server of werkzeug answer with a few threads that stay, and not with one more each time."""
    assert isinstance(server, ThreadedWSGIServer)
    waiting = SimpleQueue[tuple[Any, Any]]()

    def answer() -> None:
        while True:
            server.process_request_thread(*waiting.get())

    for _ in range(THREADS):
        Thread(target=answer, daemon=True).start()
    server.process_request = lambda request, client_address: waiting.put((request, client_address))  # type: ignore[method-assign]
    return server


@contextmanager
def started(*command: str, cwd: Path, env: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a server and give its process and what it said until it was about to serve; it is ended at the end."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Serving" in line or "Booting worker" in line:
                break
        yield process, said
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT)


def free_port() -> int:
    """Return a port that nobody listens on and that no other test is given before its server does.

    The system's own choice would come back to another test, or as the near end of anybody's connection,
    before the server of this test has started: these are of a range that it never chooses from.
    """
    for port in _PORTS:
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port of this test process is free")


def _ports() -> Iterator[int]:
    """Give the ports of this test process: a thousand for each, below those that Linux takes for connections."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 12_000 + 1_000 * (worker % 20)
    return itertools.chain(range(first + os.getpid() % 500, first + 1_000), range(first, first + 500))


_PORTS = _ports()


def get(url: str) -> tuple[int, str]:
    """Fetch a page of a server that is starting: refused connections are tried again."""

    def answer() -> tuple[int, str] | None:
        try:
            with urllib.request.urlopen(url, timeout=LIMIT) as response:
                return response.status, response.read().decode()
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            return None

    return wait_for(answer, f"{url} does not answer")


def wait_for(happened: Callable[[], T | None], otherwise: str) -> T:
    """Return what a question says once it says something, asked again and again until the limit.

    A test waits for what must happen, and as long as the slowest machine may need for it; it never waits a time.
    """
    until, pause = time.monotonic() + LIMIT, 0.01
    while (answer := happened()) is None:
        assert time.monotonic() < until, otherwise
        select.select([], [], [], pause)
        pause = min(1.5 * pause, 0.1)  # whoever asks all the time takes the processor from what is waited for
    return answer


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
