"""Refusals: the application's own words for what never reaches a view, prepared for hours in which it has no time."""

import io
import re
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from urllib.parse import quote
from wsgiref.types import WSGIApplication, WSGIEnvironment

from quizfunnel.i18n.languages import SOURCE
from quizfunnel.i18n.words import loaded
from quizfunnel.serving.environ import EnvironMaker
from quizfunnel.serving.response import Response, run
from quizfunnel.telemetry import request_ids
from quizfunnel.web.arrival import REFUSED
from quizfunnel.web.errors import BODY_LOST
from quizfunnel.web.language import asked
from quizfunnel.web.posted import parse
from quizfunnel.web.security import carries_token

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

_FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(rb'<input type="hidden" name="form_token" value="[^"]*">')
_SHOPPERS = ("/a/", "/q/", "/consent")
_MOST_BYTES = 4096  # of a form that is kept in a rush; an answer has some 200


def refuse(environ: WSGIEnvironment, status: HTTPStatus) -> WSGIEnvironment:
    """Return the environ with which the application is asked for its words, in place of what the client asked for.

    A body that has arrived stays with it: it may be a form, which the words then offer to send again.
    """
    if "wsgi.input" in environ:
        return environ | {REFUSED: int(status)}
    return environ | {REFUSED: int(status), BODY_LOST: True, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()}


class _KeptForm:
    """Page that keeps a shopper's form to be sent again, prepared with marks in place of what was sent.

    Filling it in costs a twentieth of what the application needs for the same page.
    """

    def __init__(self, wsgi: WSGIApplication, common: WSGIEnvironment) -> None:
        """Ask the application for the page of a marked form."""
        marked, path, query = b"zz-mark=zz-mark", "/q/zz-mark/start", common["QUERY_STRING"]
        form = {"CONTENT_TYPE": _FORM, "CONTENT_LENGTH": str(len(marked)), "wsgi.input": io.BytesIO(marked)}
        page = run(wsgi, refuse({**common, **form, "PATH_INFO": path}, HTTPStatus.SERVICE_UNAVAILABLE))
        # What is sent again has the token of the page that it was filled in on; the prepared one is nobody's.
        body = _TOKEN.sub(b"", page.body) if isinstance(page.body, bytes) else b""
        self._page = page._replace(body=body)
        self._address = _action(path, query)
        self._field = _fields(marked)

    def of(self, environ: WSGIEnvironment) -> Response | None:
        """Return the page with the form that was sent, None where nothing is kept of it."""
        sent, page = environ.get("wsgi.input"), self._page.body
        if not (_is_a_shoppers(environ) and isinstance(sent, io.BytesIO) and isinstance(page, bytes)):
            return None
        body = sent.getvalue()
        if len(body) > _MOST_BYTES or self._address not in page or self._field not in page:  # a store's own page
            return None
        filled = page.replace(self._address, _action(environ["PATH_INFO"], environ["QUERY_STRING"]))
        filled = filled.replace(self._field, _fields(body))
        headers = [(name, value) for name, value in self._page.headers if name != "Content-Length"]
        return self._page._replace(headers=[*headers, ("Content-Length", str(len(filled)))], body=filled)


class PreparedRefusals:
    """Refusals that are the same for everybody, without a link to what was asked for; a shopper's form is kept."""

    def __init__(self, wsgi: WSGIApplication) -> None:
        """Ask the application for its words once, for each status and reader, in English and the quizzes' languages."""
        common = EnvironMaker.standing() | {
            "REQUEST_METHOD": "POST",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            request_ids.NOBODYS: True,
        }
        self._languages = (SOURCE, *(language for language in loaded() if language != SOURCE))
        by_language = {language: common | {asked.HEADER: language} for language in self._languages}
        self._said = {
            (status, reader, language): run(wsgi, refuse({**asking, **own}, status))
            for status in STATUSES
            for reader, own in _READERS.items()
            for language, asking in by_language.items()
        }
        self._forms = {
            (query, language): _KeptForm(wsgi, asking | {"QUERY_STRING": query})
            for query in ("", "t=zz")
            for language, asking in by_language.items()
        }

    def get(self, environ: WSGIEnvironment, status: HTTPStatus) -> Response:
        """Return the words for whoever sent a request."""
        language = asked.of_header(environ.get(asked.HEADER, ""), self._languages) or SOURCE
        if environ["PATH_INFO"].startswith("/hooks/"):
            return self._said[status, "program", language]
        if "HTTP_HX_REQUEST" in environ:
            return self._said[status, "page", language]
        kept = None
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            kept = self._forms["t=zz" if carries_token(environ["QUERY_STRING"]) else "", language].of(environ)
        return kept or self._said[status, "person", language]


def _is_a_shoppers(environ: WSGIEnvironment) -> bool:
    path, kind = environ["PATH_INFO"], environ.get("CONTENT_TYPE", "")
    return bool(environ["REQUEST_METHOD"] == "POST" and path.startswith(_SHOPPERS) and kind.startswith(_FORM))


def _action(path: str, query: str) -> bytes:
    address = quote(path, safe="/~", encoding="latin-1")
    return f'action="{escape(f"{address}?{query}" if query else address)}"'.encode("utf-8", "replace")


def _fields(body: bytes) -> bytes:
    pairs = ((escape(name), escape(value)) for name, values in parse(body).items() for value in values)
    lines = (f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)
    return "\n".join(lines).encode("utf-8", "replace")
