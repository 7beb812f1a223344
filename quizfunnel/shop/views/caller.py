"""Caller of a message: the visitor whom its cookie proves or its token names, and whoever said no elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.visit import collect, consent, identity, withdrawal
from quizfunnel.visit.views import is_gone, returning
from quizfunnel.web import cookies
from quizfunnel.web.wiring import wiring

REFUSED = "no"  # kept in place of a token: its visitor said no on the quiz's own pages


class Caller(NamedTuple):
    """The visitor that a request names, and whether its own cookie proves it; a token only names.

    Whoever brings the token of a consent that was taken back has said no elsewhere, on the quiz's own pages.
    """

    visitor: str | None
    proven: bool
    refuses: bool = False


def caller_of(token: str) -> Caller:
    """Return the visitor whom a request names: by its cookie, else by the token of its storage; nobody who is gone."""
    own, _ = returning()
    if own is not None and not _is_so(_is_withdrawn, own) and not is_gone(own):
        return Caller(own, proven=True)
    named = identity.read_cart_token(wiring().signer, token)
    refuses = token == REFUSED or (named is not None and _is_so(_is_withdrawn, named))
    known = named if named and not refuses and not is_gone(named) and not _is_so(_is_over, named) else None
    return Caller(known, proven=False, refuses=refuses)


def keep_cookies(response: BaseResponse, visitor: str, *, kept: timedelta = identity.KEPT) -> None:
    """Give a browser the cookie of its visitor, and the quiz's pages the consent that the shop's banner told."""
    w = wiring()
    name = identity.cookie_name(secure=w.settings.secure)
    cookies.keep(response, name, identity.sign_cookie(w.signer, visitor), kept=kept)
    if w.settings.consent == "ask":
        cookies.keep(response, consent.COOKIE, "yes", kept=identity.KEPT)


def _is_so(question: Callable[[Connection, str], bool], visitor: str) -> bool:
    """Ask the database about a visitor; no where it is away, since nothing can be kept of them then either."""
    try:
        with reading(wiring().engine) as connection:
            return question(connection, visitor)
    except DatabaseAway:
        return False


def _is_withdrawn(connection: Connection, visitor: str) -> bool:
    """Tell whether a visitor has taken its consent back."""
    return withdrawal.withdrawn_at(connection, visitor) is not None


def _is_over(connection: Connection, visitor: str) -> bool:
    """Tell whether a visitor's cookie would be over by now: a token in storage never ends by itself."""
    first = collect.first_seen(connection, visitor)
    return first is not None and first + identity.KEPT <= wiring().clock.now()
