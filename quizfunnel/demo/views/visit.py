"""View of a shop page, recorded: the visitor's arm at t0, the invitation that it leads to, and the basket's cookie."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import INVITATIONS, basket, pages
from quizfunnel.demo.basket import Basket
from quizfunnel.demo.views.stock import parts
from quizfunnel.experiment.arms import Allocation
from quizfunnel.journey import keys, record
from quizfunnel.quiz import paths
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.shop.invite import Host
from quizfunnel.visit import collect
from quizfunnel.visit.identity import cart_token
from quizfunnel.visit.views import current_guest, keep_cookie
from quizfunnel.web import cookies, recording
from quizfunnel.web.recording import recorded
from quizfunnel.web.wiring import wiring

SEE_AS = ("visitor", "invited", "holdout")
SEE_COOKIE = "qf_see"
JUST = timedelta(days=1)  # for so long nobody who has finished a quiz is invited to it again


class Visit(NamedTuple):
    """One recorded view of a shop page: the invitation that it shows, and the basket with what the view put into it."""

    invitation: pages.Invitation | None
    basket: Basket


def visit(path: str) -> Visit:
    """Record the view; at t0 the visitor's token goes into the basket, in both arms alike."""
    w, guest, host = wiring(), current_guest(), _host()
    now, live = w.clock.now(), host.page_of(path)

    def verb(connection: Connection) -> pages.Invitation | None:
        draw, enrolment = host.draw(connection, guest.visitor_id), host.enrolment(live)
        view = collect.ViewContext(guest, path, now)
        invited = collect.page_view(connection, view, draw=draw, enrolment=enrolment)
        return _invitation(connection, live and _shown(host, live, invited), now)

    def unrecorded(connection: Connection) -> pages.Invitation | None:  # nobody is invited without an arm
        return _invitation(connection, live and _shown(host, live, None), now)

    invitation = recorded(w.engine, verb, otherwise=unrecorded)
    carried = brought_basket()
    if live is not None and guest.visitor_id and not carried.visitor_token and not recording.has_failed():
        carried = replace(carried, visitor_token=cart_token(w.signer, guest.visitor_id))
    return Visit(invitation, carried)


def brought_basket() -> Basket:
    """Return the basket that the browser brought along."""
    return basket.unpack(wiring().signer, request.cookies.get(basket.COOKIE))


def keep(response: BaseResponse, carried: Basket) -> BaseResponse:
    """Give the browser its basket, where it changed, and the visitor's cookie."""
    value, brought = basket.pack(wiring().signer, carried), request.cookies.get(basket.COOKIE)
    if value != brought and (brought or carried != Basket()):
        cookies.keep(response, basket.COOKIE, value)
    return keep_cookie(response)


def frame(carried: Basket) -> pages.Frame:
    """Return the frame around a page: the basket's size, and how the visitor is seen."""
    return pages.Frame(sum(carried.items.values()), _seen_as(), request.path)


def _host() -> Host:
    w = wiring()
    return Host(parts().shelf, w.settings, parts().plan, lambda text: w.signer.digest("arm", text), INVITATIONS)


def _shown(host: Host, live: LiveQuiz, invited: Allocation | None) -> LiveQuiz | None:
    """Return the quiz that the page invites to: as the visitor's arm says, or as an arm that was chosen to be seen."""
    if _seen_as() == "visitor":
        return host.shown(live, invited)
    return live if _seen_as() == "invited" else None


def _invitation(connection: Connection, live: LiveQuiz | None, now: datetime) -> pages.Invitation | None:
    if live is None:
        return None
    shortest, longest = paths.lengths(live.quiz, {})
    invitation = pages.Invitation(f"/q/{live.slug}", shortest, longest, live.quiz.minutes)
    w, guest = wiring(), current_guest()
    opened = keys.opened_by(w.signer, request.headers.get("Cookie", ""), secure=w.settings.secure)
    latest = record.latest(connection, live.slug, guest.visitor_id, opened)
    if latest and latest.finished_at and latest.finished_at + JUST > now:
        return replace(invitation, url=f"/a/{latest.id}", finished=True)
    return invitation


def _seen_as() -> str:
    chosen = request.cookies.get(SEE_COOKIE, "visitor")
    return chosen if chosen in SEE_AS else "visitor"
