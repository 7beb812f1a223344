"""Arrival: what the server says of a request before a view sees it: that it is refused, and since when it waits."""

from flask import Flask, abort
from flask.globals import request_ctx
from werkzeug.exceptions import ServiceUnavailable

from quizfunnel.store import patience
from quizfunnel.web.errors import RETRY_SECONDS

REFUSED = "quizfunnel.refused"  # the status to answer with, in place of what was asked for
ARRIVED = "quizfunnel.arrived"  # by the monotonic clock
_BUSY = 503


def install(app: Flask) -> None:
    """Answer what the server refuses in the words of `app`; let the others wait from their arrival."""

    def meet() -> None:
        environ = request_ctx.request.environ
        patience.begin(environ.get(ARRIVED))
        refused = environ.get(REFUSED)
        if refused == _BUSY:
            raise ServiceUnavailable(retry_after=RETRY_SECONDS)
        if refused:
            abort(refused)

    app.before_request(meet)
