"""Listening socket: how many connections may come from it, and the limits that the system itself keeps for each."""

import asyncio
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # pragma: no cover - not on this system, which has no such limit either
    resource = None  # type: ignore[assignment]

_DESCRIPTORS = Path("/proc/self/fd")
_LOOK_SECONDS, _MOST_LOOKS = 0.2, 100


def end_idle_readers(loop: asyncio.AbstractEventLoop, seconds: float, *, looks: int = _MOST_LOOKS) -> None:
    """End every connection whose client takes no byte for `seconds`, once the server's socket listens.

    The server opens its socket itself and says nothing of it, so it is looked for until it is there. Where
    the system has no TCP_USER_TIMEOUT, a client that reads nothing costs its connection for as long as it likes.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT") and _DESCRIPTORS.exists() and looks and not limit_listeners(seconds):
        loop.call_later(_LOOK_SECONDS, lambda: end_idle_readers(loop, seconds, looks=looks - 1))


def allow_descriptors(count: int) -> None:
    """Raise this process's own limit on open files to `count`, or as far as the system lets it."""
    if resource is not None:
        own, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = count if most == resource.RLIM_INFINITY else min(count, most)
        if own != resource.RLIM_INFINITY and own < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def limit_listeners(seconds: float) -> int:
    """Set TCP_USER_TIMEOUT on this process's listening sockets, which accepted ones inherit; return their number."""
    return sum(_limit(int(entry.name), seconds) for entry in list(_DESCRIPTORS.iterdir()))


def _limit(descriptor: int, seconds: float) -> bool:
    with suppress(OSError):  # the listing's own descriptor is closed by now
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        with socket.socket(fileno=os.dup(descriptor)) as probe:
            if probe.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                probe.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))
                return True
    return False
