"""Refusals: the application's own words for what never reaches a view, prepared for hours in which it has no time."""

import io
from collections.abc import Mapping
from http import HTTPStatus
from wsgiref.types import WSGIApplication, WSGIEnvironment

from quizfunnel.serving.environ import EnvironMaker
from quizfunnel.serving.response import Response, run
from quizfunnel.web.arrival import REFUSED
from quizfunnel.web.errors import BODY_LOST

STATUSES = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LENGTH_REQUIRED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

# Whom a refusal is for: a person, a page that swaps a part of itself, a program.
_READERS: Mapping[str, Mapping[str, str]] = {
    "person": {"PATH_INFO": "/"},
    "page": {"PATH_INFO": "/", "HTTP_HX_REQUEST": "true"},
    "program": {"PATH_INFO": "/hooks/any"},
}


def refuse(environ: WSGIEnvironment, status: HTTPStatus) -> WSGIEnvironment:
    """Return the environ with which the application is asked for its words, in place of what the client asked for.

    A body that has arrived stays with it: it may be a form, which the words then offer to send again.
    """
    if "wsgi.input" in environ:
        return environ | {REFUSED: int(status)}
    return environ | {REFUSED: int(status), BODY_LOST: True, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()}


class PreparedRefusals:
    """Refusals that are the same for everybody, without a link to what was asked for."""

    def __init__(self, wsgi: WSGIApplication) -> None:
        """Ask the application for its words once, for each status and reader."""
        common = EnvironMaker.standing() | {
            "REQUEST_METHOD": "POST",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
        }
        self._said = {
            (status, reader): run(wsgi, refuse({**common, **own}, status))
            for status in STATUSES
            for reader, own in _READERS.items()
        }

    def get(self, environ: WSGIEnvironment, status: HTTPStatus) -> Response:
        """Return the words for whoever sent a request."""
        if environ["PATH_INFO"].startswith("/hooks/"):
            return self._said[status, "program"]
        return self._said[status, "page" if "HTTP_HX_REQUEST" in environ else "person"]
