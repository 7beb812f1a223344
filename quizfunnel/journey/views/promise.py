"""Promise over HTTP: what a quiz gives, how long it takes and what is kept; and its start."""

from flask import Blueprint, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.journey import compose, keys, progress, record
from quizfunnel.journey.attempt import Entry, Latest, Starter
from quizfunnel.journey.pages import Refuser
from quizfunnel.journey.views import access
from quizfunnel.journey.views.access import parts
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.store_site import store_site
from quizfunnel.store.transaction import DatabaseAway, write
from quizfunnel.visit import collect
from quizfunnel.visit.views import current_guest, has_refused, is_choice_lost, keep_cookie, named_visitor, opts_out
from quizfunnel.web.framing.request import framed, may_be_framed
from quizfunnel.web.language import asked
from quizfunnel.web.posted import posted
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import render
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("promise", __name__)


@blueprint.get("/q/<slug>")
@may_be_framed
def promise(slug: str) -> BaseResponse:
    """Say what the quiz gives, how long it takes and what is kept, before the first click."""
    if moved := _moved(slug, "", code=301):
        return moved
    w, guest = wiring(), current_guest()
    live = _takeable(slug)
    now = w.clock.now()

    def find(connection: Connection) -> Latest | None:
        return record.latest(connection, slug, guest.visitor_id, access.brought())

    def verb(connection: Connection) -> Latest | None:
        collect.page_view(connection, collect.ViewContext(guest, f"/q/{slug}", now))
        return find(connection)

    try:
        latest = recorded(w.engine, verb, otherwise=find)
    except DatabaseAway:  # not even read: what is promised is in the file, and a start is refused in its own words
        latest = None
    return show(live, latest, compose.entrance(slug, framed()))


@blueprint.post("/q/<slug>/start")
@may_be_framed
def start(slug: str) -> BaseResponse:
    """Start an attempt and show its first question; an attempt without an answer yet is taken up again.

    A browser that brought no cookie that opens it is given the attempt's own cookie, and its token in the address:
    it may keep no cookies. Where the cookie comes back the first question's page takes the token out again.
    """
    if moved := _moved(slug, "/start", code=308):
        return moved
    w, guest, frame = wiring(), current_guest(), framed()
    live = spoken(_takeable(slug))
    now, opened = w.clock.now(), access.brought()
    visitor = guest.visitor_id or (named_visitor(next(iter(posted("visitor")), "")) if frame else None)

    def verb(connection: Connection) -> str:
        latest = record.latest(connection, slug, guest.visitor_id, opened)
        if latest and latest.version == live.version and not latest.answers:
            record.speak(connection, latest.id, live.quiz.language)
            return latest.id
        collect.remember(connection, guest._replace(visitor_id=visitor), at=now, landing_page=f"/q/{slug}")
        starter = Starter(visitor, guest.kind, brought=guest.known, entry=frame.entry if frame else _entry())
        return record.start(connection, live, starter, at=now)

    attempt = write(w.engine, verb)
    address = f"/a/{attempt}/{progress.next_question(live.quiz, {})}"
    if guest.known or attempt in opened:
        return redirect(f"{address}{compose.query_of('', frame)}", 303)
    response = redirect(f"{address}{compose.query_of(keys.sign_token(w.signer, attempt), frame)}", 303)
    access.hand_over(response, [attempt], brought=opened)
    return keep_cookie(response)


def show(live: LiveQuiz, latest: Latest | None, entrance: compose.Entrance) -> BaseResponse:
    """Return the promise of a quiz to the current guest, whose latest attempt at it may go on."""
    settings, live = wiring().settings, spoken(live)
    pinned = parts().shelf.pinned(latest.version, live.slug) if latest and latest.answers else None
    resume = compose.Resume(latest.id, latest.answers, pinned) if latest and pinned else None
    consent_state = compose.ConsentState(
        settings.consent,
        consented=current_guest().consent,
        refused=refuser(),
        privacy_url=settings.privacy_url,
        lost=is_choice_lost(),
    )
    ways = compose.WaysOut(entrance.address, home(), store_site(settings, live.quiz))
    page = compose.promise_page(live, consent_state, resume, entrance=entrance, ways=ways)
    response = render("shopper/promise.html", page)
    return keep_cookie(asked.varied(response) if page.languages else response)


def spoken(live: LiveQuiz) -> LiveQuiz:
    """Return a quiz in the language that is asked for, among its own."""
    return live.speaking(asked.asked(live.languages, default=live.quiz.language)) if live.translations else live


def refuser() -> Refuser:
    """Return who has said no to being remembered."""
    if opts_out():
        return "browser"
    return "visitor" if has_refused() else ""


def _entry() -> Entry:
    return "door" if posted("entry") == ["door"] else "page"


def _moved(slug: str, below: str, *, code: int) -> BaseResponse | None:
    """Lead the address of a quiz that was renamed to where it is now, with whatever stands behind the question mark."""
    renamed = parts().shelf.renamed(slug)
    if renamed is None:
        return None
    query = request.query_string.decode("latin-1")
    return redirect(f"/q/{renamed}{below}{f'?{query}' if query else ''}", code)


def _takeable(slug: str) -> LiveQuiz:
    live = parts().shelf.live(slug)
    if live is None:
        abort(410 if parts().shelf.withdrawn(slug) else 404)
    return live
