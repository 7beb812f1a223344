"""Price tags, stars and variants on a card: nothing that is not so now, and nothing that is not known."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.i18n.words import words_in
from quizfunnel.offer.facts.price import holds, tag_of, unit_price
from quizfunnel.offer.facts.stars import Stars, stars_of
from quizfunnel.offer.facts.variants import VariantLink, links_of, picker, selectable
from quizfunnel.quiz.kinds.rule import Rule
from tests.cast import NOON, product

EN, DE = words_in("en"), words_in("de")


def of(*variants: Variant, **more: Any) -> Product:
    """Return a product of these variants."""
    price = min((variant.price for variant in variants if variant.available), default=1200)
    return replace(product("tee", price=price, **more), variants=variants)


def size(name: str, price: int, **more: Any) -> Variant:
    """Return a variant of a size."""
    options = (("size", name),)
    return Variant(f"T-{name}", price, title=name, options=options, **{"url": f"/tee?v={name}"} | more)


@given(st.integers(-72, 72), st.integers(1, 2000), st.integers(1, 2000))
def test_an_old_price_stands_beside_a_price_only_while_its_sale_runs(hours: int, price: int, was: int) -> None:
    """A page that is shown after the sale's last moment has none, whatever catalogue it is made of."""
    variant = Variant("S", price, was=was, sale_ends=NOON + timedelta(hours=hours))
    tag = tag_of(of(variant), NOON, EN)
    assert tag.was == (was if hours >= 0 and was > price else None)
    assert tag.price == price


def test_where_prices_begin_no_old_price_stands() -> None:
    """Each variant has its own, in the choice."""
    tag = tag_of(of(size("S", 900, was=1200), size("L", 1500)), NOON, EN)
    assert (tag.is_from, tag.was, tag.text(EN)) == (True, None, "from £9.00")
    sold_out = tag_of(of(size("S", 900, was=1200), size("L", 1500, stock=0)), NOON, EN)
    assert (sold_out.is_from, sold_out.was) == (False, 1200)


@pytest.mark.parametrize(
    ("pack", "base", "en"),
    [
        ("250 g", "", "£46.00/kg"),
        ("150 ml", "100 ml", "£7.67/100 mL"),
        ("12 oz", "", "£0.96/oz"),
        ("10 ct", "", "£1.15 per piece"),
        ("100 ct", "10 ct", "£1.15 for 10 pieces"),
        ("1 kg", "", ""),
        ("", "", ""),
    ],
)
def test_a_unit_price_says_its_amount(pack: str, base: str, en: str) -> None:
    """As its language writes it; nothing where the catalogue does not say what a pack holds."""
    assert unit_price(Variant("S", 1150, net_quantity=pack, unit_price_for=base), "GBP", EN) == en


@pytest.mark.parametrize(
    ("language", "kilo", "litre", "pack"),
    [
        ("fr", "46,00\xa0£GB/kg", "15,33\xa0£GB/l", "1,5\u202fl"),
        ("pl", "46,00\xa0GBP/kg", "15,33\xa0GBP/l", "1,5 l"),
        ("de", "46,00\xa0£/kg", "15,33\xa0£/l", "1,5 l"),
        ("ar", "\u200f46.00\xa0UK£\u200e/كغم", "\u200f15.33\xa0UK£\u200e/لتر", "1.5 لتر"),
    ],
)
def test_a_unit_is_short_in_every_language_and_one_is_not_counted(
    language: str, kilo: str, litre: str, pack: str
) -> None:
    """Whatever space and plural its language has: no `/1 kg`, and no unit spelled out between short ones."""
    say, bottle = words_in(language), Variant("S", 1150, net_quantity="750 ml")
    assert unit_price(Variant("S", 1150, net_quantity="250 g"), "GBP", say) == kilo
    assert unit_price(bottle, "GBP", say) == litre
    assert holds(Variant("S", 1150, net_quantity="1.5 l"), say) == pack


def test_a_rating_is_short_for_eyes_and_whole_for_ears() -> None:
    """With how many gave one where that is known; rounding gives no full score to what has none."""

    def rated(**attributes: float) -> Stars | None:
        return stars_of(product("a", attributes=attributes), EN)

    assert rated(rating=4.62, rating_count=128) == ("4.6 (128)", "Rated 4.6 out of 5 in 128 ratings")
    assert rated(rating=4.6, rating_count=1) == ("4.6 (1)", "Rated 4.6 out of 5 in 1 rating")
    assert rated(rating=8.7, rating_best=10) == ("8.7/10", "Rated 8.7 out of 10")
    assert rated(rating=4.97) == ("4.97", "Rated 4.97 out of 5")
    assert rated(rating=4.6, rating_count=0) is None
    assert rated() is None


def test_variants_that_break_a_rule_or_are_sold_out_are_not_to_be_chosen() -> None:
    """A limit holds for the price of each."""
    tee = of(size("S", 900), size("M", 1200), size("L", 1500), size("XL", 900, stock=0))
    within = Rule("budget", None, "limits", ("price",), 12.0)
    assert [variant.title for variant in selectable(tee, ())] == ["S", "M", "L"]
    assert [variant.title for variant in selectable(tee, (within,))] == ["S", "M"]


def ways(tee: Product) -> tuple[VariantLink, ...]:
    """Return the links of a product's variants by their addresses."""
    return links_of(tee, (), lambda alone: alone.variants[0].url, lambda alone: alone.url)


def test_a_choice_is_offered_only_where_it_reaches_the_shop() -> None:
    """By a name that tells each variant from the others."""
    assert [link.url for link in ways(of(size("S", 900), size("L", 1500)))] == ["/tee?v=S", "/tee?v=L"]
    assert ways(of(size("S", 900, url="/tee"), size("L", 1500, url="/tee"))) == ()
    assert ways(of(size("S", 900, url=""), size("L", 1500))) == ()
    assert ways(of(size("S", 900), size("S", 1500, url="/tee?v=other"))) == ()
    assert ways(of(size("S", 900))) == ()


def test_a_choice_says_the_price_of_each() -> None:
    """And what the choice is of, in the catalogue's own words."""
    tee = of(size("S", 900, was=1200), size("L", 1500, net_quantity="250 g"))
    choice = picker(tee, ways(tee), NOON, EN, adds=False)
    assert choice is not None
    assert (choice.name, [each.title for each in choice.choices]) == ("Size", ["S", "L"])
    assert [(each.tag.price, each.tag.was, each.tag.unit_price) for each in choice.choices] == [
        (900, 1200, ""),
        (1500, None, "£60.00/kg"),
    ]
    assert choice.label == "S or L"
    assert picker(tee, (), NOON, EN, adds=False) is None


@pytest.mark.parametrize(
    ("titles", "adds", "label"),
    [(("250 g", "1 kg"), False, "250 g or 1 kg"), (("250 g", "1 kg"), True, "Add to basket")],
)
def test_the_button_names_what_there_is_to_choose(titles: tuple[str, ...], *, adds: bool, label: str) -> None:
    """As far as it has room for; into the basket it says so."""
    few, many = (of(*(size(title, 900) for title in each)) for each in (titles, map(str, range(100_000, 100_012))))
    chosen = [picker(tee, ways(tee), NOON, EN, adds=adds) for tee in (few, many)]
    assert [each and each.label for each in chosen] == [label, label if adds else "12 to choose from"]


def test_a_chosen_variant_is_the_product_at_its_price_and_address() -> None:
    """One that is sold out by now, or of another name, chooses none."""
    tee = of(size("S", 900), size("L", 1500), size("XL", 900, stock=0))
    chosen = tee.chosen("T-L")
    assert (chosen.id, chosen.price, chosen.url, len(chosen.variants)) == ("tee", 1500, "/tee?v=L", 1)
    assert tee.chosen("T-XL") is tee
    assert tee.chosen("") is tee


def test_sizes_keep_their_direction_in_a_sentence_from_right_to_left() -> None:
    """As the browser would else turn `250 g` round."""
    tee = of(size("250 g", 900), size("1 kg", 1500))
    choice = picker(tee, ways(tee), NOON, words_in("ar"), adds=False)
    assert choice is not None
    assert "\u2068250 g\u2069" in choice.label
