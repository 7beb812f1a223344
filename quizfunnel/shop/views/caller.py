"""Caller of a message: the visitor whom its cookie proves or its token names, and whoever said no elsewhere."""

from typing import NamedTuple

from flask import request

from quizfunnel.shop.views.parts import parts
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.visit import identity, withdrawal
from quizfunnel.visit.erasure import is_erased
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
    w, own = wiring(), by_cookie()
    if own is not None and not _is_withdrawn(own) and not is_gone(own):
        return Caller(own, proven=True)
    named = identity.read_cart_token(w.signer, token)
    refuses = token == REFUSED or (named is not None and _is_withdrawn(named))
    known = named if named and not refuses and not is_gone(named) else None
    return Caller(known, proven=False, refuses=refuses)


def by_cookie() -> str | None:
    """Return the visitor whom the browser's own cookie proves."""
    w = wiring()
    return identity.read_cookie(w.signer, request.cookies.get(identity.cookie_name(secure=w.settings.secure)))


def _is_withdrawn(visitor: str) -> bool:
    """Tell whether a visitor has taken its consent back."""
    try:
        with reading(wiring().engine) as connection:
            return withdrawal.withdrawn_at(connection, visitor) is not None
    except DatabaseAway:
        return False  # nothing can be kept of them now either


def is_gone(visitor: str) -> bool:
    """Tell whether a visitor was erased: whoever comes back with that name is somebody new."""
    w, erasures = wiring(), parts().erasures
    try:
        with reading(w.engine) as connection:
            return is_erased(connection, erasures, "visitor", visitor)
    except DatabaseAway:
        return False
