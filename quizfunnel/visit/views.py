"""Visitors over HTTP: the guest who sent a request, its cookie, and the answer to the question of consent."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, g, redirect, request
from flask.globals import request_ctx
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.i18n.words import marked
from quizfunnel.kit import signing
from quizfunnel.kit.clock import to_millis
from quizfunnel.kit.ids import new_id
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.visit import bots, consent, identity, withdrawal
from quizfunnel.visit.erasure import ErasureKey, is_erased
from quizfunnel.visit.identity import Guest
from quizfunnel.web import cookies, recording
from quizfunnel.web.framing.request import loses_cookies
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("visit", __name__)

_MARK = "qf_chose"  # of a choice that was just made, in the address
_JUST_MS = 60_000  # somebody else who is given the address has not chosen


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the app that app.py hands to this room.

    `hand_over` lets a browser go on with what it began as a visitor whose cookie it is about to lose.
    """

    hand_over: Callable[[BaseResponse, str], None]
    erasures: ErasureKey


def current_guest() -> Guest:
    """Return the guest who sent this request; a new visitor's id is drawn once a request and kept by `keep_cookie`."""
    guest: Guest | None = g.get("guest")
    if guest is None:
        guest = g.guest = _read_guest()
    return guest


def returning() -> tuple[str | None, bool]:
    """Return the visitor's id that the browser brought, and whether it may be remembered; quicker than a guest.

    Where it may not the id opens what the visitor began, and is kept with nothing new.
    """
    w = wiring()
    brought = identity.pick(_cookies(), identity.cookie_name(secure=w.settings.secure))
    return identity.read_cookie(w.signer, brought), has_consented()


def has_consented() -> bool:
    """Tell whether this browser's visitor may be remembered."""
    return consent.given(wiring().settings.consent, identity.pick(_cookies(), consent.COOKIE), opted_out=opts_out())


def has_refused() -> bool:
    """Tell whether this browser says no: by its cookie, or for its visitor."""
    return identity.pick(_cookies(), consent.COOKIE) == "no" or opts_out()


def opts_out() -> bool:
    """Tell whether the browser says no for its visitor, by Sec-GPC (Global Privacy Control)."""
    return request_ctx.request.environ.get("HTTP_SEC_GPC") == "1"


def named_visitor(token: str) -> str | None:
    """Return the visitor whom the shop's page names to a frame, where no cookie of ours reaches; None for nobody.

    It is for counting alone, as in a cart: it opens nothing that this visitor began, and gives no cookie.
    """
    visitor = identity.read_cart_token(wiring().signer, token)
    if visitor is None or has_refused() or is_gone(visitor):
        return None
    with reading(wiring().engine) as connection:
        return visitor if withdrawal.withdrawn_at(connection, visitor) is None else None


def is_gone(visitor: str) -> bool:
    """Tell whether a visitor was erased: whoever still comes with that identity is somebody new."""
    parts: Parts = current_app.extensions["visit"]
    if parts.erasures.digest("visitor", visitor) is None:
        return False
    try:
        with reading(wiring().engine) as connection:
            return is_erased(connection, parts.erasures, "visitor", visitor)
    except DatabaseAway:
        return False  # nothing can be kept of them now either


def keep_cookie(response: BaseResponse) -> BaseResponse:
    """Give a new visitor that is recorded its cookie; one that the browser brought along is not extended."""
    guest = current_guest()
    if guest.visitor_id is not None and not guest.known and guest.kind != "bot" and not recording.has_failed():
        name = identity.cookie_name(secure=wiring().settings.secure)
        cookies.keep(response, name, identity.sign_cookie(wiring().signer, guest.visitor_id), kept=identity.KEPT)
    if opts_out():
        _heed_browser()
    return response


@blueprint.post("/consent")
def decide() -> BaseResponse:
    """Keep the visitor's yes or no.

    After a no its identity is forgotten, what it began goes on without it, and no later order is linked.
    """
    choice = request.form.get("choice")
    if choice not in consent.CHOICES:
        abort(422, marked("Choose yes or no."))
    if choice == "no":
        _withdraw()
    response = redirect(_way_back(request.form.get("next")), 303)
    cookies.keep(response, consent.COOKIE, choice, kept=identity.KEPT)
    if choice == "no":
        room: Parts = current_app.extensions["visit"]
        if visitor := returning()[0]:
            room.hand_over(response, visitor)
        cookies.forget(response, identity.cookie_name(secure=wiring().settings.secure))
    return response


def is_choice_lost() -> bool:
    """Tell whether this browser has just chosen and keeps no cookies, so that nothing comes of its choice."""
    return bool(g.get("choice_lost"))


@blueprint.before_app_request
def _after_choice() -> BaseResponse | None:
    """Take the mark of a choice out of the address where the choice was kept, or is not this browser's."""
    if _MARK not in request_ctx.request.environ["QUERY_STRING"] or request.method != "GET":
        return None
    w = wiring()
    decided = w.signer.verify(signing.CHOICE, request.args.get(_MARK))
    just = decided is not None and 0 <= to_millis(w.clock.now()) - int(decided, 16) <= _JUST_MS
    if just and request.cookies.get(consent.COOKIE) not in consent.CHOICES:
        g.choice_lost = True
        return None
    others = [(name, value) for name, value in request.args.items(multi=True) if name != _MARK]
    return redirect(_local(f"{request.path}{'?' if others else ''}{urlencode(others)}"), 303)


def _way_back(path: str | None) -> str:
    """Return the page of ours to go back to, told that a choice was made: where no cookie is kept it could not know."""
    back, w = _local(path), wiring()
    if back != path:
        return back
    mark = w.signer.sign(signing.CHOICE, f"{to_millis(w.clock.now()):x}")
    return f"{back}{'&' if '?' in back else '?'}{_MARK}={mark}"


def _read_guest() -> Guest:
    headers = request.headers
    brought, allowed = returning()
    if allowed and brought is not None and not is_gone(brought):
        return Guest(brought, True, *_kind(), allowed, "", "")
    agent = headers.get("User-Agent", "")
    return Guest(
        new_id() if allowed and not loses_cookies() else None,
        False,
        *_kind(),
        allowed,
        bots.device(agent, headers.get("Sec-CH-UA-Mobile")),
        bots.channel(request.url, headers.get("Referer", ""), bots.own_hosts(request.host_url, wiring().settings)),
    )


def _withdraw() -> None:
    """Take the token of the visitor whom this browser brings back: baskets may hold it for long."""
    w, (brought, _) = wiring(), returning()
    if brought is not None:
        write(w.engine, lambda connection: withdrawal.withdraw(connection, brought, at=w.clock.now()))


def _heed_browser() -> None:
    """Take a known visitor's token back once its browser says no for it; where nothing can be written, next time."""
    w, (brought, _) = wiring(), returning()
    if brought is None:
        return
    with suppress(DatabaseAway):
        with reading(w.engine) as connection:
            done = withdrawal.withdrawn_at(connection, brought)
        if done is None:
            verb = partial(withdrawal.withdraw, visitor_id=brought, at=w.clock.now())
            recording.recorded(w.engine, verb, otherwise=lambda _: None)


def _cookies() -> str:
    return str(request_ctx.request.environ.get("HTTP_COOKIE", ""))


def _kind() -> tuple[str, str]:
    return bots.kind(dict(request.headers))


def _local(path: str | None) -> str:
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
