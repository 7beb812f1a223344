"""Handover over HTTP: the token for the way to the quiz, and the page there that takes it out of its address."""

from urllib.parse import quote, urlencode

from flask import Blueprint, jsonify, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.shop import handover
from quizfunnel.shop.messages import HandoverMessage
from quizfunnel.shop.views.parts import parts, read_message
from quizfunnel.store.transaction import DatabaseAway, write
from quizfunnel.visit import consent, identity
from quizfunnel.visit.erasure import is_erased
from quizfunnel.web import cookies
from quizfunnel.web.security import NO_REFERRER
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("handover", __name__)


@blueprint.post("/s/handover")
def issue() -> BaseResponse:
    """Give the token with which the browser goes from the shop to the quiz on another site."""
    sent, w = read_message(HandoverMessage), wiring()
    return jsonify(h=handover.issue(w.signer, sent.key, at=w.clock.now()))


@blueprint.before_app_request
def arrive() -> BaseResponse | None:
    """Take the token out of the address of a quiz's first page, and let the browser be the visitor whom it names."""
    if not request.path.startswith(("/q/", "/c/")) or request.method != "GET" or handover.PARAMETER not in request.args:
        return None
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != handover.PARAMETER]
    response = redirect(quote(request.path) + (f"?{urlencode(rest)}" if rest else ""), 303)
    response.headers.update(NO_REFERRER)
    visitor = handover.visitor_of(wiring().signer, request.args[handover.PARAMETER], at=wiring().clock.now())
    if visitor is not None and _names_nobody() and _redeem(visitor):
        w = wiring()
        name = identity.cookie_name(secure=w.settings.secure)
        cookies.keep(response, name, identity.sign_cookie(w.signer, visitor), kept=identity.KEPT)
        if w.settings.consent == "ask":  # who has a key agreed on the shop's pages
            cookies.keep(response, consent.COOKIE, "yes", kept=identity.KEPT)
    return response


def _names_nobody() -> bool:
    """Tell whether this browser is no visitor yet, and has not said no."""
    w = wiring()
    own = identity.read_cookie(w.signer, request.cookies.get(identity.cookie_name(secure=w.settings.secure)))
    return own is None and request.cookies.get(consent.COOKIE) != "no" and request.headers.get("Sec-GPC") != "1"


def _redeem(visitor: str) -> bool:
    w, erasures = wiring(), parts().erasures

    def verb(connection: Connection) -> bool:
        if is_erased(connection, erasures, "visitor", visitor):
            return False
        return handover.redeem(connection, visitor, at=w.clock.now(), kept=identity.KEPT)

    try:
        return write(w.engine, verb)
    except DatabaseAway:  # the quiz is shown all the same, to somebody new
        return False
