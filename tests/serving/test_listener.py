"""The listening socket: what it passes on to each connection, and how many there may be."""

import asyncio
import resource
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from quizfunnel.serving import listener

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="TCP_USER_TIMEOUT is Linux's")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Give a listening socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_who_takes_nothing_is_ended(listening: socket.socket) -> None:
    """A client that reads nothing loses its connection, though its machine says that it is there."""
    assert listener.limit_listeners(0.5) >= 1
    with socket.create_connection(listening.getsockname()) as client, listening.accept()[0] as accepted:
        assert client.fileno() != accepted.fileno()
        accepted.setblocking(False)
        with suppress(BlockingIOError):
            while accepted.send(bytes(65536)):
                pass
        ended = select.poll()
        ended.register(accepted, 0)
        assert ended.poll(60_000)
        assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def test_who_takes_a_little_is_not_ended(listening: socket.socket) -> None:
    """A slow reader gets it all."""
    assert listener.limit_listeners(60) >= 1
    with socket.create_connection(listening.getsockname()) as client, listening.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
        accepted.sendall(b"x" * 1000)
        assert b"".join(client.recv(1) for _ in range(1000)) == b"x" * 1000


def test_a_socket_that_comes_later_is_found() -> None:
    """The server listens some time after the bridge has begun; nothing is looked for without end."""

    async def play() -> int:
        loop, found = asyncio.get_running_loop(), asyncio.Event()
        listener.end_idle_readers(loop, 7, looks=1_000)
        with socket.create_server(("127.0.0.1", 0)) as server:

            def look() -> None:
                if server.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7_000:
                    found.set()
                else:
                    loop.call_later(0.01, look)

            look()
            await asyncio.wait_for(found.wait(), 60)
            return server.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    assert asyncio.run(play()) == 7_000


def test_the_limit_on_open_files_is_raised_and_never_lowered() -> None:
    """As far as the system lets it."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        listener.allow_descriptors(512)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (512, before[1])
        listener.allow_descriptors(300)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (512, before[1])
        listener.allow_descriptors(2**40)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
