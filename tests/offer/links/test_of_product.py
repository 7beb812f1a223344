"""Links of a product on its offer's page: its variants are chosen where the shop's basket or its pages know them."""

from dataclasses import replace

import pytest

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.offer.links.basket import ShopBasket
from quizfunnel.offer.links.of_product import RecordedLinks
from quizfunnel.offer.links.shop import ShopLinks
from tests.cast import product

SHOP = "https://shop.example"
SIZES = tuple(
    Variant(f"T{size}", price, id=str(number), title=size, options=(("size", size),), url=f"{SHOP}/tee?v={number}")
    for size, price, number in (("S", 900, 71), ("L", 1500, 72))
)
TEE = replace(product("tee", url=f"{SHOP}/tee", number="7"), variants=SIZES)


def links(basket: ShopBasket, *, access: str = "") -> RecordedLinks:
    """Return the links of an attempt into a shop of this basket."""
    return RecordedLinks(ShopLinks(SHOP, frozenset({"shop.example"}), basket), "a1", access)


def without(**cells: str) -> Product:
    """Return the product whose variants all have the same cells."""
    return replace(TEE, variants=tuple(replace(size, **cells) for size in SIZES))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "basket",
    [ShopBasket("shopify"), ShopBasket("woocommerce"), ShopBasket(add_url=f"{SHOP}/add?sku={{sku}}")],
)
def test_a_basket_that_knows_variants_adds_the_chosen_one(basket: ShopBasket) -> None:
    """By a click of its own on each, which carries the attempt's token where there is no cookie."""
    made = links(basket, access="token").of(TEE)
    assert (made.adds, made.basket, made.choose) == (True, "", True)
    assert [link.url for link in made.variants] == [
        "/go/a1/tee?variant=71&basket=1&t=token",
        "/go/a1/tee?variant=72&basket=1&t=token",
    ]


@pytest.mark.parametrize(
    ("basket", "shown"),
    [
        (ShopBasket(), TEE),
        (ShopBasket(add_url=f"{SHOP}/add?id={{product_id}}"), TEE),
        (ShopBasket("shopify"), without(id="")),
        (ShopBasket("woocommerce"), without(id="")),
    ],
)
def test_where_the_basket_knows_none_the_chosen_ones_page_is_shown(basket: ShopBasket, shown: Product) -> None:
    """A pattern of the product's id, or a catalogue without the variants' ids, would add another size."""
    made = links(basket).of(shown)
    assert (made.adds, made.basket) == (False, "")
    assert [link.url.partition("?")[0] for link in made.variants] == ["/go/a1/tee"] * 2
    assert len({link.url for link in made.variants}) == 2


@pytest.mark.parametrize("shown", [without(id="", url=""), without(id="", url="https://other.example/tee?v=1")])
def test_where_nothing_knows_variants_none_is_chosen_here(shown: Product) -> None:
    """The product's page is where it is."""
    made = links(ShopBasket("shopify")).of(shown)
    assert (made.variants, made.page, made.choose) == ((), "/go/a1/tee", True)
