"""Error handlers: every error becomes a page or a line that says what happened and how to go on, never a traceback."""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from threading import Lock

from flask import Flask, Response, current_app, jsonify, make_response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from quizfunnel.i18n.languages import SOURCE
from quizfunnel.i18n.words import marked, words_in
from quizfunnel.store.transaction import DatabaseAway
from quizfunnel.web import form_token
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.framing.request import framed
from quizfunnel.web.language.asked import page_language, varied
from quizfunnel.web.pages import MessagePage
from quizfunnel.web.posted import posted_pairs
from quizfunnel.web.recording import has_failed
from quizfunnel.web.render import render, wants_partial

_log = FaultLog(logging.getLogger(__name__))

RETRY_SECONDS = 5
BODY_LOST = "quizfunnel.body_lost"  # in the environ, where a form never arrived whole
_AWAY = 503
_OF_PROGRAMS = ("/hooks/", "/s/")  # sent by no form: nobody reads a page
_FIRST_ERROR, _FIRST_OURS = 400, 500

_SAY = {
    400: (
        marked("We could not read that"),
        marked("The page's address or form was not as we expect it. Go back and try again."),
    ),
    403: (marked("That was not allowed"), marked("Nothing was changed. Open the page here and try again.")),
    404: (marked("Not found"), marked("There is no page at this address. The link may be old or mistyped.")),
    405: (marked("Not allowed"), marked("This address does not take such a request. Nothing was changed.")),
    408: (marked("That took too long to arrive"), marked("Nothing was changed. Go back and send it again.")),
    409: (marked("That does not fit any more"), marked("Something changed meanwhile. Go back, reload and try again.")),
    410: (
        marked("This quiz has ended"),
        marked("This quiz isn't running any more. The products are still in the shop."),
    ),
    411: (marked("We could not read that"), marked("Send it with its length (Content-Length), not in chunks.")),
    413: (
        marked("That was too large"),
        marked("A form may have up to 64 KiB, and a delivery to a hook 1 MiB. Send less at once."),
    ),
    415: (marked("We could not read that"), marked("Send the form as the page does.")),
    422: (marked("Something is missing"), marked("Look at the form again.")),
    429: (marked("Too many tries"), marked("Wait a moment and try again.")),
    500: (marked("Something went wrong on our side"), marked("Your earlier answers are kept. Try again in a moment.")),
    503: (marked("We can't save just now"), marked("Your earlier answers are kept. Try again in a moment.")),
}

_SAY_TO_STAFF = {
    500: ("Something went wrong on our side", "It is in the server's log. Try again in a moment."),
    503: (
        "The database cannot be used just now",
        "Nothing was changed. Try again in a moment; quizfunnel health, on the machine itself, says what is wrong.",
    ),
}

_TO_THE_SHOP = marked("Go to the shop")
_KEPT = marked("It is not saved yet. What you sent is kept on this page: send it again in a moment.")


class _Outage:
    """Outage of the database as this worker has met it; safe to share between threads."""

    def __init__(self, is_back: Callable[[], bool]) -> None:
        self._is_back, self._lock = is_back, Lock()
        self._keys: dict[tuple[str, str], None] = {}  # of the lines that tell of it

    def met(self, error: DatabaseAway) -> None:
        """Log that the database is away."""
        key = ("away", str(error))
        with self._lock:
            self._keys[key] = None
        _log.line(key, f"database away: {error}")

    def ask(self, response: Response) -> Response:
        """Log once that the database is back; asked after what a room has answered well, so that others never wait."""
        if has_failed():  # which its own line tells
            with self._lock:
                self._keys["away", "unrecorded"] = None
        elif self._keys and request.blueprints and response.status_code < _FIRST_ERROR and self._is_back():
            with self._lock:
                keys, self._keys = self._keys, {}
            if keys:  # of threads that ask at once one says it
                _log.over("the database is back", *keys)
        return response


def install(
    app: Flask,
    *,
    home: str,
    kept_forms: Collection[str] = (),
    staff_rooms: Collection[str] = (),
    is_back: Callable[[], bool] = lambda: True,
) -> None:
    """Answer every error of `app` in plain words, with a way to `home`.

    `kept_forms` are the rooms whose forms are on the page that says that nothing can be saved just now, to be sent
    again: not those with a password. In the `staff_rooms` nobody has answers, and who works there can look further.
    `is_back` tells whether the database can be read and written again.
    """
    outage = _Outage(is_back)
    app.extensions["staff rooms"] = frozenset(staff_rooms)
    app.extensions["kept forms"] = frozenset(kept_forms)

    def on_http(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < _FIRST_ERROR:
            return make_response(error.get_response())
        response = answer(error.code or 500, home=home, say=_not_allowed(error) or _own_words(error))
        for name, value in error.get_headers(request.environ):
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response

    def on_away(error: DatabaseAway) -> Response:
        outage.met(error)
        response = answer(503, home=home)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def on_any(error: Exception) -> Response:
        _log.fault(error, at=request.endpoint or "no endpoint")
        return answer(500, home=home)

    app.after_request(outage.ask)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(DatabaseAway, on_away)
    app.register_error_handler(Exception, on_any)


def answer(status: int, *, home: str, say: str = "", title: str = "") -> Response:
    """Return the message of `status`: JSON or a line to a program, a page to a person."""
    is_of_program = f"{request.path}/".startswith(_OF_PROGRAMS) or request.path.endswith(".json")
    words = words_in(SOURCE if is_of_program or _is_of_staff() else page_language())
    usual, text = map(words.plain, _usual(status))
    say, title = words.plain(say) if say else "", words.plain(title) if title else usual
    if is_of_program:
        response = jsonify(error=title, message=say or text)
        response.status_code = status
        return response
    if request.path.endswith(".csv") or (request.method == "POST" and wants_partial()):
        return make_response((f"{title}. {say or text}", status, {"Content-Type": "text/plain; charset=utf-8"}))
    here = request.full_path.rstrip("?")
    to_results = _is_of_staff() and status in _SAY_TO_STAFF
    way = ("/insight", "Go to the results") if to_results else (home, words.plain(_TO_THE_SHOP))
    page = MessagePage(words.language, title, say or text, link=way[0], link_label=way[1], frame=framed())
    if request.method == "GET" and status in (429, _AWAY):
        page = replace(page, again=here)
    if status == _AWAY and not say and _form_is_kept():  # a view's own words say of something else that it is missing
        sent = tuple(pair for pair in posted_pairs() if pair[0] != form_token.FIELD)
        page = replace(page, text=words.plain(_KEPT), sent_to=here, sent=sent)
    return varied(render("shopper/message.html", page, status=status))


def _usual(status: int) -> tuple[str, str]:
    """Return the title and the words of a status, as they fit whoever opens such a page."""
    words = _SAY | _SAY_TO_STAFF if _is_of_staff() else _SAY
    return words.get(status, words[400 if status < _FIRST_OURS else 500])


def _is_of_staff() -> bool:
    rooms: frozenset[str] = current_app.extensions["staff rooms"]
    return not rooms.isdisjoint(request.blueprints)


def _form_is_kept() -> bool:
    """Tell whether a form was posted that its sender may send again as it was."""
    if request.method != "POST" or request.environ.get(BODY_LOST):
        return False
    return not current_app.extensions["kept forms"].isdisjoint(request.blueprints)


def _not_allowed(error: HTTPException) -> str:
    """Return which requests an address takes, "" for any other error than one that is not among them."""
    if not isinstance(error, MethodNotAllowed) or not error.valid_methods:
        return ""
    methods = sorted({*error.valid_methods} - {"HEAD", "OPTIONS"})
    if methods == ["POST"] and request.method == "GET" and not request.path.startswith("/hooks/"):
        return marked("This address only takes a form from one of our pages. Open that page and send it from there.")
    return f"This address takes {' and '.join(methods)}, not {request.method}. Nothing was changed."  # programs alone


def _own_words(error: HTTPException) -> str:
    """Return the description that a view gave, "" where it is the library's own."""
    text = error.description or ""
    return "" if text == type(error).description else text
