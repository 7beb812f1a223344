"""Switch of the demo store between its arms, for someone who tries it out and is left out of the figures."""

from flask import Blueprint, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import basket
from quizfunnel.demo.views.visit import SEE_AS, SEE_COOKIE
from quizfunnel.store.transaction import write
from quizfunnel.visit import collect
from quizfunnel.visit.identity import cookie_name
from quizfunnel.visit.views import current_guest, keep_cookie
from quizfunnel.web import cookies
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("see_as", __name__)


@blueprint.post("/shop/see-as")
def see_as() -> BaseResponse:
    """Show the shop as either arm sees it; such a visitor is left out of every figure from then on."""
    choice = request.form.get("as", "")
    if choice not in SEE_AS:
        abort(422, "Choose visitor, invited or holdout.")
    path = request.form.get("next", "/shop")
    response = redirect(path if path.startswith("/shop") and path.isprintable() else "/shop", 303)
    cookies.keep(response, SEE_COOKIE, choice)
    if choice == "visitor":
        cookies.forget(response, cookie_name(secure=wiring().settings.secure))
        cookies.forget(response, basket.COOKIE)
        return response
    _leave_out()
    return keep_cookie(response)


def _leave_out() -> None:
    guest = current_guest()

    def verb(connection: Connection) -> None:
        collect.remember(connection, guest, at=wiring().clock.now(), landing_page="/shop")
        if guest.visitor_id:
            collect.mark(connection, guest.visitor_id, kind="test", reason="saw the shop as either arm")

    write(wiring().engine, verb)
