"""Addresses and hosts as settings: what is none is refused in words that say how one is written; pure."""

import re
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def public_address(url: str) -> str:
    """Return a public address of a shop without a slash at its end; ValueError for what is none."""
    name, path = _name_and_path(url)
    if not name or path.strip("/") or urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError("must be an address without a path, like https://quiz.example")
    if urlsplit(url).scheme == "http" and not is_loopback(name):
        raise ValueError("must begin with https://, since browsers keep a shopper's cookie only over https")
    return url.rstrip("/")


def is_loopback(name: str) -> bool:
    """Tell whether a host's name is this machine's: browsers look up no name below localhost (RFC 6761)."""
    return name in LOOPBACK or name.endswith(".localhost")


def base_address(url: str) -> str:
    """Return an http(s) address that others are built upon, without a slash at its end; ValueError for what is none."""
    name, _ = _name_and_path(url)
    if not name or not url.isprintable() or set(url) & set(' ?#"<>\\'):
        raise ValueError("must be an address like https://quiz.example")
    return url.rstrip("/")


def link(address: str) -> str:
    """Return an address that a page may link to, empty for none; ValueError for what leads nowhere, or runs code."""
    whole = bool(_name_and_path(address)[0]) or (address.startswith("/") and not address.startswith("//"))
    if address and (not whole or not address.isprintable() or " " in address):
        raise ValueError("must be a path like /shop or an address like https://shop.example")
    return address


def host(text: str) -> str:
    """Return a host's name as browsers compare it; ValueError for an address, a port or a path."""
    name = text.strip().lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            name = ""
    if not _HOST.fullmatch(name):
        raise ValueError("must be names of hosts alone, without https:// or a path, like checkout.example")
    return name


def host_and_port(text: str) -> tuple[str, int | None]:
    """Return a host's name or IP address, and its port where one is named; ValueError for anything else."""
    try:
        parts = urlsplit(f"//{text.strip()}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        name, port, parts = "", None, urlsplit("")
    if not name or "@" in parts.netloc or parts.netloc.endswith(":") or parts.path or parts.query or parts.fragment:
        raise ValueError("must be hosts, each with a port if need be, like erp.lan or 10.0.0.5:9000")
    with suppress(ValueError):
        return str(ip_address(name)), port
    return host(name), port


def in_address(name: str) -> str:
    """Return a host as it stands in an address, or before a port: an IPv6 address in brackets."""
    return f"[{name}]" if ":" in name else name


def _name_and_path(address: str) -> tuple[str, str]:
    """Return the host's name and the path of an http(s) address, nothing for any other text."""
    try:
        parts = urlsplit(address)
        name, _ = parts.hostname, parts.port
    except ValueError:
        return "", ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return "", ""
    return name or "", parts.path
