"""Target of a call: an address taken apart once, and refused where two programs could read it differently; pure."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal, NamedTuple
from urllib.parse import quote, urlsplit

from quizfunnel.outbound.errors import CallRefusedError
from quizfunnel.settings.addresses import host, in_address

OwnHosts = Mapping[str, frozenset[int]]
PORTS = {"https": 443, "http": 80}
USUAL_PORTS = (80, 443, 8080, 8443)  # elsewhere stand databases and mail, which read a request as commands
MOST_LETTERS = 2048
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_NUMBER = re.compile(r"(0x[0-9a-f]*|\d+)", re.IGNORECASE | re.ASCII)


class CallTarget(NamedTuple):
    """One address to call; `is_ours` where the store has named its host among those of its own network."""

    scheme: Literal["https", "http"]
    host: str
    port: int
    path: str
    is_ours: bool = False

    @property
    def authority(self) -> str:
        """Return the host with the port where it is not the scheme's own."""
        name = in_address(self.host)
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def shown(self) -> str:
        """Return the address as messages name it: without its query, where keys stand."""
        return f"{self.scheme}://{self.authority}{self.path.partition('?')[0]}"


def target(url: str, own_hosts: OwnHosts) -> CallTarget:
    """Return the parts of an address; CallRefusedError for one that is not called.

    `own_hosts` are those of the store's own network, each with its ports beside the usual ones.
    """
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise CallRefusedError(f"{_cut(url)}: is no address; write it like https://shop.example/products.csv") from None
    if not url.isprintable() or " " in url or "\\" in url or len(url) > MOST_LETTERS:
        raise CallRefusedError(f"{_cut(url)}: holds what no address holds; write it as a browser shows it")
    if parts.scheme not in ("https", "http") or not name:
        raise CallRefusedError(f"{_cut(url)}: is no https address; write it like https://shop.example/products.csv")
    if "@" in parts.netloc:
        raise CallRefusedError(
            f"{parts.scheme}://...@{name}: holds a name or password; those never stand in an address"
        )
    name, scheme = _host(name), parts.scheme
    path = quote(parts.path or "/", safe=_ASCII) + (f"?{quote(parts.query, safe=_ASCII)}" if parts.query else "")
    wanted = CallTarget(
        "https" if scheme == "https" else "http", name, PORTS[scheme] if port is None else port, path, name in own_hosts
    )
    _refuse_plain(wanted)
    if wanted.port not in USUAL_PORTS and wanted.port not in own_hosts.get(name, ()):
        ours = f"; if it is a machine of yours, write private_hosts = [{_named(wanted)}]"
        raise CallRefusedError(f"{wanted.shown}: port {wanted.port} is none of {_listed(USUAL_PORTS)}{ours}")
    return wanted


def _refuse_plain(target: CallTarget) -> None:
    """Refuse what anybody on the way could read and change."""
    if target.scheme == "http" and not target.is_ours:
        raise CallRefusedError(
            f"{target.shown}: is not https, so that anybody on the way could change what it says; write https://, or, "
            f"if it is a machine of yours, private_hosts = [{_named(target)}]"
        )


def _named(target: CallTarget) -> str:
    return f'"{target.authority if target.port not in USUAL_PORTS else in_address(target.host)}"'


def _host(name: str) -> str:
    """Return a host's name as it is looked up, or an IP address in its one usual form."""
    try:
        return str(_plain_ip(name))
    except ValueError:
        pass
    try:
        name = host(name)
    except ValueError:
        raise CallRefusedError(f"{_cut(name)}: is no name of a host; write it like shop.example") from None
    # 2130706433, 0x7f.1 and 127.1 are all one address to a resolver, and names to everybody who reads them.
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise CallRefusedError(f"{name}: is no name and no IP address; write its four numbers, like 192.0.2.7")
    return name


def _plain_ip(name: str) -> IPv4Address | IPv6Address:
    if "%" in name:
        raise ValueError(name)
    return ip_address(name)


def _listed(numbers: tuple[int, ...]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}"


def _cut(text: str) -> str:
    """Return an address for a message: without its query, and nothing in it that a terminal would obey."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text.partition("?")[0])
    return plain if len(plain) <= (most := 80) else plain[:most] + "..."
