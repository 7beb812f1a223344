"""Site of an address: what browsers take for one shop, by the list of public suffixes; pure.

The list is the one that its package was made with: an ending that is newer than it is taken for an ordinary one.
"""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

_DAY = 8  # digits of a day


def site(address: str) -> str:
    """Return the site of an address: its scheme and registrable domain, or its host where that has none."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return f"{parts.scheme}://{registrable(host) or host}"


def registrable(host: str) -> str:
    """Return the domain that somebody registered for a host, "" where the host is none, as an IP address is."""
    try:
        ip_address(host)
    except ValueError:
        return _list().privatesuffix(host) or "" if "." in host else ""
    return ""


def list_day() -> str:
    """Return the day of the list, like 2026-10-23."""
    from publicsuffixlist import __version__

    day = str(__version__).rpartition(".")[2]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == _DAY and day.isdigit() else str(__version__)


def share_a_network(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Tell whether Safari takes two hosts for one party: the first half of some address of each is the same."""
    return bool(set(map(_half, ours)) & set(map(_half, theirs)))


def _half(text: str) -> IPv4Network | IPv6Network:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return IPv4Network((int(address) >> 16 << 16, 16))
    return IPv6Network((int(address) >> 64 << 64, 64))


@cache
def _list() -> Any:
    from publicsuffixlist import PublicSuffixList  # half a megabyte, for this one question

    return PublicSuffixList()
