"""Basket addresses: each platform's own, for what can be added without a choice, and nothing for what cannot."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.offer.links.basket import Addition, CartTokens, ShopBasket, lacking, strange
from tests.cast import product

SHOP = ShopBasket("shopify")
WOO = ShopBasket("woocommerce")
PATTERN = ShopBasket("shopify", "https://shop.example/add?p={product_id}")
TOKENS = CartTokens("click_token", "visitor_token")


def mug(*variants: Variant, **more: object) -> Product:
    """Return a mug with these variants."""
    return replace(product("mug"), variants=variants, **more)  # type: ignore[arg-type]


def added(basket: ShopBasket, *ids: str, page: str = "https://shop.example/en/products/mug?a=1#top") -> str:
    """Return the address that adds these."""
    return basket.address([Addition(page, id, TOKENS) for id in ids])


def test_shopify_adds_one_with_its_tokens() -> None:
    """As a product form of a theme would; the cart's page has the click, which its snippet reads."""
    parts = urlsplit(added(SHOP, "71"))
    assert parts[:3] == ("https", "shop.example", "/cart/add")
    assert parse_qsl(parts.query) == [
        ("id", "71"),
        ("quantity", "1"),
        ("properties[_qf_click]", "click_token"),
        ("properties[_qf_visitor]", "visitor_token"),
        ("return_to", "/cart?qf_click=click_token"),
    ]


def test_shopify_adds_several_at_once() -> None:
    """Each with its own quantity and click, in the order of the cards."""
    query = parse_qsl(urlsplit(added(SHOP, "71", "72")).query)
    assert [value for name, value in query if name == "items[][id]"] == ["71", "72"]
    assert [name for name, _ in query].count("items[][quantity]") == 2
    assert (SHOP.takes_several, WOO.takes_several, PATTERN.takes_several) == (True, False, False)


def test_what_cannot_be_recorded_carries_nothing() -> None:
    """A database that is away keeps nobody from the basket."""
    address = SHOP.address([Addition("https://shop.example/p", "71", CartTokens(""))])
    assert address == "https://shop.example/cart/add?id=71&quantity=1&return_to=%2Fcart"


def test_woocommerce_adds_on_the_products_own_page() -> None:
    """Whatever its address is, and behind the query that it has."""
    address = added(WOO, "44", page="https://shop.example/?post_type=product&p=44")
    assert address == "https://shop.example/?post_type=product&p=44&add-to-cart=44"
    assert added(WOO, "44", page="https://shop.example/mug/") == "https://shop.example/mug/?add-to-cart=44"


@pytest.mark.parametrize(("pattern", "id"), [("https://x.example/{product_id}/add", "7 7"), ("/add?s={sku}", "a&b")])
def test_a_pattern_is_filled_in_so_that_nothing_leaves_its_place(pattern: str, id: str) -> None:
    """An id is one part of an address and never more."""
    address = added(ShopBasket("", pattern), id)
    assert id not in address
    assert address.endswith(("7%207/add", "s=a%26b"))


@pytest.mark.parametrize(
    ("basket", "one", "id"),
    [
        (SHOP, mug(Variant("S", 1, id="71")), "71"),
        (SHOP, mug(Variant("S", 1, id="71"), Variant("M", 1, stock=0, id="72")), "71"),
        (SHOP, mug(Variant("S", 1, id="71"), Variant("M", 1, id="72")), ""),
        (SHOP, mug(Variant("S", 1, stock=0, id="71")), ""),
        (SHOP, mug(Variant("S", 1)), ""),
        (SHOP, mug(Variant("S", 1, id="shopify_GB_1_2")), ""),
        (WOO, mug(Variant("S", 1, id="44")), "44"),
        (WOO, mug(Variant("S", 1), number="45"), "45"),
        (WOO, mug(Variant("S", 1), id="46"), "46"),
        (WOO, mug(Variant("S", 1)), ""),
        (PATTERN, mug(Variant("S", 1)), "mug"),
        (PATTERN, mug(Variant("S", 1), number="47"), "47"),
        (ShopBasket("", "/add/{sku}"), mug(Variant("S", 1)), "S"),
        (ShopBasket("", "/add/{sku}"), mug(Variant("", 1)), ""),
        (ShopBasket(), mug(Variant("S", 1, id="71")), ""),
    ],
)
def test_what_can_be_added_has_one_form_and_the_platforms_id(basket: ShopBasket, one: Product, id: str) -> None:
    """Of several sizes the shopper chooses one on the product's page; nothing is chosen for anybody."""
    assert basket.id_of(one) == id


def test_products_without_the_id_are_told() -> None:
    """How many, which, by what line, and which column is missing; those with a choice of variants are no fault."""
    choice = mug(Variant("S", 1), Variant("M", 1))
    bare = [mug(Variant("S", 1), id=f"mug-{number}", line=number) for number in range(2, 7)]
    good = mug(Variant("S", 1, id="71"))
    message = lacking(SHOP, [choice, good, *bare])
    assert message.startswith("5 of 6 products that could be added to the basket have no `variant_id`")
    assert "`mug-2` (line 2), `mug-3` (line 3), `mug-4` (line 4) and 2 more; fill in" in message
    assert lacking(SHOP, [choice, good]) == ""
    assert "`platform` nor `add_url`" in lacking(ShopBasket(), [good])


@pytest.mark.parametrize(
    ("add_url", "host"),
    [
        ("https://checkout.example/add/{sku}", "checkout.example"),
        ("https://shop.example/add/{sku}", ""),
        ("/add/{product_id}", ""),
        ("", ""),
    ],
)
def test_a_pattern_on_a_strange_host_is_told_with_the_setting(add_url: str, host: str) -> None:
    """Its buttons would lead to the products' pages, and nothing would say why; a path is the shop's."""
    message = strange(ShopBasket(add_url=add_url), "https://shop.example", {"shop.example"})
    assert (f'write it into shop_hosts = ["{host}"]' in message) == bool(host)
    assert bool(message) == bool(host)
