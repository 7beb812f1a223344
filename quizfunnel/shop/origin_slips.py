"""Slips of the list of origins: pages of the shop itself at an address that is not in it, such as with `www.`; pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

_WWW = "www."


class RefusedOrigin(NamedTuple):
    """Views of pages of one origin that was not listed, and the last day of them."""

    views: int
    last: date


def slip(origin: str, listed: Iterable[str]) -> str:
    """Return an origin that is a listed one but for `www.` or its port, as it is to be written; "" for any other.

    Anybody can say anything in the header: only these few are ever counted, and a stranger's never.
    """
    try:
        sent = urlsplit(origin.lower())
        own = [urlsplit(each) for each in listed]
        is_near = any(
            sent.scheme == each.scheme
            and (sent.hostname or "").removeprefix(_WWW) == (each.hostname or "").removeprefix(_WWW)
            and sent.port in (None, each.port)
            for each in own
        )
    except ValueError:
        return ""
    whole = f"{sent.scheme}://{sent.netloc}"
    return whole if is_near and "@" not in whole and whole not in listed else ""
