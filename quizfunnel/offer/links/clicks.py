"""Click targets: the addresses that a click on an offer may lead to, and the token it carries; pure."""

from collections.abc import Collection
from urllib.parse import quote, urlsplit, urlunsplit

from quizfunnel.kit.addresses import is_on

CLICK_PARAMETER = "qf_click"


def target(address: str, token: str, *, hosts: Collection[str], home: str) -> str:
    """Return the product's address with the click token, or `home` for a host that is not the store's.

    The address's own query stays as it is written, since it may be signed.
    """
    if not is_on(address, hosts):
        return home
    parts = urlsplit(address)
    pairs = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != CLICK_PARAMETER]
    query = "&".join([*pairs, f"{CLICK_PARAMETER}={quote(token, safe='')}"])
    return urlunsplit(parts._replace(query=query))
