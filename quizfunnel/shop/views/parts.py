"""Parts of the app that the shop's room was handed, and the messages of its snippet as they come in."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, current_app, request
from pydantic import BaseModel
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shop import messages
from quizfunnel.shop.invite import Host, Plan, StandingQuizzes
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.wiring import wiring

PATHS = ("/s", "/s/end", "/s/event", "/s/consent", "/s/handover")
"""Addresses that the shop's pages write to."""

M = TypeVar("M", bound=BaseModel)

_log = FaultLog(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class Parts:
    """The quizzes, the plan of experiments, and what hands a browser's attempts over to their cookies."""

    shelf: Shelf
    plan: Plan
    hand_over: Callable[[BaseResponse, str], None]


def parts() -> Parts:
    """Return this room's parts of the running app."""
    room: Parts = current_app.extensions["shop"]
    return room


def host() -> Host:
    """Return the shop that invites, with its quizzes as they are now."""
    w, room = wiring(), parts()
    return Host(StandingQuizzes(room.shelf), w.settings, room.plan, lambda text: w.signer.digest("arm", text))


def require_shop() -> None:
    """Answer 404 where no shop is connected, and say in the log which setting connects one."""
    if not wiring().settings.shop.origins:
        _log.line(
            "shop", f"{request.path} was asked for, and no shop is connected: set origins in [shop], docs/shop.md"
        )
        abort(404, "No shop is connected here: [shop] origins is not set.")


def require_event(name: str) -> None:
    """Answer 400 to an event that the settings don't list, by its name, which whoever writes the page must see."""
    events = wiring().settings.shop.events
    if name not in events:
        listed = f"[shop] events are {', '.join(events)}" if events else "[shop] events is not set"
        _log.line("event", f"an event was refused: it is called {name!r}, and {listed}")
        abort(400, f"Only listed events are kept (this one is called {name!r}; {listed}).")


def read_message(kind: type[M]) -> M:
    """Return the message that was sent; 413 for a longer one, 400 for a body that is none."""
    require_shop()
    size = request.content_length or 0
    if size > messages.MOST_BYTES:
        abort(413, f"A message has up to {messages.MOST_BYTES} bytes.")
    message = messages.read(kind, request.get_data())
    if message is None:
        abort(400, "This is no message of the snippet.")
    return message
