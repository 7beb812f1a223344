"""Starting real servers on the loopback for a test, and ending them."""

import os
import select
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError


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
            if line.startswith("Serving") or "Booting worker" in line:
                break
        yield process, said
    finally:
        process.terminate()
        process.communicate(timeout=20)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    """Fetch a page of a server that is starting: refused connections are tried again for ten seconds."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=20) as response:
                return response.status, response.read().decode()
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            select.select([], [], [], 0.05)
    raise AssertionError(f"{url} does not answer")


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
