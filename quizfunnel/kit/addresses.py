"""Addresses that a page may lead to: a path on this site, or http(s) on one of some hosts; pure."""

from collections.abc import Collection
from urllib.parse import urljoin, urlsplit


def is_on(address: str, hosts: Collection[str]) -> bool:
    """Tell whether an address is a path on this site, or http(s) on one of `hosts`.

    Addresses that browsers and Python read differently (backslashes, control characters, user names) are not.
    """
    if any(letter.isspace() or letter == "\\" or not letter.isprintable() for letter in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:  # a broken IPv6 host
        return False
    if not parts.scheme and not parts.netloc:
        return address.startswith("/") and not address.startswith("//")
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and parts.hostname in {host.lower() for host in hosts}
    )


def in_the_shop(address: str, home: str) -> str:
    """Return a product's address on the host of the shop's home, where it names none and the home names one.

    A catalogue may hold paths: they are the shop's, which stands on an address of its own.
    """
    return urljoin(home, address) if address.startswith("/") and urlsplit(home).scheme in ("http", "https") else address
