"""Origins and hosts as browsers compare them: by scheme, name and port, without case; pure."""

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.settings import LOOPBACK

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535
_HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9:.]+\])(?::(\d{1,5}))?", re.ASCII | re.IGNORECASE)


ADMITTED = "quizfunnel.admitted_origin"  # in the environ of a cross-origin request that the guard has let pass


class SharedPaths(NamedTuple):
    """Addresses that pages of other origins may write to (CORS), and these origins, as browsers send them.

    A browser says in `Origin` which page sends; anybody else can say anything there. So it decides who may read an
    answer and write without a form's token, never who somebody is or what they may open. Without an origin the
    addresses are nobody's: their views say that the setting is missing.
    """

    paths: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, paths: Collection[str], origins: Collection[str]) -> "SharedPaths":
        """Take addresses and origins."""
        return cls(frozenset(paths), frozenset(origins))

    def admits(self, origin: str | None) -> bool:
        """Tell whether a page of this very origin may write: `null` and a prefix of a listed one may not."""
        return origin in self.origins


def origin(address: str) -> str:
    """Return the origin of an http(s) address (RFC 6454) with its port, "" for what has none."""
    try:
        parts = urlsplit(address)
        name, port = parts.hostname, parts.port
    except ValueError:  # a broken IPv6 host, a port that is no number
        return ""
    if parts.scheme not in _PORTS or not name or "@" in parts.netloc:
        return ""
    name = _as_sent(name)
    return name and f"{parts.scheme}://{name}:{port or _PORTS[parts.scheme]}"


def host_name(host: str) -> str:
    """Return the name in a Host header, in lower case and without its port; "" for what is no host."""
    match = _HOST.fullmatch(host)
    if match is None or not 0 < int(match[2] or 1) <= _LAST_PORT:
        return ""
    return match[1].lower().strip("[]")


def is_ours(host: str, public: Collection[str]) -> bool:
    """Tell whether a Host header names one of the public addresses, or this machine itself."""
    name = host_name(host)
    return bool(name) and name in (*LOOPBACK, *(host_name(_host(address)) for address in public))


def own_origins(scheme: str, host: str, public: Collection[str]) -> Collection[str]:
    """Return the origins that our own pages have for a request that came to `host` by `scheme`.

    Behind a proxy `scheme` may be the proxy's own, so at a public host the public addresses of that name alone count:
    a page of another of our hosts is another origin, as browsers see it.
    """
    name = host_name(host)
    here = tuple(origin(address) for address in public if host_name(_host(address)) == name)
    if here and name not in LOOPBACK:
        return here
    return (*map(origin, public), origin(f"{scheme}://{host}"))


def cors_headers(origin: str | None) -> list[tuple[str, str]]:
    """Return the headers by which a browser lets the page of an admitted origin read the answer; none without one."""
    vary = [("Vary", "Origin")]
    if not origin:
        return vary
    return [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), *vary]


def _host(address: str) -> str:
    """Return what a Host header says at an address."""
    return origin(address).partition("://")[2]


def _as_sent(name: str) -> str:
    """Return a host's name as browsers send it: IDNA, an IPv6 address in brackets."""
    if ":" in name:
        return f"[{name}]"
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
