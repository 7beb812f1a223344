"""Wiring of views: the settings, database, clock and signer that app.py hands to each."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flask import current_app, request
from sqlalchemy import Engine

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.signing import Signer
from quizfunnel.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """Settings, database, clock and signer, and whether the demo store is open."""

    settings: Settings
    engine: Engine
    clock: Clock
    signer: Signer
    demo: bool = False


def wiring() -> Wiring:
    """Return the running app's wiring."""
    wired: Wiring = current_app.extensions["quizfunnel"]
    return wired


def home() -> str:
    """Return the address of the shop, to which whoever has enough of a quiz is led."""
    return wiring().settings.shop_url or "/"


def here() -> str:
    """Return our address of this request as shoppers know it: https, though a proxy may ask by http."""
    public = wiring().settings.public_urls
    return next((url for url in public if urlsplit(url).netloc.lower() == request.host), request.host_url.rstrip("/"))


def whole(path: str) -> str:
    """Return an address of ours as others open it: on the public address, or on the one that was asked."""
    return urljoin(next(iter(wiring().settings.public_urls), request.host_url), path)
