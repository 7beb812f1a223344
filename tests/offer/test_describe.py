"""The offer in words: a miss stands apart from reasons, what is true of all is said once, cards set products apart."""

from dataclasses import replace
from typing import Any

import pytest

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.i18n.words import words_in
from quizfunnel.offer import describe, reasons
from quizfunnel.offer.choose import relaxed
from quizfunnel.offer.links.of_product import Links
from quizfunnel.offer.pages import Card
from quizfunnel.offer.products import CurrentOffer, ShownProduct
from quizfunnel.quiz.live_quiz import LiveQuiz
from tests.cast import NOON, product
from tests.quiz import small

SCALE = {"from": 1, "to": 5, "step": 1, "low": "Mild", "high": "Very strong"}
STRENGTH = {"id": "strength", "ask": "How strong?", "pick": "scale", "scale": SCALE, "near": {"strength": 3}}
BUDGET = {
    "id": "budget",
    "ask": "How much?",
    "pick": "scale",
    "scale": {"from": 8, "to": 30, "step": 2, "unit": "GBP"},
    "limits": "price",
}
ROAST = {
    "id": "roast",
    "ask": "Which roast?",
    "pick": "one",
    "choices": [
        {"id": "dark", "label": "Dark", "favours": {"tag:dark-roast": 1, "tag:beans": 1}},
        {"id": "light", "label": "Light", "favours": {"tag:light-roast": 1}},
    ],
}


def shop(*products: Product, questions: tuple[dict[str, Any], ...] = (STRENGTH, ROAST, BUDGET)) -> LiveQuiz:
    """Return a quiz over some products."""
    return LiveQuiz("small", "f" * 64, small.quiz_of(list(questions)), Catalog(products))


def current(*items: tuple[Product, list[str]], first: int | None = None) -> CurrentOffer:
    """Return an offer of products with their stored reasons, the first of them shown at once."""
    shown = tuple(ShownProduct(rank, one, list(told)) for rank, (one, told) in enumerate(items, start=1))
    split = len(shown) if first is None else first
    return CurrentOffer("o", "a", "rules", first is not None, False, shown[:split], shown[split:])


def card(one: Product) -> Card:
    """Return a product's card as the page would have it."""
    return describe.card(one, Links(f"/go/{one.id}"), NOON, words_in("en"))


def offered(live: LiveQuiz, offer: CurrentOffer, **answers: Any) -> describe.Offered:
    """Return an offer as its page shows it."""
    return describe.offered(live, answers, offer, card)


def strong(id: str, strength: float | None, *tags: str) -> Product:
    """Return a product of a strength."""
    return product(id, tags=tags, attributes={} if strength is None else {"strength": strength})


@pytest.mark.parametrize(
    ("has", "asked", "told"),
    [
        (3.0, 3.0, []),
        (3.25, 3.0, []),
        (2.0, 3.0, ["A little milder than you asked: strength 2 of 5"]),
        (4.0, 3.0, ["A little stronger than you asked: strength 4 of 5"]),
        (1.0, 5.0, ["Milder than you asked: strength 1 of 5"]),
        (None, 3.0, []),
        (2.0, None, []),
    ],
)
def test_a_miss_is_told_apart(has: float | None, asked: float | None, told: list[str]) -> None:
    """On which side and whether by a little; nothing where it fits, is not known, or was skipped."""
    live = shop(strong("a", has))
    assert reasons.misses(live.quiz, live.catalog.products[0], {"strength": asked}) == told
    (card,) = offered(live, current((live.catalog.products[0], [])), strength=asked).cards
    assert list(card.misses) == told
    assert not set(told) & set(card.reasons)


def test_a_miss_in_other_words() -> None:
    """Ends that are no adjectives, other languages, prices: by more and less, above and below."""
    plain = STRENGTH | {"scale": SCALE | {"low": "", "high": "Max"}}
    near_price = BUDGET | {"limits": "", "near": {"price": 2}}
    live = shop(product("a", price=1250, attributes={"strength": 2.0}), questions=(plain, near_price))
    told = reasons.misses(live.quiz, live.catalog.products[0], {"strength": 3.0, "budget": 10.0})
    assert told == ["Strength 2 of 5, a little less than you asked", "A little above the £10 you asked for"]


def test_a_sensitive_wish_has_no_miss() -> None:
    """It would repeat the answer."""
    live = shop(strong("a", 1.0), questions=(STRENGTH | {"sensitive": True, "why": "So that it fits."},))
    assert reasons.misses(live.quiz, live.catalog.products[0], {"strength": 5.0}) == []


def test_what_is_true_of_all_is_said_once() -> None:
    """Reasons and misses that every card has stand above them, and each card keeps its own."""
    one, other = strong("a", 2.0), strong("b", 2.0)
    live = shop(one, other)
    page = offered(live, current((one, ["A", "B", "All"]), (other, ["C", "All"])), strength=3.0)
    assert page.shared == ("All",)
    assert page.shared_misses == ("A little milder than you asked: strength 2 of 5",)
    assert [(card.reasons, card.misses) for card in page.cards] == [(("A", "B"), ()), (("C",), ())]


def test_a_card_has_at_most_two_reasons_of_its_own() -> None:
    """Whatever was stored for the products that stand together at first, when more of them do."""
    one, other, third = strong("a", 3.0), strong("b", 3.0), strong("c", 3.0)
    live = shop(one, other, third)
    offer = current((one, ["X", "Y", "A"]), (other, ["X", "Y", "B"]), (third, ["C"]), first=2)
    page = offered(live, offer, strength=3.0)
    assert page.shared == ()
    assert [card.reasons for card in page.cards] == [("X", "Y"), ("X", "Y")]
    assert [card.reasons for card in page.more] == [("C",)]


def test_a_product_alone_has_all_on_its_card() -> None:
    """There is none to be set apart from."""
    live = shop(strong("a", 3.0))
    page = offered(live, current((live.catalog.products[0], ["A", "B", "All"])), strength=3.0)
    assert (page.shared, page.cards[0].reasons) == ((), ("A", "B", "All"))


def test_a_card_without_a_reason_of_its_own_says_what_it_is() -> None:
    """What sets it apart from the others; not what all have, nor what a miss names already."""
    one, other = strong("a", 4.0, "dark-roast", "beans"), strong("b", 2.0, "light-roast", "beans")
    live = shop(one, other)
    page = offered(live, current((one, ["All"]), (other, ["All"])), strength=4.0)
    assert [card.facts for card in page.cards] == [("Strength 4 of 5", "Dark roast"), ("Light roast",)]
    assert page.cards[1].misses == ("Milder than you asked: strength 2 of 5",)


def test_cards_of_the_same_reasons_say_how_they_differ() -> None:
    """Two of three alike: each of these two has what the others lack, and the third needs nothing more."""
    one, other, third = strong("a", 3.0, "dark-roast"), strong("b", 3.0, "light-roast"), strong("c", 3.0)
    page = offered(shop(one, other, third), current((one, ["X"]), (other, ["X"]), (third, ["Y"])), strength=3.0)
    assert [card.facts for card in page.cards] == [("Dark roast",), ("Light roast",), ()]


def test_what_another_card_has_too_sets_none_apart() -> None:
    """Three products, two of one roast."""
    cards = [strong("a", 4.0, "dark-roast"), strong("b", 4.0, "dark-roast"), strong("c", 4.0, "light-roast")]
    page = offered(shop(*cards), current(*((one, []) for one in cards)), strength=4.0)
    assert [card.facts for card in page.cards] == [(), (), ("Light roast",)]


def test_facts_of_sensitive_questions_are_not_told() -> None:
    """The page of somebody who answered them would point at what was answered."""
    one, other = strong("a", 4.0, "dark-roast"), strong("b", 2.0, "light-roast")
    live = shop(one, other, questions=tuple(each | {"sensitive": True, "why": "Why."} for each in (STRENGTH, ROAST)))
    assert [card.facts for card in offered(live, current((one, []), (other, []))).cards] == [(), ()]


def test_what_all_of_the_closest_break_is_said_once() -> None:
    """And each of them says only what it breaks besides."""
    yes = {"id": "y", "label": "Yes", "requires": ["tag:mild"], "because": "mild"}
    mild = {"id": "mild", "ask": "Mild?", "pick": "one", "choices": [yes, {"id": "n", "label": "No"}]}
    live = shop(product("a", price=2000, tags=("mild",)), product("b", price=3000), questions=(mild, BUDGET))
    answers: dict[str, Any] = {"mild": "y", "budget": 8.0}
    page = describe.near(live, answers, relaxed(live, answers), card)
    assert page.shared_misses == ("Not within £8",)
    assert [(each.card.title, each.breaks) for each in page.near] == [("A", ()), ("B", ("Not mild",))]


def test_a_card_says_where_prices_begin() -> None:
    """A ring in silver and in gold is "from" the silver's price, on the offer and behind a shared link alike."""
    ring = replace(strong("ring", None), variants=(Variant("S", 5500), Variant("G", 69000)), price=5500)
    live = shop(ring, strong("band", None))
    cards = offered(live, current((ring, []), (live.catalog.products[1], []))).cards
    assert [(card.price, card.is_from) for card in cards] == [(5500, True), (1200, False)]
