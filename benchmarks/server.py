"""Servers under test: each its own process tree, port and folder; CPU read from /proc over the whole tree."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from quizfunnel.serving import limits

_TICK = os.sysconf("SC_CLK_TCK")
_COMMON = [
    *("--http", "1", "--no-ws", "--factory", "--log-level", "error"),
    *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
]
FLAGS = {
    "asgi": [  # as `quizfunnel serve` has them
        *("--interface", "asgi", "--backlog", str(limits.CONNECTIONS), "--backpressure", str(limits.CONNECTIONS)),
        *("--http1-header-read-timeout", str(int(limits.HEAD_SECONDS * 1000))),
        *("--http1-buffer-size", str(limits.HEAD_BYTES)),
    ],
    "wsgi": ["--interface", "wsgi", "--blocking-threads", "1"],  # as it had them before there was a bridge
}


class Server(NamedTuple):
    """A running server: its process id and its port on 127.0.0.1."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Return the CPU time that the whole process tree has used so far."""
        return sum(_cpu(pid) for pid in tree(self.pid))

    def workers(self) -> int:
        """Count the processes below the main one."""
        return len(tree(self.pid)) - 1

    def memory_bytes(self) -> list[int]:
        """Return the resident memory of each process of the tree."""
        return [_resident(pid) for pid in tree(self.pid)]


@contextmanager
def running(
    factory: str, env: Mapping[str, str], *, workers: int = 2, first: str = "/", interface: str = "asgi"
) -> Iterator[Server]:
    """Start granian with the product's own flags on `factory` and end it at the close."""
    port = free_port()
    flags = [*_COMMON, *FLAGS[interface], "--workers", str(workers), "--host", "127.0.0.1"]
    command = [sys.executable, "-m", "granian", *flags]
    process = subprocess.Popen([*command, "--port", str(port), factory], env={**os.environ, **env})
    try:
        _await(process, port, first)
        yield Server(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """Return `pid` and every process below it."""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        if children.exists():
            found.extend(int(child) for child in children.read_text().split())
    return found


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no answer on port {port} within 30 s")


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
