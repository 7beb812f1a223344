"""Composition of the offer's page from an offer as it stands and the answers that it was chosen for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from quizfunnel.catalog.product import Product
from quizfunnel.journey.compose import OpenAttempt, url
from quizfunnel.offer import describe
from quizfunnel.offer.allowed import considered
from quizfunnel.offer.choose import relaxed
from quizfunnel.offer.facts.differences import DifferenceTable, differences
from quizfunnel.offer.links.of_product import RecordedLinks
from quizfunnel.offer.links.shop import ShopLinks
from quizfunnel.offer.pages import AllInBasket, OfferPage, SectionView
from quizfunnel.offer.products import CurrentOffer, NearMiss
from quizfunnel.quiz.rules import rules
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.quiz.texts.mentions import filled

MOST_AT_ONCE = 12  # products of one click: the basket's address names each with its tokens, and proxies cut long ones

_Misses = dict[str, list[NearMiss]]


class OpenOffer(NamedTuple):
    """An offer that this browser may see: the attempt that it is of, and the answers that it was chosen for."""

    opened: OpenAttempt
    answers: dict[str, AnswerValue]
    current: CurrentOffer


class SiteFacts(NamedTuple):
    """Facts of the running site that the page states: its links, the share of offers that it varies, the time.

    `shared_url` is the shared result's, `shared_address` the whole of it.
    """

    links: ShopLinks
    home: str
    shared_url: str
    shared_address: str
    varied: float
    now: datetime


def offered(offer: OpenOffer) -> set[str]:
    """Return the ids of all products that the offer's page may lead to."""
    items = [item.product.id for item in (*offer.current.first, *offer.current.more)]
    return {*items, *(miss.product.id for misses in _misses(offer).values() for miss in misses)}


def offer_page(offer: OpenOffer, site: SiteFacts) -> OfferPage:
    """Return the page of an open offer."""
    opened, quiz, current = offer.opened, offer.opened.live.quiz, offer.current
    token = f"?t={opened.access}" if opened.access else ""
    misses, plain = _misses(offer), _card_maker(offer, site)
    shown = _shown(offer, misses.get("", ()), plain)
    return OfferPage(
        lang=quiz.language,
        title=quiz.title,
        headline=filled(quiz.offer.headline, quiz, offer.answers),
        considered=considered(opened.live),
        products=quiz.offer.products,
        promised=quiz.offer.promised,
        answers=describe.chips(quiz, offer.answers, lambda question: url(opened, question)),
        cards=shown.cards,
        shared=shown.shared,
        shared_misses=shown.shared_misses,
        near=shown.near,
        relaxed=describe.relaxed_words(opened.live, offer.answers, misses.get("", ())),
        varied=site.varied,
        none_action=url(opened, "offer/none"),
        all_url=site.home,
        all_label=quiz.say("See all products"),
        again_action=opened.again,
        copy_url=site.shared_url,
        result_address=site.shared_address,
        mine_url=f"/mine/{opened.row.id}{token}",
        access=opened.access,
        all_in_basket=_all_in_basket(site.links, opened, [item.product for item in current.first]),
        differences=None if quiz.offer.sections else _differences(offer, current, misses.get("", ()), now=site.now),
        sections=_sections(offer, shown, misses, plain, now=site.now),
        more=shown.more,
        none_said=current.rejected,
        why_said=current.why_said,
        measured=opened.measured,
        frame=opened.frame,
    )


def _misses(offer: OpenOffer) -> _Misses:
    """Return the closest products where none fits, by the section that nothing fits; without sections by no name."""
    live, current = offer.opened.live, offer.current
    if not live.quiz.offer.sections:
        return {} if current.first else {"": relaxed(live, offer.answers)}
    there = {item.product.id for item in (*current.first, *current.more)}
    misses: _Misses = {}
    for section in live.quiz.offer.sections:
        if not current.of(section.id).first:
            near = relaxed(live, offer.answers, section.show + 1, section=section, without=there)
            misses[section.id] = near
            there |= {miss.product.id for miss in near}
    return misses


def _card_maker(offer: OpenOffer, site: SiteFacts) -> describe.ProductCard:
    """Return the way from a product to its card on the page of this offer."""
    opened, quiz = offer.opened, offer.opened.live.quiz
    ways = RecordedLinks(site.links, opened.row.id, opened.access, rules(quiz, offer.answers))
    say = quiz.say
    return lambda product: describe.card(product, ways.of(product), site.now, say)


def _shown(offer: OpenOffer, misses: Sequence[NearMiss], plain: describe.ProductCard) -> describe.Offered:
    """Return the products in words: what fits, or where nothing does the closest."""
    live = offer.opened.live
    if misses:
        return describe.near(live, offer.answers, misses, plain)
    return describe.offered(live, offer.answers, offer.current, plain)


def _sections(
    offer: OpenOffer, shown: describe.Offered, misses: _Misses, plain: describe.ProductCard, *, now: datetime
) -> tuple[SectionView, ...]:
    """Return the sections of the offer's page, none where it has none."""
    live, current = offer.opened.live, offer.current
    closest = {section: describe.closest(live, offer.answers, each, plain) for section, each in misses.items()}
    views = describe.by_section(live, current, shown, closest)
    return tuple(
        view._replace(differences=_differences(offer, current.of(view.id), misses.get(view.id, ()), view.id, now=now))
        for view in views
    )


def _differences(
    offer: OpenOffer, current: CurrentOffer, misses: Sequence[NearMiss], part: str = "", *, now: datetime
) -> DifferenceTable | None:
    """Return what differs between products that are before the shopper, of an offer or of one section, its `part`."""
    quiz = offer.opened.live.quiz
    shown = [item.product for item in current.shown] or [miss.product for miss in misses]
    table = differences(quiz, shown, now, answers=offer.answers)
    return table._replace(part=part) if table else None


def _all_in_basket(links: ShopLinks, opened: OpenAttempt, products: Sequence[Product]) -> AllInBasket | None:
    """Return the way to buy all that is shown at once, None where one click cannot add every one of them."""
    currencies = {product.currency for product in products}
    several = 1 < len(products) <= MOST_AT_ONCE and links.adds_all(products)
    if not several or len(currencies) != 1:
        return None
    pairs = [*(("product", product.id) for product in products), *([("t", opened.access)] if opened.access else [])]
    total = sum(product.price for product in products)
    return AllInBasket(f"/go/{opened.row.id}?{urlencode(pairs)}", len(products), total, currencies.pop())
