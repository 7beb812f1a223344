"""The shopper's own record over HTTP: seen and deleted by whoever holds the key of the attempt, and nobody else."""

import logging
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.i18n.words import marked, words_in
from quizfunnel.journey import keys
from quizfunnel.journey.views import OwnAttempt, own_attempt
from quizfunnel.privacy import forget, mine
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.pages import MinePage
from quizfunnel.privacy.subjects import Subjects
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.visit import consent, identity
from quizfunnel.visit.erasure import ErasureKey, KeyMissing
from quizfunnel.web import cookies
from quizfunnel.web.language import asked
from quizfunnel.web.pages import MessagePage
from quizfunnel.web.posted import posted
from quizfunnel.web.render import render
from quizfunnel.web.security import carries_token
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("privacy", __name__)

log = logging.getLogger(__name__)

DONE = "/mine/deleted"
_NOT_SURE = marked("Tick the box first: what is deleted cannot be brought back.")


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the application that this room is wired with."""

    shelf: Shelf
    erasures: ErasureKey


@blueprint.get("/mine/<attempt>")
def show(attempt: str) -> BaseResponse:
    """Show what is kept of a shopper, in words."""
    return _page(attempt)


@blueprint.post("/mine/<attempt>")
def delete(attempt: str) -> BaseResponse:
    """Delete what is kept, once it is confirmed; the browser forgets it too."""
    w = wiring()
    if "yes" not in posted("sure"):
        return _page(attempt, error=_NOT_SURE)
    with reading(w.engine) as connection:
        own = own_attempt(connection, attempt)
    _forget(own)
    response = redirect(f"{DONE}{asked.query()}", 303)
    cookies.forget(response, keys.cookie_name(attempt, secure=w.settings.secure))
    if _visitor(own):
        for name in (identity.cookie_name(secure=w.settings.secure), consent.COOKIE):
            cookies.forget(response, name)
    return response


@blueprint.get(DONE)
def deleted() -> Response:
    """Say that it is done."""
    say = words_in(asked.page_language())
    text = say("Nothing of them is kept here any more. If you ordered something, the shop knows it as before.")
    page = MessagePage(say.language, say("Your answers are deleted"), text, home(), say("Go to the shop"))
    return asked.varied(render("shopper/message.html", page))


def _parts() -> Parts:
    room: Parts = current_app.extensions["privacy"]
    return room


def _visitor(own: OwnAttempt) -> str | None:
    """Return the visitor whom this browser is remembered as, None to who has nothing but an attempt's address."""
    return own.row.visitor_id if own.key != "address" else None


def _forget(own: OwnAttempt) -> None:
    """Forget the visitor with every attempt, or the one attempt; 503 where it cannot be listed, and nothing is done."""
    visitor = _visitor(own)
    wanted = Subjects(frozenset({visitor} if visitor else ()), frozenset({own.row.id}))
    keeper = Keeper(wiring().engine, _parts().erasures, wiring().settings.disclosures, scrub=False)
    try:
        forget.forget(keeper, wanted, now=wiring().clock.now(), by="shopper")
    except (KeyMissing, OSError) as error:
        log.error("a shopper's answers could not be deleted: %s", error)  # noqa: TRY400 - it says what to do
        raise DatabaseAway("the list of erasures cannot be written") from error


def _page(attempt: str, *, error: str = "") -> BaseResponse:
    with reading(wiring().engine) as connection:
        own = own_attempt(connection, attempt)
        if (
            request.method == "GET"
            and not own.access
            and carries_token(request.query_string.decode("ascii", "replace"))
        ):
            return redirect(request.path, 303)  # whoever copies an address with a token gives rights away
        pinned = _parts().shelf.pinned(own.row.version, own.row.quiz)
        live = pinned and pinned.speaking(own.row.language)
        visitor = _visitor(own)
        say = live.quiz.say if live else words_in(asked.page_language())
        record = mine.own_record(connection, attempt, live, visitor=visitor, say=say)
    token = f"?t={own.access}" if own.access else ""
    page = MinePage(
        lang=say.language,
        title=live.quiz.title if live else own.row.quiz,
        **record._asdict(),
        whole=visitor is not None,
        delete_action=f"{request.path}{token}",
        back=_back(own, live, token),
        access=own.access,
        error=say(error) if error else "",
    )
    return render("shopper/mine.html", page, status=422 if error else 200)


def _back(own: OwnAttempt, live: LiveQuiz | None, token: str) -> str:
    """Return the address that leads back into the quiz, empty where it has ended."""
    shelf = _parts().shelf
    is_served = shelf.live(own.row.quiz) or shelf.renamed(own.row.quiz)
    return f"/a/{own.row.id}{token}" if live and is_served else ""
