"""Keys of an attempt: the session cookie, or where there are no cookies the token, that opens it; pure.

The session cookie is strictly necessary and names nobody: each attempt has one of its own, so that several go on
side by side and none overwrites another's. It lives as long as the browser's session.
"""

from typing import Literal

from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.kit.signing import Signer
from quizfunnel.visit import identity

KeyKind = Literal["visitor", "session", "address"]
"""Kind of a key: the visitor's cookie, the attempt's own cookie, or a token in address and form."""

MOST = 6  # attempts that a browser may have open by their own cookies; each costs every request some 80 bytes


def cookie_name(attempt: str, *, secure: bool) -> str:
    """Return the name of an attempt's cookie; the `__Host-` prefix needs https."""
    return f"{_prefix(secure=secure)}{attempt}"


def sign_cookie(signer: Signer, attempt: str) -> str:
    """Return the value of an attempt's cookie: the tag alone, since its name says the attempt."""
    return signer.sign(signing.SESSION, attempt).rpartition(".")[2]


def sign_token(signer: Signer, attempt: str) -> str:
    """Return the token that opens an attempt where there are no cookies."""
    return signer.sign(signing.ATTEMPT, attempt)


def cookie_opens(signer: Signer, cookies: str, attempt: str, *, secure: bool) -> bool:
    """Tell whether a Cookie header holds the cookie of an attempt."""
    value = identity.pick(cookies, cookie_name(attempt, secure=secure))
    return value is not None and _is_tag(signer, attempt, value)


def opened_by(signer: Signer, cookies: str, *, secure: bool) -> list[str]:
    """Return the attempts whose cookies a Cookie header holds."""
    prefix = _prefix(secure=secure)
    named = (part.strip().partition("=") for part in cookies.split(";") if prefix in part)
    brought = ((name.removeprefix(prefix), value) for name, _, value in named if name.startswith(prefix))
    return list(
        dict.fromkeys(attempt for attempt, value in brought if is_id(attempt) and _is_tag(signer, attempt, value))
    )


def _is_tag(signer: Signer, attempt: str, value: str) -> bool:
    return signer.verify(signing.SESSION, f"{attempt}.{value}") is not None


def _prefix(*, secure: bool) -> str:
    return "__Host-qf_a_" if secure else "qf_a_"
