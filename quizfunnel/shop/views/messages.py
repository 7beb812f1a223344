"""Messages of the snippet over HTTP: a view and what it shows, its end, an event, a no to what was agreed to."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, abort, jsonify, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.i18n.languages import nearest
from quizfunnel.journey import keys
from quizfunnel.kit import signing
from quizfunnel.kit.ids import new_id
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.settings import InvitationSettings
from quizfunnel.shop import handover, record
from quizfunnel.shop.counts import EVENT
from quizfunnel.shop.invitation import words
from quizfunnel.shop.messages import ChoiceMessage, EndMessage, EventMessage, ViewMessage
from quizfunnel.shop.permission import may_remember
from quizfunnel.shop.record import Happened, PageOfShop, Shown
from quizfunnel.shop.views import refusals
from quizfunnel.shop.views.caller import REFUSED, Caller, caller_of, keep_cookies
from quizfunnel.shop.views.parts import host, parts, read_message, require_event
from quizfunnel.store.transaction import write
from quizfunnel.visit import bots, collect, consent, identity, withdrawal
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.views import is_gone, opts_out, returning
from quizfunnel.web import cookies, recording
from quizfunnel.web.language import asked
from quizfunnel.web.staff.address import network
from quizfunnel.web.wiring import here, wiring

blueprint = Blueprint("messages", __name__)
blueprint.after_request(refusals.note)

_NOTHING = ("", 204)


@blueprint.post("/s")
def view() -> BaseResponse:
    """Record a view of a shop's page, and answer what it shows: alike in both arms but for the invitation."""
    sent = read_message(ViewMessage)
    w, shop = wiring(), host()
    caller = caller_of(sent.token)
    page = _page(sent, caller)
    limit = w.settings.shop.new_visitors_a_minute
    shown = recording.recorded(
        w.engine,
        lambda connection: record.view(connection, page, shop, limit=limit),
        otherwise=lambda connection: record.unrecorded(connection, page, shop),
    )
    response = jsonify(_answer(sent, page, shown, caller, shop.invitation(sent.path)))
    if shown.visitor is not None and not page.guest.known and not _is_of_another_site():
        keep_cookies(response, shown.visitor)
    return response


@blueprint.post("/s/end")
def end() -> tuple[str, int]:
    """Keep for how long a view was visible; nobody waits for the answer."""
    sent, w = read_message(EndMessage), wiring()
    verb = partial(collect.end_view, id=sent.view, visible_ms=sent.ms, at=w.clock.now())
    recording.recorded(w.engine, verb, otherwise=lambda _: None)
    return _NOTHING


@blueprint.post("/s/event")
def event() -> tuple[str, int]:
    """Keep an event of a visitor whose name is listed."""
    sent, w = read_message(EventMessage), wiring()
    require_event(sent.name)
    try:
        happened = Happened.of(sent.id, sent.name, sent.value, sent.currency)
    except ValueError as error:
        abort(400, f"The event's value: {error}.")
    visitor = identity.read_cart_token(w.signer, sent.token)
    if visitor is not None and not is_gone(visitor):
        digest = w.signer.digest(EVENT, visitor).hex()[:32]
        write(w.engine, lambda connection: record.event(connection, visitor, happened, at=w.clock.now(), digest=digest))
    return _NOTHING


@blueprint.post("/s/consent")
def decide() -> BaseResponse:
    """Take a visitor's consent back: no later order is linked, and this browser is nobody's again.

    Its answer on the quiz's own pages goes too: from now on the shop's banner says what holds.
    """
    sent, w = read_message(ChoiceMessage), wiring()
    own, _ = returning()
    named = set(filter(None, (identity.read_cart_token(w.signer, sent.token), own)))

    def verb(connection: Connection) -> None:
        for visitor in sorted(named):
            withdrawal.withdraw(connection, visitor, at=w.clock.now())

    if named:
        write(w.engine, verb)
    response = jsonify({})
    if own:
        parts().hand_over(response, own)
    cookies.forget(response, identity.cookie_name(secure=w.settings.secure))
    if request.cookies.get(consent.COOKIE) == "yes":
        cookies.forget(response, consent.COOKIE)
    return response


def _page(sent: ViewMessage, caller: Caller) -> PageOfShop:
    w = wiring()
    click = sent.click or next(iter(parse_qs(sent.query.removeprefix("?")).get("qf_click", [])), "")
    return PageOfShop(
        guest=_guest(sent, caller),
        path=sent.path,
        at=w.clock.now(),
        network=w.signer.digest("network", network(request.remote_addr)).hex()[:32],
        has_place=sent.place,
        stores=sent.store,
        again=sent.again,
        begun=keys.opened_by(w.signer, request.headers.get("Cookie", ""), secure=w.settings.secure),
        clicked=w.signer.verify_id(signing.CLICK, click),
    )


def _guest(sent: ViewMessage, caller: Caller) -> Guest:
    w, headers = wiring(), request.headers
    allowed = may_remember(
        w.settings.consent,
        w.settings.shop,
        sent.consent,
        cookie=request.cookies.get(consent.COOKIE),
        opted_out=opts_out() or caller.refuses,
    )
    kind = bots.kind(dict(headers))
    agent = headers.get("User-Agent", "")
    if allowed and caller.visitor is not None:
        return Guest(caller.visitor, True, *kind, allowed, "", "")
    return Guest(
        new_id() if allowed else None,
        False,
        *kind,
        allowed,
        bots.device(agent, headers.get("Sec-CH-UA-Mobile")),
        bots.channel(f"https://shop/{sent.query}", sent.ref, bots.own_hosts(request.host_url, wiring().settings)),
    )


def _answer(
    sent: ViewMessage, page: PageOfShop, shown: Shown, caller: Caller, setting: InvitationSettings | None
) -> dict[str, Any]:
    w, visitor = wiring(), shown.visitor
    quiz = shown.quiz and _spoken(shown.quiz, sent.lang)
    base, proven = here(), caller.proven or shown.finished in page.begun
    answer: dict[str, Any] = {
        "token": visitor and identity.cart_token(w.signer, visitor),
        "view": shown.view,
        "invite": quiz and words(quiz, setting, base=base, finished=shown.finished, proven=proven),
    }
    if visitor is not None and not page.guest.known and _is_of_another_site():
        answer["key"] = handover.key_of(w.signer, visitor)
    if caller.refuses and sent.token != REFUSED:
        answer["forget"] = True
    return answer


def _spoken(live: LiveQuiz, page: str) -> LiveQuiz:
    """Return a quiz in the language of the shop's page, else in the one that the browser asks for."""
    return live.speaking(nearest(page, live.languages) or asked.asked(live.languages, default=live.quiz.language))


def _is_of_another_site() -> bool:
    """Tell whether a browser says that the shop is on another site, where it keeps no cookie of ours."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"
