"""Visitor identity: a signed first-party cookie, and the token that goes into the store's cart; pure."""

from datetime import timedelta
from typing import NamedTuple

from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.kit.signing import Signer

KEPT = timedelta(days=396)  # 13 months from the first visit, never extended


class Guest(NamedTuple):
    """Visitor as one request tells of it.

    `visitor_id` is None where nothing may be kept; `known` says that the browser brought it along.
    """

    visitor_id: str | None
    known: bool
    kind: str
    kind_reason: str
    consent: bool
    device: str
    channel: str


def cookie_name(*, secure: bool) -> str:
    """Return the visitor cookie's name; the `__Host-` prefix needs https."""
    return "__Host-qf_v" if secure else "qf_v"


def sign_cookie(signer: Signer, visitor_id: str) -> str:
    """Return the visitor cookie's value."""
    return signer.sign(signing.COOKIE, visitor_id)


def read_cookie(signer: Signer, value: str | None) -> str | None:
    """Return the visitor's id from its cookie, None where we did not sign it."""
    id = signer.verify(signing.COOKIE, value)
    return id if is_id(id) else None


def cart_token(signer: Signer, visitor_id: str) -> str:
    """Return the token that the store's cart carries, in both arms alike."""
    return signer.sign_id(signing.VISITOR, visitor_id)


def read_cart_token(signer: Signer, token: str | None) -> str | None:
    """Return the visitor's id from a cart's token, None where we did not sign it."""
    return signer.verify_id(signing.VISITOR, token)


def pick(cookies: str, name: str) -> str | None:
    """Return one cookie's value out of a Cookie header; the values we set hold nothing that is quoted."""
    for part in cookies.split(";"):
        key, equals, value = part.strip().partition("=")
        if equals and key == name:
            return value
    return None
