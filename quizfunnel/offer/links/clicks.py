"""Click targets: the addresses that a click on an offer may lead to, and the token it carries; pure."""

from collections.abc import Collection
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

CLICK_PARAMETER = "qf_click"


def target(address: str, token: str, *, hosts: Collection[str], home: str) -> str:
    """Return the product's address with the click token, or `home` for a host that is not the store's.

    The address's own query stays as it is written, since it may be signed.
    """
    if not is_the_stores(address, hosts):
        return home
    parts = urlsplit(address)
    pairs = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != CLICK_PARAMETER]
    query = "&".join([*pairs, f"{CLICK_PARAMETER}={quote(token, safe='')}"])
    return urlunsplit(parts._replace(query=query))


def in_the_shop(address: str, home: str) -> str:
    """Return a product's address on the host of the shop's home, where it names none and the home names one.

    A catalogue may hold paths: they are the shop's, which stands on an address of its own.
    """
    return urljoin(home, address) if address.startswith("/") and urlsplit(home).scheme in ("http", "https") else address


def is_the_stores(address: str, hosts: Collection[str]) -> bool:
    """Tell whether an address is a path on this site, or http(s) on one of the store's hosts.

    What browsers and Python read differently (backslashes, control characters, user names) is not.
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
