"""Deciding on the offer's page: sizes to choose from, sales, unit prices, ratings, and what differs."""

import csv
import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.offer.tables import Click
from quizfunnel.settings import Settings
from quizfunnel.settings.shop import Shop
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests import cast
from tests.journey.answers import ANSWERS
from tests.pages import Shopper

SIZED = ("option:size", "amount", "sale_price", "sale_ends", "rating", "rating_count", "variant_id")
BAG = {"id": "dark-bean", "price": "12.00", "currency": "GBP", "strength": "5.0", "tags": "dark-roast,whole-bean"}
KNOWN = {"title": "Dark Bean", "sale_price": "9.00", "sale_ends": "2999-12-31", "rating": "4.6", "rating_count": "128"}
SIZES = (
    BAG | KNOWN | {"url": "/bag?v=1", "option:size": "250 g", "amount": "250 g", "variant_id": "71"},
    BAG | {"price": "26.00", "url": "/bag?v=2", "option:size": "750 g", "amount": "750 g", "variant_id": "72"},
    BAG | {"price": "90.00", "url": "/bag?v=3", "option:size": "3 kg", "amount": "3 kg", "variant_id": "73"},
)


def open_shop(settings: Settings, clock: SetClock, button: str) -> Flask:
    """Open the coffee shop, whose dark beans come in three sizes."""
    cast.write_store(settings.store, offer=cast.COFFEE["offer"] | {"button": button}, experiment=None)  # type: ignore[operator]
    file = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    rows = [row for row in csv.DictReader(file.read_text("utf-8").splitlines()) if row["id"] != "dark-bean"]
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, [*rows[0], *SIZED], restval="")
        writer.writeheader()
        writer.writerows([*SIZES, *rows])
    shop = Shop.model_validate({"platform": "shopify", "origins": ["https://shop.example"]})
    changes = {"shop_url": "https://shop.example", "shop": shop}
    return create_app(settings.model_copy(update=changes), clock=clock, demo=False)


@pytest.fixture
def pages(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the shop whose buttons lead to pages."""
    app = open_shop(settings, clock, "product")
    yield app
    app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def baskets(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the shop whose buttons put into the basket."""
    app = open_shop(settings, clock, "basket")
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def choices(page: str) -> dict[str, str]:
    """Return the links of the sizes that can be chosen."""
    return {
        " ".join(re.sub("<[^>]+>", " ", words).split()): html.unescape(link)
        for link, words in re.findall(r'<li><a href="(/go/[^"]+variant=[^"]+)"[^>]*>(.*?)</a></li>', page, re.DOTALL)
    }


def test_a_size_is_chosen_on_the_card_and_leads_to_its_own_page(pages: Flask, engine: Engine) -> None:
    """Each with its price; the one beyond the budget is none; the click is the product's, whichever size."""
    shopper = Shopper(pages)
    page = shopper.get(shopper.finish(ANSWERS)).text
    links = choices(page)
    assert list(links) == ["250 g Price before: £12.00 Price now: £9.00 £36.00/kg", "750 g £26.00 £34.67/kg"]
    target = urlsplit(str(shopper.get(links["750 g £26.00 £34.67/kg"]).location))
    query = dict(parse_qsl(target.query))
    assert (target.netloc, target.path, query["v"]) == ("shop.example", "/bag", "2")
    assert query["qf_click"]
    with reading(engine) as connection:
        assert connection.execute(select(columns(Click).product)).scalars().all() == ["dark-bean"]


def test_a_size_is_put_into_the_basket(baskets: Flask) -> None:
    """By its own number; a size that is not there by now leads to the product's page."""
    shopper = Shopper(baskets)
    offer = shopper.finish(ANSWERS)
    link = choices(shopper.get(offer).text)["750 g £26.00 £34.67/kg"]
    target = urlsplit(str(shopper.get(link).location))
    assert (target.path, dict(parse_qsl(target.query))["id"]) == ("/cart/add", "72")
    gone = str(shopper.get(link.replace("variant=72", "variant=79")).location)
    assert urlsplit(gone).path == "/bag"


def test_the_card_says_unit_price_and_rating_and_the_table_what_differs(pages: Flask) -> None:
    """Where the catalogue knows them; the shared result has them too, and no answer."""
    shopper = Shopper(pages)
    page = shopper.get(shopper.finish(ANSWERS)).text
    assert 'class="price">from £9.00 <small>£36.00/kg</small>' in page
    assert "Rated 4.6 out of 5 in 128 ratings" in page
    shared = re.search(r'href="(/r/[^"]+)"', page)
    assert shared is not None
    for shown in (page, Shopper(pages).get(shared[1]).text):
        table = shown[shown.index("<table>") : shown.index("</table>")]
        labels = re.findall(r'<th scope="rowgroup" colspan="3">([^<]+)</th>', table)
        assert labels[:3] == ["Price", "Unit price", "Rating"]
        assert labels[-4:] == ["Strength", "Properties", "Size", "Contents"]
        assert "variant=" not in shown or shown is page
