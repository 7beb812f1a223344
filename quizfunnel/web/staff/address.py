"""Network address of a request: whether it is this machine, and which addresses are counted as one; pure."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")


def is_local(address: str | None, host: str, *, forwarded: bool, proxies: int, public_url: str) -> bool:
    """Tell whether a request comes from this machine itself.

    Behind a proxy every request seems to: so not where one is configured, has left its headers, or
    must stand in front because the deployment has a public address.
    """
    if forwarded or proxies or not _is_loopback(address):
        return False
    public = urlsplit(public_url).hostname
    return (public is None or public in _LOCAL_NAMES) and _name(host) in _LOCAL_NAMES


def network(address: str | None) -> str:
    """Return the key that neighbours share: an IPv4 address, or the 64 bits that one IPv6 line is given."""
    ip = _parsed(address)
    return f"{int(ip) >> 64:x}" if isinstance(ip, IPv6Address) else str(ip)


def _parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address or "")
    except ValueError:
        return None
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip


def _is_loopback(address: str | None) -> bool:
    ip = _parsed(address)
    return ip is not None and ip.is_loopback


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
