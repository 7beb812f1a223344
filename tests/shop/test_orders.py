"""Laws of a shop's orders: on every platform the token attributes them in both arms alike, and no other way does."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.offer.tables import Click
from quizfunnel.orders.check import output, run
from quizfunnel.orders.tables import Order
from quizfunnel.settings import Settings, Shop
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import read_cart_token
from tests.cast import COFFEE, NOON, write_store
from tests.journey.answers import ANSWERS
from tests.pages import Shopper
from tests.shop.browsers import ORIGIN, ShopBrowser
from tests.shop.checkout import SOURCES, paid
from tests.shop.fake_shop import FakeShop
from tests.shop.rows import arms, read

PLATFORMS = sorted(SOURCES)


@pytest.fixture
def shop(shop_settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give a store that takes the orders of every platform."""
    app = create_app(shop_settings.model_copy(update={"sources": SOURCES}), clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def visited(shop: Flask, *, invited: int = 4, holdout: int = 2) -> dict[str, str]:
    """Return the tokens of visitors of the shop by their visitor, as many of each arm at least."""
    tokens: dict[str, str] = {}
    for number in range(400):
        token = ShopBrowser(shop, address=f"10.0.{number // 20}.{number % 20}").look()["token"]
        tokens[read_cart_token(shop.extensions["quizfunnel"].signer, token) or ""] = token
        if Counter(arms(shop).values()) >= Counter(invited=invited, holdout=holdout):
            break
    return tokens


def bought(shop: Flask, platform: str, carts: dict[str, str]) -> Counter[str]:
    """Let every visitor buy, with the token that their cart has; return the attributed orders by arm."""
    for number, token in enumerate(carts.values(), start=1):
        hook = paid(platform, number, token, at=NOON)
        answer = shop.test_client().post(hook.path, data=hook.body, headers=hook.headers)
        assert (answer.status_code, answer.json) == (200, {"message": "received"})
    drawn = arms(shop)
    return Counter(drawn[row[0]] for row in read(shop, select(columns(Order).visitor_id)) if row[0])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_token_attributes_orders_in_both_arms_with_equal_share(shop: Flask, platform: str) -> None:
    """All of them here, where nothing is lost: so many orders as visitors, in either arm, paid and of the platform."""
    tokens = visited(shop)
    assert bought(shop, platform, tokens) == Counter(arms(shop).values())
    order = columns(Order)
    rows = read(shop, select(order.source, order.paid, order.test).distinct())
    assert [tuple(row) for row in rows] == [(platform, True, False)]


def test_a_token_that_travels_by_the_quiz_alone_shows_an_effect_that_is_none(shop: Flask) -> None:
    """Upside down: everybody buys, and the holdout seems to buy nothing; the orders check says so."""
    tokens = visited(shop, invited=24)  # so many of one arm are no chance
    drawn = arms(shop)
    by_quiz = {visitor: token if drawn[visitor] == "invited" else "" for visitor, token in tokens.items()}
    assert set(bought(shop, "shopify", by_quiz)) == {"invited"}
    wired = shop.extensions["quizfunnel"]
    with reading(wired.engine) as connection:
        checked = run.check(connection, wired.settings, wired.signer, now=NOON)
    assert "in both arms alike, by the snippet and not by the quiz" in output.as_text(checked)
    assert checked.exit_code == 1


def test_a_lost_token_is_lost_from_both_arms(shop: Flask) -> None:
    """As where a theme clears every second cart's attributes: fewer orders, of no arm more than the other."""
    tokens = visited(shop, invited=8, holdout=2)
    drawn = arms(shop)
    by_arm = sorted(tokens, key=lambda visitor: drawn[visitor])
    kept = {visitor: tokens[visitor] if place % 2 else "" for place, visitor in enumerate(by_arm)}
    attributed = bought(shop, "woocommerce", kept)
    assert all(abs(attributed[arm] - count / 2) <= 1 for arm, count in Counter(drawn.values()).items())


def test_from_the_offer_into_the_cart_and_back_with_the_order(settings: Settings, clock: SetClock) -> None:
    """All three products with one click: they lie in the shop's cart, and its order names the click that led there."""
    write_store(settings.store, offer=COFFEE["offer"] | {"button": "basket"}, experiment=None)  # type: ignore[operator]
    catalog = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    rows = enumerate(catalog.read_text("utf-8").splitlines())
    catalog.write_text("\n".join(f"{row},{7000 + place if place else 'variant_id'}" for place, row in rows), "utf-8")
    shop = Shop(origins=(ORIGIN,), platform="shopify", consent_adapter="call")
    changes = {"sources": SOURCES, "shop": shop, "shop_url": ORIGIN}
    app = create_app(settings.model_copy(update=changes), clock=clock, demo=False)
    shopper, buyer = Shopper(app), Client(FakeShop())
    page = shopper.get(shopper.finish(ANSWERS)).text
    all_three = re.search(r'href="([^"]+)"[^>]*>Add all 3 to basket', page)
    assert all_three is not None
    led = urlsplit(str(shopper.get(html.unescape(all_three[1])).location))
    there = buyer.get(f"{led.path}?{led.query}")
    assert (there.status_code, urlsplit(there.location).path) == (302, "/cart")
    items = buyer.get("/cart.js").get_json()["items"]
    assert len({item["id"] for item in items}) == 3
    assert all(item["quantity"] == "1" for item in items)
    hook = paid("shopify", 1, "", at=NOON, items=items)
    assert app.test_client().post(hook.path, data=hook.body, headers=hook.headers).status_code == 200
    order, click = columns(Order), columns(Click)
    ((bought, who),) = read(app, select(order.click_id, order.visitor_id))
    assert bought in {row[0] for row in read(app, select(click.id))}
    assert who is not None
    app.extensions["quizfunnel"].engine.dispose()
