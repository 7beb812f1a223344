"""The shopper's pages: the promise, one question at a time, and the beacon that tells the time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, request
from flask.globals import request_ctx
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.journey import attention, compose, forms, progress, record
from quizfunnel.journey.attempt import AnswerGiven, AttemptRow, Latest, Recorded, Starter
from quizfunnel.journey.attention import UNKNOWN, Timing
from quizfunnel.journey.compose import OpenAttempt, next_url, url
from quizfunnel.journey.pages import QuestionPage, Refuser
from quizfunnel.journey.questions import QuestionCache
from quizfunnel.journey.record import OnFinish
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.visit import collect, consent
from quizfunnel.visit.views import current_guest, keep_cookie, returning
from quizfunnel.web.posted import posted
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import VARY, render, wants_partial
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("journey", __name__)

GRACE = timedelta(hours=24)  # how long an attempt on a withdrawn quiz may still be finished
_BEACON_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the app that app.py hands to this room."""

    shelf: Shelf
    questions: QuestionCache
    on_finish: OnFinish


class _Refused(NamedTuple):
    message: str
    answers: dict[str, AnswerValue]


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


@blueprint.get("/q/<slug>")
def promise(slug: str) -> BaseResponse:
    """Say what the quiz gives, how long it takes and what is kept, before the first click."""
    w, guest = wiring(), current_guest()
    live = _takeable(slug)
    now = w.clock.now()

    def find(connection: Connection) -> Latest | None:
        return record.latest(connection, guest.visitor_id, slug) if guest.visitor_id else None

    def verb(connection: Connection) -> Latest | None:
        collect.page_view(connection, collect.ViewContext(guest, f"/q/{slug}", now))
        return find(connection)

    latest = recorded(w.engine, verb, otherwise=find)
    pinned = parts().shelf.pinned(latest.version) if latest and latest.answers else None
    resume = compose.Resume(latest.id, latest.answers, pinned) if latest and pinned else None
    consent_state = compose.ConsentState(
        w.settings.consent, consented=guest.consent, refused=_refuser(), privacy_url=w.settings.privacy_url
    )
    page = compose.promise_page(live, consent_state, resume, _home())
    return keep_cookie(render("shopper/promise.html", page))


@blueprint.post("/q/<slug>/start")
def start(slug: str) -> BaseResponse:
    """Start an attempt and show its first question; an attempt without an answer yet is taken up again.

    A browser that brought no cookie is given the attempt's token in its address: it may keep no cookies, and one
    that is flagged is not given any.
    """
    w, guest = wiring(), current_guest()
    live = _takeable(slug)
    now = w.clock.now()

    def verb(connection: Connection) -> str:
        latest = record.latest(connection, guest.visitor_id, slug) if guest.visitor_id else None
        if latest and latest.version == live.version and not latest.answers:
            return latest.id
        collect.remember(connection, guest, at=now, landing_page=f"/q/{slug}")
        starter = Starter(guest.visitor_id, guest.kind, brought=guest.known)
        return record.start(connection, live, starter, at=now)

    attempt = write(w.engine, verb)
    access = "" if guest.known else f"?t={w.signer.sign(signing.ATTEMPT, attempt)}"
    first = progress.next_question(live.quiz, {})
    return keep_cookie(redirect(f"/a/{attempt}/{first}{access}", 303))


@blueprint.get("/a/<attempt>")
def resume(attempt: str) -> BaseResponse:
    """Send the shopper to where the attempt stopped."""
    with reading(wiring().engine) as connection:
        opened = open_attempt(connection, attempt)
        return redirect(next_url(opened, record.answers(connection, attempt)), 303)


@blueprint.get("/a/<attempt>/<question>")
def ask(attempt: str, question: str) -> BaseResponse:
    """Show one question, with the answer it has had before."""
    with reading(wiring().engine) as connection:
        opened = open_attempt(connection, attempt)
        answers = record.answers(connection, attempt)
    if question not in opened.live.quiz.by_id:
        abort(404)
    page = _page(opened, answers, question)
    if page is None:
        return redirect(next_url(opened, answers), 303)
    return render("shopper/question.html", page, partial="shopper/_question.html")


@blueprint.post("/a/<attempt>/<question>")
def answer(attempt: str, question: str) -> BaseResponse:
    """Record one answer and show what comes next."""
    w = wiring()
    with reading(w.engine) as connection:
        opened = open_attempt(connection, attempt)
        given = _read(connection, opened, question, at=w.clock.now())
    if isinstance(given, _Refused):
        return _refuse(opened, question, given)
    # Only what must be done under the lock is: the answers are read again there, the form is not.
    outcome = given and write(
        w.engine,
        lambda connection: record.record_answer(
            connection, given, attempt=opened.row, live=opened.live, on_finish=parts().on_finish
        ),
    )
    if outcome is None:
        with reading(w.engine) as connection:
            return _send(next_url(opened, record.answers(connection, attempt)))
    if outcome.next_question is None:
        return _send(url(opened, "offer"))
    return _show_next(opened, outcome)


@blueprint.post("/t/<attempt>")
def heartbeat(attempt: str) -> tuple[str, int]:
    """Keep what a beacon says of one view; always 204, since nobody waits for the answer."""
    size = request.content_length or 0
    sent = attention.parse_beacon(request.get_data()) if size <= _BEACON_BYTES else None
    if sent is not None and is_id(attempt):
        try:
            write(wiring().engine, lambda connection: _record_heartbeat(connection, attempt, sent))
        except DatabaseAway:
            current_app.logger.warning("a beacon was lost: the database is away")
    return "", 204


def _refuser() -> Refuser:
    if request.headers.get("Sec-GPC") == "1":
        return "browser"
    return "visitor" if request.cookies.get(consent.COOKIE) == "no" else ""


def _takeable(slug: str) -> LiveQuiz:
    live = parts().shelf.live(slug)
    if live is None:
        abort(410 if parts().shelf.withdrawn(slug) else 404)
    return live


def _read(connection: Connection, opened: OpenAttempt, question: str, *, at: datetime) -> AnswerGiven | _Refused | None:
    """Return the answer in the posted form, why it is none, or None where the shopper cannot stand at the question."""
    quiz = opened.live.quiz
    spec = quiz.by_id.get(question)
    if spec is None:
        abort(404)
    token = next(iter(posted("view")), None)
    view = attention.read(wiring().signer, token, attempt=opened.row.id, question=question, version=opened.row.version)
    if g.get("unproven", True) and view is None and not opened.access:
        abort(403, "The form lacks its token. Open the question again and send it from there.")
    before = record.answers(connection, opened.row.id)
    if not progress.reachable(quiz, before, question):
        return None
    try:
        value = forms.parse_answer(spec, posted("answer"), skip=bool(posted("skip")), none=bool(posted("none")))
    except AnswerError as error:
        return _Refused(str(error), before)
    return AnswerGiven(question, value, _timing(view, measured=opened.measured), at)


def _timing(view: attention.View | None, *, measured: bool) -> Timing:
    if view is None or not measured:
        return UNKNOWN
    claim = attention.parse_claim(*(next(iter(posted(name)), None) for name in ("a30", "a10", "seq")))
    clock = wiring().clock
    timing = attention.measure(view, attention.wall_time(view, clock), claim)
    return timing if timing.nonce is None else timing._replace(clock=attention.clock_of(view, clock))


def _page(
    opened: OpenAttempt,
    answers: dict[str, AnswerValue],
    question: str,
    *,
    error: str = "",
    rejected: tuple[str, ...] = (),
) -> QuestionPage | None:
    w = wiring()
    token = attention.issue(w.signer, w.clock, attempt=opened.row.id, question=question, version=opened.row.version)
    page = compose.question_page(opened, answers, question, token=token, skip_url=_home())
    return replace(page, error=error, rejected=rejected) if page and error else page


def _home() -> str:
    return wiring().settings.shop_url or "/"


def _show_next(opened: OpenAttempt, outcome: Recorded) -> BaseResponse:
    following = outcome.next_question or ""
    if not wants_partial():
        return redirect(url(opened, following), 303)
    page = _page(opened, outcome.answers, following)
    if page is None:
        return _send(next_url(opened, outcome.answers))
    response = make_response(parts().questions.show(opened.row.version, page))
    response.headers["HX-Push-Url"] = page.action
    response.headers["Vary"] = VARY
    return response


def _refuse(opened: OpenAttempt, question: str, refused: _Refused) -> Response:
    values = tuple(value[:100] for value in posted("answer"))
    if posted("none"):
        values = (*values, "@none")
    page = _page(opened, refused.answers, question, error=refused.message, rejected=values)
    return render("shopper/question.html", page, status=422, partial="shopper/_question.html")


def _send(address: str) -> BaseResponse:
    if not wants_partial():
        return redirect(address, 303)
    response = make_response("")
    response.headers["HX-Redirect"] = address
    response.headers["Vary"] = VARY
    return response


def _record_heartbeat(connection: Connection, attempt: str, sent: attention.Beacon) -> None:
    w = wiring()
    row = record.load(connection, attempt)
    if row is None or not returning()[1]:
        return
    view = attention.read(w.signer, sent.view, attempt=attempt, question=sent.question, version=row.version)
    if view is None:
        return
    timing = attention.measure(view, attention.wall_time(view, w.clock), sent.claim)
    record.record_heartbeat(connection, timing, attempt=attempt, question=sent.question, at=w.clock.now())


def _in_grace(connection: Connection, row: AttemptRow) -> bool:
    return record.started_at(connection, row.id) + GRACE >= wiring().clock.now()
