"""Visitors over HTTP: the guest who sent a request, its cookie, and the answer to the question of consent."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, redirect, request
from flask.globals import request_ctx
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.kit.ids import new_id
from quizfunnel.visit import bots, consent, identity
from quizfunnel.visit.identity import Guest
from quizfunnel.web import cookies, recording
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("visit", __name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The part of the app that app.py hands to this room.

    `hand_over` lets a browser go on with what it began as a visitor whose cookie it is about to lose.
    """

    hand_over: Callable[[BaseResponse, str], None]


def current_guest() -> Guest:
    """Return the guest who sent this request; a new visitor's id is drawn once a request and kept by `keep_cookie`."""
    guest: Guest | None = g.get("guest")
    if guest is None:
        guest = g.guest = _read_guest()
    return guest


def returning() -> tuple[str | None, bool]:
    """Return the visitor's id that the browser brought, and whether it may be remembered; quicker than a guest.

    Where it may not the id opens what the visitor began, and is kept with nothing new.
    """
    w, environ = wiring(), request_ctx.request.environ
    cookies = environ.get("HTTP_COOKIE", "")
    allowed = consent.given(
        w.settings.consent, identity.pick(cookies, consent.COOKIE), opted_out=environ.get("HTTP_SEC_GPC") == "1"
    )
    brought = identity.pick(cookies, identity.cookie_name(secure=w.settings.secure))
    return identity.read_cookie(w.signer, brought), allowed


def keep_cookie(response: BaseResponse) -> BaseResponse:
    """Give a new visitor that is recorded its cookie; one that the browser brought along is not extended."""
    guest = current_guest()
    if guest.visitor_id is not None and not guest.known and guest.kind != "bot" and not recording.has_failed():
        name = identity.cookie_name(secure=wiring().settings.secure)
        cookies.keep(response, name, identity.sign_cookie(wiring().signer, guest.visitor_id), kept=identity.KEPT)
    return response


@blueprint.post("/consent")
def decide() -> BaseResponse:
    """Keep the visitor's yes or no; after a no its identity is forgotten, and what it began goes on without it."""
    choice = request.form.get("choice")
    if choice not in ("yes", "no"):
        abort(422, "Choose yes or no.")
    response = redirect(_local(request.form.get("next")), 303)
    cookies.keep(response, consent.COOKIE, choice, kept=identity.KEPT)
    if choice == "no":
        room: Parts = current_app.extensions["visit"]
        if visitor := returning()[0]:
            room.hand_over(response, visitor)
        cookies.forget(response, identity.cookie_name(secure=wiring().settings.secure))
    return response


def _read_guest() -> Guest:
    headers = request.headers
    brought, allowed = returning()
    if allowed and brought is not None:
        return Guest(brought, True, *_kind(), allowed, "", "")
    agent = headers.get("User-Agent", "")
    return Guest(
        new_id() if allowed else None,
        False,
        *_kind(),
        allowed,
        bots.device(agent, headers.get("Sec-CH-UA-Mobile")),
        bots.channel(request.url, headers.get("Referer", ""), _own_hosts()),
    )


def _own_hosts() -> tuple[str, ...]:
    settings = wiring().settings
    named = (request.host_url, settings.shop_url)
    return (*(urlsplit(url).hostname or "" for url in named), *settings.shop_hosts)


def _kind() -> tuple[str, str]:
    return bots.kind(dict(request.headers))


def _local(path: str | None) -> str:
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
