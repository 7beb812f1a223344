"""Network backend of the client: a name is looked up once, and the very address that was judged is connected to."""

import socket
import ssl
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from httpcore2 import ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

from quizfunnel.outbound.deadline import Deadline
from quizfunnel.outbound.errors import CallRefusedError, OutboundError
from quizfunnel.outbound.reach import reach
from quizfunnel.settings.addresses import in_address

Resolve = Callable[[str, int], Sequence[str]]
"""Looks up the IP addresses of a host."""

MOST_ADDRESSES = 8  # that are tried


def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host as the system has them, each once."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in infos))


class GuardedBackend(NetworkBackend):
    """The connections of one call.

    One address that may not be called refuses its host as a whole: nobody's shop has one such beside good ones.
    """

    def __init__(
        self, deadline: Deadline, *, is_ours: bool, resolve: Resolve = look_up, beneath: NetworkBackend | None = None
    ) -> None:
        """Take the deadline, whether addresses of the own network may be called, and what looks up and connects."""
        self._deadline, self._is_ours = deadline, is_ours
        self._resolve, self._beneath = resolve, beneath or SyncBackend()

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host, each of which may be called; CallRefusedError where one may not."""
        addresses = self._looked_up(host, port)
        for address in addresses:
            self._judge(host, address)
        if not addresses:
            raise OutboundError(f"the name {host} has no address")
        return addresses[:MOST_ADDRESSES]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is the limit
        local_address: str | None = None,  # noqa: ARG002
        socket_options: object = None,  # noqa: ARG002
    ) -> NetworkStream:
        """Connect to the first address that answers; each has its share of the time that is left."""
        addresses = self.addresses(host, port)
        for number, address in enumerate(addresses, start=1):
            share = self._deadline.left() / (len(addresses) + 1 - number)
            try:
                return _TimedStream(self._beneath.connect_tcp(address, port, share), self._deadline)
            except (ConnectError, ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """Look a name up beside this thread: the system gives no way to end a look-up that takes too long."""
        answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error if isinstance(error, OSError) else OSError(str(error)))

        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise OutboundError(f"{self._deadline.text} to look up the name {host}") from None
        if isinstance(answer, OSError):
            raise OutboundError(f"the name {host} is not known here ({answer.strerror or answer})")
        return answer

    def _judge(self, host: str, address: str) -> None:
        reached = reach(address)
        if reached == "global" or (reached == "private" and self._is_ours):
            return
        where = "" if host == address else f"{host} leads to "
        if reached == "never":
            raise CallRefusedError(f"{where}{address}, an address that is never called")
        raise CallRefusedError(
            f"{where}{address}, which is no address of the internet; if it is a machine of yours, write "
            f'private_hosts = ["{in_address(host)}"]'
        )


class _TimedStream(NetworkStream):
    """A connection whose every wait ends at the deadline, whatever the caller says."""

    def __init__(self, beneath: NetworkStream, deadline: Deadline) -> None:
        self._beneath, self._deadline = beneath, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline is the limit
        return self._beneath.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._beneath.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._beneath.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        stream = self._beneath.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._beneath.get_extra_info(info)
