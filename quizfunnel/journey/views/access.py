"""Access to an attempt: by the cookie that the browser brought, else by the signed token that it carries."""

from dataclasses import dataclass
from datetime import timedelta

from flask import abort, current_app
from flask.globals import request_ctx
from sqlalchemy import Connection

from quizfunnel.journey import record
from quizfunnel.journey.attempt import AttemptRow
from quizfunnel.journey.compose import OpenAttempt
from quizfunnel.journey.questions import QuestionCache
from quizfunnel.journey.record import OnFinish
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.visit.views import returning
from quizfunnel.web.posted import posted
from quizfunnel.web.wiring import wiring

GRACE = timedelta(hours=24)  # how long an attempt on a withdrawn quiz may still be finished


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the app that app.py hands to this room."""

    shelf: Shelf
    questions: QuestionCache
    on_finish: OnFinish


def parts() -> Parts:
    """Return this room's parts of the running app."""
    room: Parts = current_app.extensions["journey"]
    return room


def open_attempt(connection: Connection, attempt: str) -> OpenAttempt:
    """Return an attempt that this browser owns, by its cookie or by the signed token it carries.

    Raises 404 with the same body for no such attempt and for somebody else's, 410 when its quiz was
    withdrawn more than a day after it began.
    """
    row = record.load(connection, attempt) if is_id(attempt) else None
    if row is None:
        abort(404)
    visitor, consented = returning()
    token = _carried_token()
    owned = row.visitor_id is not None and row.visitor_id == visitor
    carried = bool(token) and wiring().signer.verify(signing.ATTEMPT, token) == row.id
    if not (owned or carried):
        abort(404)
    shelf = parts().shelf
    live = shelf.pinned(row.version)
    if live is None:
        abort(410)
    if shelf.live(row.quiz) is None and not _in_grace(connection, row):
        abort(410)
    return OpenAttempt(row, live, "" if owned else token or "", consented)


def _carried_token() -> str | None:
    sent = request_ctx.request
    if sent.environ.get("QUERY_STRING") and (token := sent.args.get("t")):
        return token
    return next(iter(posted("t")), None) if sent.method == "POST" else None


def _in_grace(connection: Connection, row: AttemptRow) -> bool:
    return record.started_at(connection, row.id) + GRACE >= wiring().clock.now()
