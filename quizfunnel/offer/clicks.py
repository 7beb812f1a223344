"""Where a click on an offer may lead, and what it carries; pure."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

CLICK_PARAMETER = "qf_click"


def target(address: str, token: str, *, hosts: Collection[str], home: str) -> str:
    """Return the product's address with the click token, or `home` for a host that is not the store's.

    A path on this site is always the store's own.
    """
    parts = urlsplit(address)
    local = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    if not local and (parts.scheme not in ("http", "https") or (parts.hostname or "") not in hosts):
        return home
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != CLICK_PARAMETER]
    return urlunsplit(parts._replace(query=urlencode([*query, (CLICK_PARAMETER, token)])))
