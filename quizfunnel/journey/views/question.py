"""Questions over HTTP: one at a time, its answer, and the beacon that tells the time."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, abort, g, make_response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.experiment import planning
from quizfunnel.i18n.words import marked
from quizfunnel.journey import attention, compose, forms, progress, record
from quizfunnel.journey.attempt import AnswerGiven, Recorded
from quizfunnel.journey.attention import UNKNOWN, Timing
from quizfunnel.journey.compose import OpenAttempt, next_url, url
from quizfunnel.journey.pages import QuestionPage
from quizfunnel.journey.views.access import carries_needless_token, is_measured, open_attempt, parts
from quizfunnel.kit.ids import is_id
from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.quiz.store_site import store_site
from quizfunnel.quiz.texts.shown import is_drawn_for_one
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.telemetry import counters
from quizfunnel.web import form_token
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.framing.request import may_be_framed
from quizfunnel.web.language import asked
from quizfunnel.web.posted import posted
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import VARY, render, wants_partial
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("question", __name__)

_BEACON_BYTES = 2048

_log = FaultLog(logging.getLogger(__name__))


class _Refused(NamedTuple):
    message: str
    answers: dict[str, AnswerValue]


@blueprint.get("/a/<attempt>")
@may_be_framed
def resume(attempt: str) -> BaseResponse:
    """Send the shopper to where the attempt stopped."""
    with reading(wiring().engine) as connection:
        opened = open_attempt(connection, attempt)
        address = next_url(opened, record.answers(connection, attempt))
    wanted = asked.named(opened.live.languages)
    # what was told after the last answer stays as it was told
    if wanted and wanted != opened.live.quiz.language and not opened.row.finished:
        write(wiring().engine, lambda connection: record.speak(connection, attempt, wanted))
    return redirect(address, 303)


@blueprint.get("/a/<attempt>/<question>")
@form_token.has_own
@may_be_framed
def ask(attempt: str, question: str) -> BaseResponse:
    """Show one question, with the answer it has had before."""
    with reading(wiring().engine) as connection:
        opened = open_attempt(connection, attempt)
        answers = record.answers(connection, attempt)
    if carries_needless_token(opened):
        recorded(
            wiring().engine,
            lambda connection: record.note_key(connection, opened.row.id, opened.key),
            otherwise=lambda _connection: None,
        )
        return redirect(url(opened, question), 303)
    if question not in opened.live.quiz.by_id:
        abort(404)
    page = _page(opened, answers, question)
    if page is None:
        return redirect(next_url(opened, answers), 303)
    return render("shopper/question.html", page, partial="shopper/_question.html")


@blueprint.post("/a/<attempt>/<question>")
@form_token.has_own
@may_be_framed
def answer(attempt: str, question: str) -> BaseResponse:
    """Record one answer and show what comes next."""
    w = wiring()
    with reading(w.engine) as connection:
        opened = open_attempt(connection, attempt, question=question)
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
    counters.count(counters.ANSWERS, opened.live.slug)
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
        except DatabaseAway as away:
            _log.line("beacon", f"a beacon was lost: {away}")
    return "", 204


def _read(connection: Connection, opened: OpenAttempt, question: str, *, at: datetime) -> AnswerGiven | _Refused | None:
    """Return the answer in the posted form, why it is none, or None where the shopper cannot stand at the question."""
    quiz = opened.live.quiz
    spec = quiz.by_id.get(question)
    if spec is None:
        abort(404)
    token = next(iter(posted("view")), None)
    view = attention.read(wiring().signer, token, attempt=opened.row.id, question=question, version=opened.row.version)
    if g.get("unproven", True) and view is None and not opened.access:
        abort(403, marked("The form lacks its token. Open the question again and send it from there."))
    before = record.answers(connection, opened.row.id)
    if not progress.reachable(quiz, before, question):
        return None
    try:
        value = forms.parse_answer(spec, posted("answer"), skip=bool(posted("skip")), none=bool(posted("none")))
    except AnswerError as error:
        return _Refused(error.said(quiz.say), before)
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
    ways = compose.WaysOut(_start_url(opened), home(), store_site(w.settings, opened.live.quiz))
    page = compose.question_page(opened, answers, question, token=token, ways=ways)
    return replace(page, error=error, rejected=rejected) if page and error else page


def _start_url(opened: OpenAttempt) -> str:
    """Return the address of the page that the attempt was begun from."""
    slug = opened.live.slug
    if opened.row.entry == "door" and (compared := planning.comparison_of(slug, wiring().settings.comparisons)):
        return compose.in_language(f"/c/{compared.experiment}", opened.live)
    return compose.in_language(compose.entrance(slug, opened.frame).address, opened.live)


def _show_next(opened: OpenAttempt, outcome: Recorded) -> BaseResponse:
    following = outcome.next_question or ""
    if not wants_partial():
        return redirect(url(opened, following), 303)
    page = _page(opened, outcome.answers, following)
    if page is None:
        return _send(next_url(opened, outcome.answers))
    is_kept = not is_drawn_for_one(opened.live.quiz, following)
    response = make_response(parts().questions.show(opened.row.version, page, keep=is_kept))
    # A popup leaves no entries behind in the history of the page below it.
    is_popup = opened.frame is not None and opened.frame.entry == "popup"
    response.headers["HX-Replace-Url" if is_popup else "HX-Push-Url"] = page.action
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
    if row is None or not is_measured(connection, row):
        return
    view = attention.read(w.signer, sent.view, attempt=attempt, question=sent.question, version=row.version)
    if view is None:
        return
    timing = attention.measure(view, attention.wall_time(view, w.clock), sent.claim)
    record.record_heartbeat(connection, timing, attempt=attempt, question=sent.question, at=w.clock.now())
