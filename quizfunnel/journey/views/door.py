"""Door over HTTP: whichever of a comparison's quizzes was drawn, at one address that anybody may be given."""

from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.i18n.words import words_in
from quizfunnel.journey import compose, record
from quizfunnel.journey import door as doors
from quizfunnel.journey.attempt import Latest
from quizfunnel.journey.door import Door, DoorView, History
from quizfunnel.journey.pages import DoorPage
from quizfunnel.journey.views import access, promise
from quizfunnel.journey.views.access import parts
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.store.transaction import reading
from quizfunnel.visit.collect import ViewContext
from quizfunnel.visit.views import current_guest, is_choice_lost
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import render
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("door", __name__)

_SOURCE = "utm_"  # where a visitor came from, in the address


class _Shown(NamedTuple):
    live: LiveQuiz
    latest: Latest | None


@blueprint.get("/c/<name>")
def door(name: str) -> BaseResponse:
    """Show the quiz that was drawn for the visitor, in place; who may not be drawn sees the first.

    Where consent is asked for it is asked first, alike for both quizzes, and only of whoever could be drawn.
    """
    at = _door_of(name)
    visitor, opened = current_guest().visitor_id, access.brought()
    with reading(wiring().engine) as connection:
        before = doors.history(connection, at, visitor, opened, parts().takers)
    response = _meet(at) if at.draws and before.may_be_drawn else None
    response = response or _show(at, before)
    if request.method == "HEAD":
        response.headers.remove("Set-Cookie")  # of a visitor who has not come
    response.headers["X-Robots-Tag"] = "noindex"  # one address, two contents
    return response


def _door_of(name: str) -> Door:
    w, shelf = wiring(), parts().shelf
    at = doors.find_door(w.engine, name, w.settings, shelf)
    if at is None:
        abort(404)
    if not at.live:
        abort(410 if any(map(shelf.withdrawn, at.design.quizzes)) else 404)
    return at


def _meet(at: Door) -> BaseResponse | None:
    """Return what comes before the draw, None where the visitor can be shown a quiz now."""
    guest = current_guest()
    if guest.kind_reason == "prefetch":
        # What is fetched ahead would be shown in place of what is drawn later; browsers ask again after a refusal.
        return make_response("", 503)
    settings = wiring().settings
    is_settled = guest.consent or promise.refuser() or is_choice_lost()
    if settings.consent != "ask" or guest.kind != "shopper" or is_settled:
        return None
    live = promise.spoken(at.live[0])
    say = words_in(live.quiz.language)
    page = DoorPage(
        lang=say.language,
        title=say("Before the quiz"),
        here=compose.in_language(_address(at), live),
        consent_action="/consent",
        skip_url=home(),
        privacy_url=settings.privacy_url,
    )
    return render("shopper/door.html", page)


def _show(at: Door, before: History) -> BaseResponse:
    w, guest, opened = wiring(), current_guest(), access.brought()
    coming = DoorView(ViewContext(guest, f"/c/{at.design.experiment}", w.clock.now()), opened, before)

    def unrecorded(connection: Connection) -> _Shown:
        return shown(connection, at.shows(before.arm, before.began))

    def verb(connection: Connection) -> _Shown:
        digest, takers = partial(w.signer.digest, "arm"), parts().takers
        return shown(connection, doors.enter(connection, at, coming, digest=digest, takers=takers))

    def shown(connection: Connection, live: LiveQuiz) -> _Shown:
        return _Shown(live, record.latest(connection, live.slug, guest.visitor_id, opened))

    if request.method == "HEAD":  # a check of the link
        with reading(w.engine) as connection:
            live, latest = unrecorded(connection)
    else:
        live, latest = recorded(w.engine, verb, otherwise=unrecorded)
    return promise.show(live, latest, compose.Entrance(_address(at), "door"))


def _address(at: Door) -> str:
    """Return the door's address with what the link to it says of where the visitor came from."""
    said = [(name, value) for name, value in request.args.items(multi=True) if name.startswith(_SOURCE)]
    return f"/c/{at.design.experiment}{f'?{urlencode(said)}' if said else ''}"
