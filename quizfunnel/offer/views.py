"""The offer's pages: behind the gate the products, before it only the way to the next question."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.journey import progress, record
from quizfunnel.journey.compose import Opened, next_url, url
from quizfunnel.journey.views import open_attempt
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.offer import (
    choose,
    clicks,
    describe,
    gate,
    products,
    result,
)
from quizfunnel.offer.choose import Chooser, relaxed
from quizfunnel.offer.pages import OfferPage, ResultPage
from quizfunnel.offer.products import CurrentOffer
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.store.transaction import reading, write
from quizfunnel.web.posted import posted
from quizfunnel.web.render import render, wants_partial
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("offer", __name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What app.py hands to this room."""

    chooser: Chooser
    shelf: Shelf


class _Found(NamedTuple):
    opened: Opened
    answers: dict[str, AnswerValue]
    standing: CurrentOffer


@blueprint.get("/a/<attempt>/offer")
def show(attempt: str) -> BaseResponse:
    """Show the offer of a finished attempt; anyone else goes on with the questions."""
    now = wiring().clock.now()

    def verb(connection: Connection) -> _Found | str:
        found = _find(connection, attempt)
        if isinstance(found, _Found):
            result.record_view(connection, found.standing, at=now)
        return found

    found = write(wiring().engine, verb)
    return redirect(found, 303) if isinstance(found, str) else _page(found)


@blueprint.post("/a/<attempt>/offer/none")
def none_suits(attempt: str) -> BaseResponse:
    """Take note that none of the products suits, and show the next ones that are allowed."""
    now = wiring().clock.now()
    why = next(iter(posted("why")), "").strip()

    def verb(connection: Connection) -> _Found | str:
        found = _find(connection, attempt)
        if isinstance(found, str):
            return found
        result.reject(connection, found.standing.id, why=why, at=now)
        again = _find(connection, attempt)
        if isinstance(again, _Found):
            result.record_view(connection, again.standing, at=now)
        return again

    found = write(wiring().engine, verb)
    if isinstance(found, str) or not wants_partial():
        return redirect(found if isinstance(found, str) else url(found.opened, "offer"), 303)
    return _page(found, why_said=bool(why))


@blueprint.get("/go/<attempt>/<product>")
def go(attempt: str, product: str) -> BaseResponse:
    """Record the click and lead on to the store's page of the product."""
    now = wiring().clock.now()

    def verb(connection: Connection) -> str:
        found = _find(connection, attempt)
        if isinstance(found, str):
            return found
        shown = next((item for item in _offered(found) if item == product), None)
        if shown is None:
            abort(404)
        click = result.record_click(connection, offer_id=found.standing.id, product=product, at=now)
        return _way_to(found.opened.live, product, wiring().signer.sign(signing.CLICK, click))

    return redirect(write(wiring().engine, verb), 303)


@blueprint.get("/r/<token>")
def shared(token: str) -> Response:
    """Show a result to whom its link was given: products and reasons, no answers, no rights."""
    w = wiring()
    payload = w.signer.verify(signing.RESULT, token)
    version, _, offer = (payload or "").partition(".")
    live = _parts().shelf.pinned(version) if is_id(offer) else None
    if live is None:
        abort(404)
    with reading(w.engine) as connection:
        standing = result.by_id(connection, offer, live)
        if standing is None:
            abort(404)
        answers = record.answers(connection, standing.attempt)
    kept = progress.live_answers(live.quiz, answers)
    page = ResultPage(
        lang=live.quiz.language,
        title=live.quiz.title,
        headline=live.quiz.offer.headline,
        promised=live.quiz.offer.show,
        cards=describe.cards(standing.first, lambda item: _plain_way(live, item.product.url)),
        varied=choose.varied(_parts().chooser, live, kept, standing.attempt),
        all_url=w.settings.shop_url or "/",
        all_label="See all products",
        quiz_url=f"/q/{live.slug}",
    )
    return render("shopper/result.html", page)


def _parts() -> Parts:
    found: Parts = current_app.extensions["offer"]
    return found


def _find(connection: Connection, attempt: str) -> _Found | str:
    """Return an open offer, or the address that its shopper is sent to instead."""
    opened = open_attempt(connection, attempt)
    answers = record.answers(connection, attempt)
    waiting = progress.next_question(opened.live.quiz, answers)
    if not gate.is_open(finished=opened.row.finished, unanswered=waiting):
        return next_url(opened, answers)
    kept = progress.live_answers(opened.live.quiz, answers)
    standing = result.standing(connection, attempt, kept, opened.live)
    if standing is None:
        abort(404)
    return _Found(opened, kept, standing)


def _offered(found: _Found) -> set[str]:
    items = [item.product.id for item in (*found.standing.first, *found.standing.more)]
    return {*items, *(miss.product.id for miss in _misses(found))}


def _misses(found: _Found) -> list[products.NearMiss]:
    return [] if found.standing.first else relaxed(found.opened.live, found.answers)


def _page(found: _Found, *, why_said: bool = False) -> Response:
    opened, quiz, standing = found.opened, found.opened.live.quiz, found.standing
    w = wiring()

    def way(product: str) -> str:
        suffix = f"?t={opened.access}" if opened.access else ""
        return f"/go/{opened.row.id}/{product}{suffix}"

    misses = _misses(found)
    page = OfferPage(
        lang=quiz.language,
        title=quiz.title,
        headline=quiz.offer.headline,
        considered=len(opened.live.catalog.products),
        promised=quiz.offer.show,
        answers=describe.chips(quiz, found.answers, lambda question: url(opened, question)),
        cards=describe.cards(standing.first, lambda item: way(item.product.id)),
        near=describe.near(opened.live, misses, way),
        relaxed=describe.relaxed_words(opened.live, misses),
        varied=choose.varied(_parts().chooser, opened.live, found.answers, opened.row.id),
        none_action=f"{url(opened, 'offer').partition('?')[0]}/none",
        all_url=w.settings.shop_url or "/",
        all_label="See all products",
        again_action=f"/q/{opened.live.slug}/start",
        copy_url=f"/r/{w.signer.sign(signing.RESULT, f'{opened.row.version}.{standing.id}')}",
        access=opened.access,
        more=describe.cards(standing.more, lambda item: way(item.product.id)) if standing.rejected else (),
        none_said=standing.rejected,
        why_said=why_said,
    )
    response = render("shopper/offer.html", page, partial="shopper/_offer.html")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _way_to(live: LiveQuiz, product: str, token: str) -> str:
    w = wiring()
    home = w.settings.shop_url or "/"
    found = live.catalog.by_id.get(product)
    return clicks.target(found.url, token, hosts=_hosts(live), home=home) if found else home


def _plain_way(live: LiveQuiz, address: str) -> str:
    return address if clicks.is_the_stores(address, _hosts(live)) else wiring().settings.shop_url or "/"


def _hosts(live: LiveQuiz) -> set[str]:
    """Return the hosts that are the store's: those of the settings, and the one its quiz names for products."""
    settings = wiring().settings
    named = (settings.shop_url, live.quiz.catalog_ref.product_url or "")
    return {*settings.shop_hosts, *(urlsplit(address).hostname or "" for address in named)} - {""}
