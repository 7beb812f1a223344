"""Clients on raw sockets of 127.0.0.1, which send and read as little as they like."""

import select
import socket
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

PATIENCE = 60.0  # seconds after which a test gives up on a busy machine
ORIGIN = "Sec-Fetch-Site: same-origin"
FORM = "Content-Type: application/x-www-form-urlencoded"


class Reply(NamedTuple):
    """One response as it came; `closed` where the server ended the connection after it."""

    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool


def head(method: str, path: str, *lines: str) -> bytes:
    """Return a request's head."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode("latin-1")


START = head("POST", "/q/coffee/start", ORIGIN, FORM, "Content-Length: 3", "Connection: close") + b"a=b"


@contextmanager
def held(database: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock as another program would."""
    holder = sqlite3.connect(database, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield holder
    finally:
        holder.close()


@contextmanager
def connections(port: int, sent: bytes, count: int = 1) -> Iterator[list[socket.socket]]:
    """Give `count` connections, on each of which `sent` has been sent; they are closed at the end."""
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(count)]
        for each in opened:
            each.sendall(sent)
        yield opened


def exchange(port: int, sent: bytes) -> Reply:
    """Send bytes on a connection of their own and return the response."""
    with connections(port, sent) as (one,):
        return read(one, bodiless=sent.startswith(b"HEAD "))


def quickest(port: int, sent: bytes) -> float:
    """Return the seconds that the quickest of three answers took: the machine may be busy for one of them."""
    taken = []
    for _ in range(3):
        begun = time.monotonic()
        assert exchange(port, sent).status == 200
        taken.append(time.monotonic() - begun)
    return min(taken)


def read(one: socket.socket, *, bodiless: bool = False) -> Reply:
    """Read a response, and whether the connection ended with it; a 100 Continue before it is skipped."""
    stream = one.makefile("rb")
    status, headers = _head(stream.readline(), stream)
    if status == 100:
        status, headers = _head(stream.readline(), stream)
    body = b"" if bodiless else stream.read(int(headers.get("content-length", 0)))
    return Reply(status, headers, body, headers.get("connection") == "close" and stream.read(1) == b"")


def heard(waiting: Sequence[socket.socket], seconds: float = 0.0) -> list[socket.socket]:
    """Return the connections on which the server has sent something or which it has ended."""
    poll = select.poll()
    by_number = {each.fileno(): each for each in waiting}
    for number in by_number:
        poll.register(number, select.POLLIN)
    return [by_number[number] for number, _ in poll.poll(seconds * 1000)]


def wait_for_all(waiting: Sequence[socket.socket]) -> None:
    """Return when the server has been heard on each connection, or fail."""
    silent = list(waiting)
    while silent:
        spoke = heard(silent, PATIENCE)
        assert spoke, f"{len(silent)} connections are left as they are"
        silent = [each for each in silent if each not in spoke]


def _head(first: bytes, stream: object) -> tuple[int, dict[str, str]]:
    assert first, "the server ended the connection without a response"
    headers: dict[str, str] = {}
    while line := stream.readline().strip():  # type: ignore[attr-defined]
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return int(first.split()[1]), headers
