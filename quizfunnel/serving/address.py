"""Listening address: the IP address and port that a server is to have, refused with a remedy where it cannot."""

import errno
import socket
from ipaddress import ip_address

from quizfunnel.settings import SettingsError

LAST_PORT = 65535
_HOSTS = "127.0.0.1 serves this machine alone, 0.0.0.0 every one that reaches it"


def listening_address(host: str, port: int, *, option: str = "--port") -> str:
    """Return the IP address of `host`, or raise SettingsError where nothing could be served on it.

    `option` is the one that the port came by.
    """
    try:
        kind, _, _, _, sockaddr = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise SettingsError(f"--host {host}: is no address; {_HOSTS}") from None
    address = str(sockaddr[0])
    try:
        _try_to_listen(kind, address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(_in_use(kind, address, port, option)) from None
        if error.errno == errno.EACCES:
            raise SettingsError(
                f"{option} {port}: only root may use it; take one above 1023, such as {option} 8000"
            ) from None
        raise SettingsError(f"--host {host}: is no address of this machine ({error.strerror}); {_HOSTS}") from None
    return address


def in_url(host: str, address: str) -> str:
    """Return the host of a URL that leads from this machine to what listens at `host`, whose address is `address`."""
    if ip_address(address).is_unspecified:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _try_to_listen(kind: socket.AddressFamily, address: str, port: int) -> None:
    """Bind without SO_REUSEPORT: granian's workers share the port and would join another program's."""
    with socket.socket(kind, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(1)


def _in_use(kind: socket.AddressFamily, address: str, port: int, option: str) -> str:
    for other in range(port + 1, min(port + 50, LAST_PORT)):
        try:
            _try_to_listen(kind, address, other)
        except OSError:
            continue
        return f"Port {port} is in use by another program; end that one, or take another port: {option} {other}"
    return f"Port {port} is in use by another program; end that one, or take another port with {option}"
