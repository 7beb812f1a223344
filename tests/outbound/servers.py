"""Servers of one answer, byte for byte as a test wants it: an honest library would not send most of these."""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import NamedTuple

Speak = Callable[[socket.socket], None]


class Listening(NamedTuple):
    """A server on the loopback; `heard` are the requests that reached it."""

    port: int
    heard: list[bytes]


@contextmanager
def speaking(speak: Speak, tls: ssl.SSLContext | None = None, *, hears: bool = True) -> Iterator[Listening]:
    """Start a server that says what it is told to, to each who connects, once it `hears` the head of a request."""
    listener = socket.create_server(("127.0.0.1", 0))
    there = Listening(listener.getsockname()[1], [])

    def serve() -> None:
        with suppress(OSError):  # once the listener is closed
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), plain:
                    connection = tls.wrap_socket(plain, server_side=True) if tls else plain
                    if hears:
                        there.heard.append(_head(connection))
                    speak(connection)
                    connection.close()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=30)


def saying(*parts: bytes) -> Speak:
    """Say these bytes, and end."""

    def speak(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return speak


def endless(first: bytes, parts: Iterable[bytes]) -> Speak:
    """Say the first bytes, and then all others for as long as the other side listens."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(first)
        for part in parts:
            connection.sendall(part)

    return speak


def answer(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a whole answer with its length."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
        head += more
    return head
