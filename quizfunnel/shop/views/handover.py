"""Handover over HTTP: the token for the way to the quiz, and the page there that takes it out of its address."""

from datetime import timedelta
from functools import partial
from urllib.parse import quote, urlencode

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.shop import handover
from quizfunnel.shop.messages import HandoverMessage
from quizfunnel.shop.views.caller import keep_cookies
from quizfunnel.shop.views.parts import read_message
from quizfunnel.store.transaction import DatabaseAway, write
from quizfunnel.visit.views import has_refused, is_gone, returning
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
    if visitor is not None and _names_nobody() and not is_gone(visitor) and (left := _redeem(visitor)):
        keep_cookies(response, visitor, kept=left)  # who has a key agreed on the shop's pages
    return response


def _names_nobody() -> bool:
    """Tell whether this browser is no visitor yet, and has not said no."""
    return returning()[0] is None and not has_refused()


def _redeem(visitor: str) -> timedelta | None:
    w = wiring()
    try:
        return write(w.engine, partial(handover.redeem, visitor=visitor, at=w.clock.now()))
    except DatabaseAway:  # the quiz is shown all the same, to somebody new
        return None
