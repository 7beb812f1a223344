"""Networks of tests, on which every name and address is a server of this machine."""

from collections.abc import Callable, Sequence

from httpcore2 import NetworkBackend, NetworkStream, SyncBackend


class Elsewhere(NetworkBackend):
    """A network on which every address but dead ones is a port of this machine, and which says where it connected."""

    def __init__(self, port: int, *dead: str) -> None:
        """Take the port, and the addresses at which nobody is."""
        self.port, self.dead, self.connected = port, dead, list[str]()

    def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002 - the test's own stands for it
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: object = None,  # noqa: ARG002
    ) -> NetworkStream:
        """Connect to the port."""
        self.connected.append(host)
        return SyncBackend().connect_tcp("127.0.0.1", 1 if host in self.dead else self.port, timeout)


def leading_to(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    """Return a resolver that knows every name, under these addresses."""
    return lambda _host, _port: addresses
