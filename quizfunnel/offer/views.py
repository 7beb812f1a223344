"""The offer's pages: behind the gate the products, before it only the way to the next question."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.catalog.product import Product
from quizfunnel.journey import progress, record
from quizfunnel.journey.compose import in_language, next_url, url
from quizfunnel.journey.views import carries_needless_token, open_attempt
from quizfunnel.kit import signing
from quizfunnel.kit.ids import is_id
from quizfunnel.offer import choose, describe, gate, result
from quizfunnel.offer.choose import Chooser
from quizfunnel.offer.compose import MOST_AT_ONCE, OpenOffer, SiteFacts, offer_page, offered
from quizfunnel.offer.facts.differences import differences
from quizfunnel.offer.links.basket import CartTokens
from quizfunnel.offer.links.of_product import Links
from quizfunnel.offer.links.shop import ShopLinks
from quizfunnel.offer.pages import ResultPage
from quizfunnel.offer.preview import preview
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.texts.mentions import public_headline
from quizfunnel.settings import PREFIX
from quizfunnel.store.transaction import reading, write
from quizfunnel.visit.identity import cart_token
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.framing.request import may_be_framed
from quizfunnel.web.language import asked
from quizfunnel.web.posted import posted
from quizfunnel.web.recording import recorded
from quizfunnel.web.render import render, wants_partial
from quizfunnel.web.wiring import home, whole, wiring

blueprint = Blueprint("offer", __name__)

_log = FaultLog(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the application that this room is wired with."""

    chooser: Chooser
    shelf: Shelf


@blueprint.get("/a/<attempt>/offer")
@may_be_framed
def show(attempt: str) -> BaseResponse:
    """Show the offer of a finished attempt; anyone else goes on with the questions."""
    now = wiring().clock.now()

    def verb(connection: Connection) -> OpenOffer | str:
        offer = _open_offer(connection, attempt)
        if isinstance(offer, OpenOffer):
            result.record_view(connection, offer.current, at=now)
        return offer

    offer = recorded(wiring().engine, verb, otherwise=lambda connection: _open_offer(connection, attempt))
    return redirect(offer, 303) if isinstance(offer, str) else _page(offer)


@blueprint.post("/a/<attempt>/offer/none")
@may_be_framed
def none_suits(attempt: str) -> BaseResponse:
    """Take note that none of the products suits, and show the next ones that are allowed."""
    now = wiring().clock.now()
    why = next(iter(posted("why")), "").strip()

    def verb(connection: Connection) -> OpenOffer | str:
        offer = _open_offer(connection, attempt)
        if isinstance(offer, str):
            return offer
        result.reject(connection, offer.current.id, why=why, at=now)
        again = _open_offer(connection, attempt)
        if isinstance(again, OpenOffer):
            result.record_view(connection, again.current, at=now)
        return again

    offer = write(wiring().engine, verb)
    if isinstance(offer, str) or not wants_partial():
        return redirect(offer if isinstance(offer, str) else url(offer.opened, "offer"), 303)
    return _page(offer)


@blueprint.get("/go/<attempt>/<product>")
def go(attempt: str, product: str) -> BaseResponse:
    """Record the click and lead on to the product's page in the store, or into its basket; unrecorded if need be."""
    wanted, variant = "basket" in request.args, request.args.get("variant", "")
    target = _led_on(attempt, [product], lambda links, chosen: wanted and links.adds(chosen[0]), variant=variant)
    return redirect(target, 303)


@blueprint.get("/go/<attempt>")
def go_with_several(attempt: str) -> BaseResponse:
    """Record a click for each of several products and lead on into the basket, where the shop takes them at once."""
    wanted = list(dict.fromkeys(request.args.getlist("product")))[:MOST_AT_ONCE]
    if not wanted:
        abort(404)
    return redirect(_led_on(attempt, wanted, ShopLinks.adds_all), 303)


@blueprint.get("/r/<token>")
def shared(token: str) -> Response:
    """Show a result to whom its link was given: products and their properties, no answers, no rights."""
    w = wiring()
    payload = w.signer.verify(signing.RESULT, token)
    version, _, offer = (payload or "").partition(".")
    live = _parts().shelf.pinned(version) if is_id(offer) else None
    if live is None:
        abort(404)
    live = live.speaking(asked.asked(live.languages, default=live.quiz.language))
    with reading(w.engine) as connection:
        current = result.by_id(connection, offer, live)
        if current is None:
            abort(404)
        answers = record.answers(connection, current.attempt)
    kept = progress.live_answers(live.quiz, answers)
    links, now, say = ShopLinks.of(w.settings, live), w.clock.now(), live.quiz.say
    shown, here = [item.product for item in current.first], whole(request.path)
    cards = describe.shared_cards(
        live, current.first, lambda product: describe.card(product, Links(links.page(product)), now, say)
    )
    page = ResultPage(
        lang=live.quiz.language,
        title=live.quiz.title,
        headline=public_headline(live.quiz),
        promised=live.quiz.offer.promised,
        cards=cards,
        varied=choose.varied(_parts().chooser, live, kept, current.attempt),
        all_url=home(),
        all_label=live.quiz.say("See all products"),
        quiz_url=in_language(f"/q/{live.slug}", live),
        copy_url=request.path,
        result_address=here,
        preview=preview(here, shown, say, without=live.quiz.title),
        differences=None if live.quiz.offer.sections else differences(live.quiz, shown, now, answers={}),
        sections=describe.with_cards(live.quiz, current.first, cards),
    )
    return asked.varied(render("shopper/result.html", page))


def _parts() -> Parts:
    parts: Parts = current_app.extensions["offer"]
    return parts


def _open_offer(connection: Connection, attempt: str) -> OpenOffer | str:
    """Return an open offer, or the address that its shopper is sent to instead."""
    opened = open_attempt(connection, attempt)
    if request.method == "GET" and carries_needless_token(opened):
        others = [(name, value) for name, value in request.args.items(multi=True) if name != "t"]
        return f"{request.path}?{urlencode(others)}" if others else request.path
    answers = record.answers(connection, attempt)
    waiting = progress.next_question(opened.live.quiz, answers)
    if not gate.is_open(finished=opened.row.finished, unanswered=waiting):
        return next_url(opened, answers)
    kept = progress.live_answers(opened.live.quiz, answers)
    current = result.current_offer(connection, attempt, kept, opened.live)
    if current is None:
        abort(404)
    return OpenOffer(opened, kept, current)


def _led_on(
    attempt: str, wanted: Sequence[str], adds: Callable[[ShopLinks, Sequence[Product]], bool], *, variant: str = ""
) -> str:
    """Return where a click on products leads, after it is recorded where it can be; of one it may choose a variant."""
    w = wiring()
    now = w.clock.now()

    def of(connection: Connection, *, record: bool) -> str:
        offer = _offer_of(connection, attempt, wanted)
        if isinstance(offer, str):
            return offer
        links = ShopLinks.of(w.settings, offer.opened.live)
        of_id = offer.opened.live.catalog.by_id
        chosen = [product.chosen(variant) for id in wanted if (product := of_id.get(id))]
        if not chosen:
            return links.home
        added = adds(links, chosen)
        reached = chosen if added else chosen[:1]  # only a basket takes several: a page is one product's
        tokens = _recorded(connection, offer, reached, at=now) if record else []
        if added:
            return links.into_basket(chosen, tokens)
        _log_strange(links, chosen[0])
        return links.page(chosen[0], tokens[0].click if tokens else "")

    return recorded(w.engine, partial(of, record=True), otherwise=partial(of, record=False))


def _recorded(connection: Connection, offer: OpenOffer, chosen: Sequence[Product], *, at: datetime) -> list[CartTokens]:
    """Record a click on each product and return the tokens that go along."""
    signer, visitor = wiring().signer, offer.opened.row.visitor_id
    # who is in a holdout's arms has the token by the snippet, in both alike: by the offer only one arm would
    travels = visitor is not None and not result.is_in_holdout(connection, visitor)
    of_visitor = cart_token(signer, visitor) if visitor and travels else ""
    ids = [result.record_click(connection, offer_id=offer.current.id, product=product.id, at=at) for product in chosen]
    return [CartTokens(signer.sign_id(signing.CLICK, id), of_visitor) for id in ids]


def _offer_of(connection: Connection, attempt: str, wanted: Sequence[str]) -> OpenOffer | str:
    """Return the open offer that products are in, 404 where one is not, or the address to go to instead."""
    offer = _open_offer(connection, attempt)
    if not isinstance(offer, str) and not offered(offer).issuperset(wanted):
        abort(404)
    return offer


def _page(offer: OpenOffer) -> Response:
    w, opened = wiring(), offer.opened
    shared_url = f"/r/{w.signer.sign(signing.RESULT, f'{opened.row.version}.{offer.current.id}')}"
    facts = SiteFacts(
        links=ShopLinks.of(w.settings, opened.live),
        home=home(),
        shared_url=shared_url,
        shared_address=whole(shared_url),
        varied=choose.varied(_parts().chooser, opened.live, offer.answers, opened.row.id),
        now=w.clock.now(),
    )
    return render("shopper/offer.html", offer_page(offer, facts), partial="shopper/_offer.html")


def _log_strange(links: ShopLinks, product: Product) -> None:
    if not links.is_of_the_store(product):
        address = links.address(product)
        _log.line(
            address,
            f"a click on {product.id} leads to the shop's home: its address {address!r} is of none of the hosts that "
            f"{PREFIX}SHOP_URL and {PREFIX}SHOP_HOSTS name ({', '.join(sorted(links.hosts)) or 'none'})",
        )
