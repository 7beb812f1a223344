"""The offer's pages: behind the gate the products, before it only the way to the next question."""

import logging
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.journey import progress, record
from quizfunnel.journey.compose import OpenAttempt, next_url, url
from quizfunnel.journey.views import carries_needless_token, open_attempt
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
from quizfunnel.settings import PREFIX
from quizfunnel.store.transaction import reading, write
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.posted import posted
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import render, wants_partial
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("offer", __name__)

_log = FaultLog(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the application that this room is wired with."""

    chooser: Chooser
    shelf: Shelf


class _OpenOffer(NamedTuple):
    opened: OpenAttempt
    answers: dict[str, AnswerValue]
    current: CurrentOffer


@blueprint.get("/a/<attempt>/offer")
def show(attempt: str) -> BaseResponse:
    """Show the offer of a finished attempt; anyone else goes on with the questions."""
    now = wiring().clock.now()

    def verb(connection: Connection) -> _OpenOffer | str:
        offer = _open_offer(connection, attempt)
        if isinstance(offer, _OpenOffer):
            result.record_view(connection, offer.current, at=now)
        return offer

    offer = recorded(wiring().engine, verb, otherwise=lambda connection: _open_offer(connection, attempt))
    return redirect(offer, 303) if isinstance(offer, str) else _page(offer)


@blueprint.post("/a/<attempt>/offer/none")
def none_suits(attempt: str) -> BaseResponse:
    """Take note that none of the products suits, and show the next ones that are allowed."""
    now = wiring().clock.now()
    why = next(iter(posted("why")), "").strip()

    def verb(connection: Connection) -> _OpenOffer | str:
        offer = _open_offer(connection, attempt)
        if isinstance(offer, str):
            return offer
        result.reject(connection, offer.current.id, why=why, at=now)
        again = _open_offer(connection, attempt)
        if isinstance(again, _OpenOffer):
            result.record_view(connection, again.current, at=now)
        return again

    offer = write(wiring().engine, verb)
    if isinstance(offer, str) or not wants_partial():
        return redirect(offer if isinstance(offer, str) else url(offer.opened, "offer"), 303)
    return _page(offer)


@blueprint.get("/go/<attempt>/<product>")
def go(attempt: str, product: str) -> BaseResponse:
    """Record the click and lead on to the store's page of the product, unrecorded where it can't be."""
    now = wiring().clock.now()

    def verb(connection: Connection) -> str:
        offer = _offer_of(connection, attempt, product)
        if isinstance(offer, str):
            return offer
        click = result.record_click(connection, offer_id=offer.current.id, product=product, at=now)
        return _way_to(offer.opened.live, product, wiring().signer.sign_id(signing.CLICK, click))

    def unrecorded(connection: Connection) -> str:
        offer = _offer_of(connection, attempt, product)
        return offer if isinstance(offer, str) else _plain_way_to(offer.opened.live, product)

    return redirect(recorded(wiring().engine, verb, otherwise=unrecorded), 303)


@blueprint.get("/r/<token>")
def shared(token: str) -> Response:
    """Show a result to whom its link was given: products and their properties, no answers, no rights."""
    w = wiring()
    payload = w.signer.verify(signing.RESULT, token)
    version, _, offer = (payload or "").partition(".")
    live = _parts().shelf.pinned(version) if is_id(offer) else None
    if live is None:
        abort(404)
    with reading(w.engine) as connection:
        current = result.by_id(connection, offer, live)
        if current is None:
            abort(404)
        answers = record.answers(connection, current.attempt)
    kept = progress.live_answers(live.quiz, answers)
    page = ResultPage(
        lang=live.quiz.language,
        title=live.quiz.title,
        headline=live.quiz.offer.headline,
        promised=live.quiz.offer.show,
        cards=describe.shared_cards(live, current.first, lambda item: _plain_way(live, item.product.url)),
        varied=choose.varied(_parts().chooser, live, kept, current.attempt),
        all_url=home(),
        all_label="See all products",
        quiz_url=f"/q/{live.slug}",
    )
    return render("shopper/result.html", page)


def _parts() -> Parts:
    parts: Parts = current_app.extensions["offer"]
    return parts


def _open_offer(connection: Connection, attempt: str) -> _OpenOffer | str:
    """Return an open offer, or the address that its shopper is sent to instead."""
    opened = open_attempt(connection, attempt)
    if request.method == "GET" and carries_needless_token(opened):
        return request.path
    answers = record.answers(connection, attempt)
    waiting = progress.next_question(opened.live.quiz, answers)
    if not gate.is_open(finished=opened.row.finished, unanswered=waiting):
        return next_url(opened, answers)
    kept = progress.live_answers(opened.live.quiz, answers)
    current = result.current_offer(connection, attempt, kept, opened.live)
    if current is None:
        abort(404)
    return _OpenOffer(opened, kept, current)


def _offer_of(connection: Connection, attempt: str, product: str) -> _OpenOffer | str:
    """Return the open offer that a product is in, 404 where it is in none, or the address to go to instead."""
    offer = _open_offer(connection, attempt)
    if not isinstance(offer, str) and product not in _offered(offer):
        abort(404)
    return offer


def _offered(offer: _OpenOffer) -> set[str]:
    items = [item.product.id for item in (*offer.current.first, *offer.current.more)]
    return {*items, *(miss.product.id for miss in _misses(offer))}


def _misses(offer: _OpenOffer) -> list[products.NearMiss]:
    return [] if offer.current.first else relaxed(offer.opened.live, offer.answers)


def _page(offer: _OpenOffer) -> Response:
    opened, quiz, current = offer.opened, offer.opened.live.quiz, offer.current
    w = wiring()

    token = f"?t={opened.access}" if opened.access else ""

    def way(product: str) -> str:
        return f"/go/{opened.row.id}/{product}{token}"

    misses = _misses(offer)
    if misses:
        shown = describe.near(opened.live, misses, way)
    else:
        shown = describe.offered(opened.live, offer.answers, current, way)
    page = OfferPage(
        lang=quiz.language,
        title=quiz.title,
        headline=quiz.offer.headline,
        considered=opened.live.catalog.on_sale,
        products=quiz.offer.products,
        promised=quiz.offer.show,
        answers=describe.chips(quiz, offer.answers, lambda question: url(opened, question)),
        cards=shown.cards,
        shared=shown.shared,
        shared_misses=shown.shared_misses,
        near=shown.near,
        relaxed=describe.relaxed_words(opened.live, misses),
        varied=choose.varied(_parts().chooser, opened.live, offer.answers, opened.row.id),
        none_action=url(opened, "offer/none"),
        all_url=home(),
        all_label="See all products",
        again_action=f"/q/{opened.live.slug}/start{token}",
        copy_url=f"/r/{w.signer.sign(signing.RESULT, f'{opened.row.version}.{current.id}')}",
        mine_url=f"/mine/{opened.row.id}{token}",
        access=opened.access,
        more=shown.more,
        none_said=current.rejected,
        why_said=current.why_said,
    )
    return render("shopper/offer.html", page, partial="shopper/_offer.html")


def _way_to(live: LiveQuiz, product: str, token: str) -> str:
    shop, hosts = home(), _hosts(live)
    target = live.catalog.by_id.get(product)
    address = clicks.in_the_shop(target.url, shop) if target else shop
    if target and not clicks.is_the_stores(address, hosts):
        _log.line(
            address,
            f"a click on {product} leads to the shop's home: its address {address!r} is of none of the hosts that "
            f"{PREFIX}SHOP_URL and {PREFIX}SHOP_HOSTS name ({', '.join(sorted(hosts)) or 'none'})",
        )
    return clicks.target(address, token, hosts=hosts, home=shop) if target else shop


def _plain_way_to(live: LiveQuiz, product: str) -> str:
    target = live.catalog.by_id.get(product)
    return _plain_way(live, target.url) if target else home()


def _plain_way(live: LiveQuiz, address: str) -> str:
    shop = home()
    address = clicks.in_the_shop(address, shop)
    return address if clicks.is_the_stores(address, _hosts(live)) else shop


def _hosts(live: LiveQuiz) -> set[str]:
    """Return the hosts that are the store's: those of the settings, and the one its quiz names for products."""
    settings = wiring().settings
    named = (settings.shop_url, live.quiz.catalog_ref.product_url or "")
    return {*settings.shop_hosts, *(urlsplit(address).hostname or "" for address in named)} - {""}
