"""Slips of the list of origins: pages of the shop itself at an address that is not in it, such as with `www.`; pure."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.settings.addresses import in_address

_WWW = "www."


class RefusedOrigin(NamedTuple):
    """Views of pages of one origin that was not listed, and the last day of them."""

    views: int
    last: date


def slip(origin: str, listed: Collection[str]) -> str:
    """Return an origin that is a listed one but for `www.` or a missing port, as it is to be written; "" for any other.

    Anybody can say anything in the header: only these few are ever counted, and a stranger's never.
    """
    sent = origin.lower()
    return sent if sent not in listed and any(sent in _slips(each) for each in listed) else ""


def _slips(origin: str) -> Iterator[str]:
    """Yield what may be sent in place of a listed origin."""
    parts = urlsplit(origin)
    host = in_address((parts.hostname or "").removeprefix(_WWW))
    for name in (host, f"{_WWW}{host}"):
        yield f"{parts.scheme}://{name}"
        if parts.port:
            yield f"{parts.scheme}://{name}:{parts.port}"
