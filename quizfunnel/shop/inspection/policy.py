"""Content-Security-Policy of a shop's page: whether it lets the snippet in, and the directive that would; pure.

By the matching of https://www.w3.org/TR/CSP3/, as far as addresses, nonces and strict-dynamic go.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

# Each kind of load, and the directives that rule it: the first that a policy has counts.
RULED_BY = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
}
_PORTS = {"http": 80, "https": 443}
_UPGRADES = {"http": ("http", "https"), "https": ("https",)}
_PORT = re.compile(r"\*|[0-9]{1,5}")
_DYNAMIC = "'strict-dynamic'"


class Load(NamedTuple):
    """Something that a page loads: by which kind of directive, from which address, and a script's nonce.

    A script that is `inserted` by one that runs has no nonce, and strict-dynamic trusts it.
    """

    kind: str
    address: str
    nonce: str = ""
    inserted: bool = False


class BlockedLoad(NamedTuple):
    """A load that a policy forbids: the directive that does, and the one to put in its place."""

    load: Load
    by: str
    remedy: str


def policies(headers: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    """Return all policies of a page, of its headers and of itself: each has to allow."""
    return tuple(policy.strip() for text in (*headers, *own) for policy in text.split(",") if policy.strip())


def blocked(policies: Iterable[str], load: Load, page: str) -> Iterator[BlockedLoad]:
    """Yield each policy that forbids a load to the page at an address."""
    for policy in policies:
        directives = _directives(policy)
        by = next((name for name in RULED_BY[load.kind] if name in directives), None)
        if by is not None and not _allows(directives[by], load, page):
            yield BlockedLoad(load, by, _remedy(by, directives[by], load))


def _directives(policy: str) -> Mapping[str, tuple[str, ...]]:
    directives: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        directives.setdefault(name.lower(), tuple(sources))  # a second one of a name counts for nothing
    return directives


def _allows(sources: tuple[str, ...], load: Load, page: str) -> bool:
    if load.kind == "script-src":
        if load.nonce and f"'nonce-{load.nonce}'" in sources:
            return True
        if _DYNAMIC in [source.lower() for source in sources]:
            return load.inserted  # addresses count for nothing
    return any(_matches(source, load.address, page) for source in sources)


def _matches(source: str, address: str, page: str) -> bool:
    wanted = urlsplit(address)
    if source == "*":
        return wanted.scheme in ("http", "https", urlsplit(page).scheme)
    if source.lower() == "'self'":
        return _same_origin(urlsplit(page), wanted)
    if source.startswith("'"):
        return False
    if source.endswith(":") and "/" not in source:
        return wanted.scheme in _UPGRADES.get(source[:-1].lower(), (source[:-1].lower(),))
    scheme, is_whole, rest = source.partition("://")
    if not is_whole:
        scheme, rest = urlsplit(page).scheme, source
    place, slash, path = rest.partition("/")
    host, port = _host_and_port(place)
    return (
        wanted.scheme in _UPGRADES.get(scheme.lower(), ())
        and _host_fits(host.lower(), wanted.hostname or "")
        and _port_fits(port, scheme.lower(), wanted)
        and _path_fits(slash + path, wanted.path or "/")
    )


def _same_origin(page: SplitResult, wanted: SplitResult) -> bool:
    """Tell whether an address is the page's own origin, or that by https."""
    if page.hostname != wanted.hostname or wanted.scheme not in _UPGRADES.get(page.scheme, ()):
        return False
    return _port(page) == _port(wanted) or (_is_usual(page) and _is_usual(wanted))


def _host_and_port(place: str) -> tuple[str, str]:
    host, _, port = place.rpartition(":")
    return (host, port) if host and _PORT.fullmatch(port) else (place, "")


def _host_fits(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _port_fits(port: str, scheme: str, wanted: SplitResult) -> bool:
    if port == "*":
        return True
    if port:
        return int(port) == _port(wanted) or (int(port) == _PORTS["http"] and _port(wanted) == _PORTS["https"])
    return _is_usual(wanted) or _port(wanted) == _PORTS.get(scheme)


def _path_fits(pattern: str, path: str) -> bool:
    if pattern in ("", "/"):
        return True
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _is_usual(parts: SplitResult) -> bool:
    return _port(parts) == _PORTS.get(parts.scheme)


def _remedy(by: str, sources: tuple[str, ...], load: Load) -> str:
    """Return the directive that allows the load and whatever it allowed before."""
    kept = [source for source in sources if source.lower() != "'none'"]
    name = load.kind if by in ("default-src", "child-src") else by
    if load.kind == "script-src" and _DYNAMIC in [source.lower() for source in sources]:
        return "put the page's nonce on the tag, as on the shop's own scripts"
    parts = urlsplit(load.address)
    return " ".join((name, *kept, f"{parts.scheme}://{parts.netloc}"))
