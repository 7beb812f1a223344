"""Access to an attempt: by the cookie that the browser brought, else by the signed token that it carries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from flask import abort, current_app
from flask.globals import request_ctx
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.i18n.words import marked
from quizfunnel.journey import attention, keys, record
from quizfunnel.journey.attempt import AttemptRow
from quizfunnel.journey.compose import OpenAttempt
from quizfunnel.journey.door import EarlierTakers
from quizfunnel.journey.keys import KeyKind
from quizfunnel.journey.questions import QuestionCache
from quizfunnel.journey.record import OnFinish
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.visit import withdrawal
from quizfunnel.visit.views import has_consented, has_refused, returning
from quizfunnel.web import cookies
from quizfunnel.web.framing.request import framed
from quizfunnel.web.language import asked
from quizfunnel.web.posted import posted
from quizfunnel.web.security import carries_token
from quizfunnel.web.wiring import wiring

GRACE = timedelta(hours=24)  # how long an attempt on a withdrawn quiz may still be finished
_NOT_HERE = marked(
    "No quiz can be opened here. If it was yours, it was begun in another browser, or its cookie went when the browser "
    "was closed."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the app that app.py hands to this room."""

    shelf: Shelf
    questions: QuestionCache
    on_finish: OnFinish
    takers: EarlierTakers


def parts() -> Parts:
    """Return this room's parts of the running app."""
    room: Parts = current_app.extensions["journey"]
    return room


class OwnAttempt(NamedTuple):
    """An attempt of whoever sent the request, the key that proves it, and the token that addresses need without one.

    `measured` tells whether anything new may be kept of them.
    """

    row: AttemptRow
    key: KeyKind
    access: str
    measured: bool


def own_attempt(connection: Connection, attempt: str, *, question: str = "") -> OwnAttempt:
    """Return an attempt that is this browser's, by its cookie or by the signed token it carries.

    A form of `question` is also opened by the token of its view: who has it was shown the page, and may have blocked
    cookies since. Raises 404 with the same body for no such attempt and for somebody else's.
    """
    row = record.load(connection, attempt) if is_id(attempt) else None
    visitor, _ = returning()
    key = _key(row, visitor, question) if row else None
    if row is None or key is None:
        abort(404, _NOT_HERE)
    token = keys.sign_token(wiring().signer, row.id) if key == "address" else ""
    return OwnAttempt(row, key, token, is_measured(connection, row))


def open_attempt(connection: Connection, attempt: str, *, question: str = "") -> OpenAttempt:
    """Return an attempt that this browser may go on with.

    Raises 404 where it is not this browser's own, 410 when its quiz was withdrawn more than a day after it began.
    """
    row, key, token, measured = own_attempt(connection, attempt, question=question)
    shelf = parts().shelf
    live = shelf.pinned(row.version, row.quiz)
    if live is None:
        abort(410)
    live = live.speaking(row.language)
    asked.keep(live.quiz.language)
    if not shelf.live(row.quiz) and not shelf.renamed(row.quiz) and not _in_grace(connection, row):
        abort(410)
    return OpenAttempt(row, live, token, measured, key, framed())


def is_measured(connection: Connection, row: AttemptRow) -> bool:
    """Tell whether anything new may be kept of whoever goes on with an attempt.

    In a frame of another site no cookie tells: there it was agreed to by the shop's page, which named the visitor.
    """
    if has_consented():
        return True
    is_named = row.visitor_id is not None and row.entry in ("frame", "popup")
    return is_named and not has_refused() and withdrawal.withdrawn_at(connection, str(row.visitor_id)) is None


def brought() -> list[str]:
    """Return the attempts whose own cookies the browser brought."""
    w = wiring()
    return keys.opened_by(w.signer, _cookies(), secure=w.settings.secure)


def hand_over(response: BaseResponse, attempts: Sequence[str], *, brought: Collection[str] = ()) -> None:
    """Give the browser the cookies of attempts; where they get too many, take the oldest of those that it brought."""
    w = wiring()
    for attempt in attempts:
        name = keys.cookie_name(attempt, secure=w.settings.secure)
        cookies.keep(response, name, keys.sign_cookie(w.signer, attempt))
    room = max(keys.MOST - len(attempts), 0)
    if len(brought) <= room:
        return
    with reading(w.engine) as connection:
        kept = record.newest(connection, brought)[:room]
    for attempt in set(brought) - set(kept) - set(attempts):
        cookies.forget(response, keys.cookie_name(attempt, secure=w.settings.secure))


def hand_over_visitors(response: BaseResponse, visitor_id: str) -> None:
    """Let a browser go on with what it began as a visitor whose cookie it is about to lose."""
    try:
        with reading(wiring().engine) as connection:
            attempts = record.begun_by(connection, visitor_id, most=keys.MOST)
    except DatabaseAway:  # a no is heard all the same
        return
    hand_over(response, attempts, brought=brought())


def carries_needless_token(opened: OpenAttempt) -> bool:
    """Tell whether the address has a token though the browser brought a cookie: whoever copies it gives rights away."""
    return not opened.access and carries_token(request_ctx.request.environ.get("QUERY_STRING", ""))


def _key(row: AttemptRow, visitor: str | None, question: str) -> KeyKind | None:
    """Return the kind of key that the request has for an attempt, None where it has none."""
    w = wiring()
    if row.visitor_id is not None and row.visitor_id == visitor:
        return "visitor"
    if keys.cookie_opens(w.signer, _cookies(), row.id, secure=w.settings.secure):
        return "session"
    if w.signer.verify(signing.ATTEMPT, _carried_token()) == row.id or _shown(row, question):
        return "address"
    return None


def _shown(row: AttemptRow, question: str) -> bool:
    """Tell whether the form of a question has the token of its view."""
    token = next(iter(posted("view")), None) if question else None
    view = token and attention.read(wiring().signer, token, attempt=row.id, question=question, version=row.version)
    return bool(view)


def _carried_token() -> str | None:
    sent = request_ctx.request
    if sent.environ.get("QUERY_STRING") and (token := sent.args.get("t")):
        return token
    return next(iter(posted("t")), None) if sent.method == "POST" else None


def _cookies() -> str:
    return str(request_ctx.request.environ.get("HTTP_COOKIE", ""))


def _in_grace(connection: Connection, row: AttemptRow) -> bool:
    return record.started_at(connection, row.id) + GRACE >= wiring().clock.now()
