"""The snippet over HTTP: the script for the shop's pages, and the parts that it loads where they are needed."""

from flask import Blueprint, abort, current_app, make_response, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.shop import snippet
from quizfunnel.shop.snippet import Script
from quizfunnel.shop.views.parts import require_shop
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("snippet", __name__)

_KEPT = "public, max-age=600, stale-while-revalidate=86400"  # so soon a changed setting is on every page


@blueprint.get("/qf.js")
def script() -> BaseResponse:
    """Send the snippet."""
    require_shop()
    return _send(snippet.snippet(wiring().settings, current_app.extensions["static"]))


@blueprint.get("/qf-<part>.js")
def send_part(part: str) -> BaseResponse:
    """Send a part that the snippet loads where a page needs it."""
    require_shop()
    made = snippet.part(part, wiring().settings, current_app.extensions["static"])
    return _send(made) if made else abort(404)


def _send(made: Script) -> BaseResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = make_response(made.compressed if packed else made.text)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = _KEPT
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{made.etag}{'-gz' if packed else ''}")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response.make_conditional(request)
