"""The offer over HTTP: reasons and prices, none of these, clicks, and the link that only reads."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select

from quizfunnel.app import create_app
from quizfunnel.kit import signing
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.offer import compose
from quizfunnel.offer.tables import Click
from quizfunnel.settings import Settings
from quizfunnel.settings.shop import Shop
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import identity
from quizfunnel.visit.tables import Assignment, Visitor
from quizfunnel.web.pages import FrontPage, QuizLink
from quizfunnel.web.render import render_text
from tests import cast
from tests.journey.answers import ANSWERS
from tests.pages import HTMX, Shopper, Tab


@pytest.fixture
def shopper(app: Flask) -> Shopper:
    """Give somebody who takes the quiz."""
    return Shopper(app)


def test_every_answer_is_a_link_that_changes_it(shopper: Shopper) -> None:
    """A changed answer leads straight back to a new offer."""
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer).text
    assert "Chosen from 7 products by your 6 answers" in page  # of eight, one is sold out
    assert ">Up to £30<" in page
    assert shopper.answer(offer.replace("offer", "moment"), "evening").location == offer


def test_one_of_several_tags_unless_and_an_open_end_hold_for_a_shopper(
    store: Path, request: pytest.FixtureRequest
) -> None:
    """Decaf or nuts, asked unless moka; whoever types more than "£10 or more" is shown what costs more."""
    questions = json.loads(json.dumps(cast.COFFEE["questions"]))
    questions[1]["when"] = {"brew": {"not": ["moka"]}}
    questions[1]["choices"][0]["requires"] = [{"any": ["tag:decaf", "tag:may-contain-nuts"]}]
    questions[4]["scale"] |= {"to": 10, "or_more": True}
    (store / "quizzes" / "coffee.yaml").write_text(json.dumps(cast.COFFEE | {"questions": questions}), "utf-8")
    shopper = Shopper(request.getfixturevalue("app"))
    page = shopper.get(shopper.finish(ANSWERS | {"budget": ("25",)})).text
    assert set(re.findall(r"<h3>([^<]+)", page)) == {"Decaf Bean", "Decaf Ground", "Nutty"}
    assert ">£10 or more<" in page
    unasked = {name: values for name, values in ANSWERS.items() if name != "grinder"}
    other = Shopper(request.getfixturevalue("app"))
    assert other.get(other.finish(unasked | {"brew": ("moka",)})).status_code == 200


def test_fewer_than_promised_says_so(shopper: Shopper) -> None:
    """Two fit where three were promised."""
    page = shopper.get(shopper.finish(ANSWERS | {"budget": ("12",)}))
    assert "Two products fit all your answers." in page.text


def test_none_left_shows_what_is_closest_and_what_it_breaks(shopper: Shopper) -> None:
    """The honest page: prices, what each breaks, and the way to the shop."""
    offer = shopper.finish(ANSWERS | {"budget": ("8",)})
    page = shopper.get(offer).text
    assert "No product fits all of it." in page
    assert "Closest if you relax the budget" in page
    assert "Not within £8<" in page
    link = re.search(r'href="(/go/[^"]+)"', page)
    assert link
    assert shopper.get(link.group(1)).status_code == 303


def test_none_of_these_shows_the_next_ones(shopper: Shopper) -> None:
    """One click, with and without htmx; the reason is optional and kept."""
    answers = {name: values for name, values in ANSWERS.items() if name != "grinder"} | {"brew": ("moka",)}
    offer = shopper.finish(answers)
    first = set(re.findall(r"<h3>([^<]+)", shopper.get(offer).text))
    assert shopper.post(f"{offer}/none").location == offer
    after = shopper.get(offer).text
    assert first < set(re.findall(r"<h3>([^<]+)", after))
    assert "The next that fit" in after
    part = shopper.post(f"{offer}/none", {"why": "too dear"}, headers=HTMX)
    assert part.status_code == 200
    assert "Thank you" in part.text


def test_without_scripts_what_did_not_suit_is_thanked_for_and_asked_once(shopper: Shopper) -> None:
    """Two forms one after the other, never both; the thanks stand there after a reload, and lead to what came next."""
    offer = shopper.finish(ANSWERS)
    seen = [shopper.get(offer).text]
    for form in ({}, {"why": " "}, {"why": "too dear"}):
        action = re.findall(r'action="([^"]+/none)#(?:next|said)"', seen[-1])
        assert action == [f"{offer}/none"]
        assert shopper.post(action[0], form).location == offer
        seen.append(shopper.get(offer).text)
    said = ["Thank you. The shop will read it." in page for page in seen]
    asked = ['name="why"' in page for page in seen]
    assert (said, asked) == ([False, False, False, True], [False, True, True, False])
    assert 'id="next"' in seen[-1]
    assert 'id="said"' in seen[-1]
    assert "/none" not in seen[-1]
    assert shopper.get(offer).text == seen[-1]
    changed = str(shopper.answer(offer.replace("offer", "moment"), "evening").location)
    assert "None of these suit me" in shopper.get(changed).text


def test_a_click_is_recorded_and_leads_to_the_shop_with_its_token(shopper: Shopper, app: Flask, signer: Signer) -> None:
    """303 to the product's page; the token's payload is the click."""
    offer = shopper.finish(ANSWERS)
    attempt = offer.split("/")[2]
    answer = shopper.get(f"/go/{attempt}/dark-bean")
    assert answer.status_code == 303
    token = str(answer.location).partition("qf_click=")[2]
    with reading(app.extensions["quizfunnel"].engine) as connection:
        click = connection.execute(select(columns(Click).id)).scalar_one()
    assert signer.verify_id(signing.CLICK, token) == click
    assert str(answer.location).startswith("/shop/p/dark-bean?")
    assert shopper.get(f"/go/{attempt}/sold-out").status_code == 404


def test_the_shared_link_reads_and_gives_no_rights(shopper: Shopper, app: Flask) -> None:
    """Products and reasons to anybody who has it; no answers, no attempt, no /go/."""
    page = shopper.get(shopper.finish(ANSWERS)).text
    link = re.search(r'href="(/r/[^"]+)"', page)
    assert link
    shared = Tab(app).get(link.group(1))
    assert shared.status_code == 200
    assert "Dark Bean" in shared.text
    assert not re.search(r"/a/|/go/|Up to £30", shared.text)
    assert Tab(app).get(link.group(1)[:-2]).status_code == 404


def test_a_path_leads_to_the_shop_from_the_offer_and_from_the_shared_link(settings: Settings, clock: SetClock) -> None:
    """A catalogue of paths, and a shop on another host than the quiz: nobody is led to a page that is not there."""
    away = create_app(settings.model_copy(update={"shop_url": "https://shop.example/en"}), clock=clock, demo=False)
    shopper = Shopper(away)
    offer = shopper.finish(ANSWERS)
    link = re.search(r'href="(/r/[^"]+)"', shopper.get(offer).text)
    assert link
    shared = Tab(away).get(link.group(1)).text
    assert 'href="https://shop.example/shop/p/dark-bean"' in shared
    assert 'href="/shop' not in shared
    clicked = str(shopper.get(f"/go/{offer.split('/')[2]}/dark-bean").location)
    assert clicked.startswith("https://shop.example/shop/p/dark-bean?qf_click=")
    away.extensions["quizfunnel"].engine.dispose()


def test_what_is_sold_out_meanwhile_is_not_shown(shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """The catalogue changes between the last answer and the page."""
    offer = shopper.finish(ANSWERS)
    path = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^(dark-bean,.*,)(,5.0,.*)$", r"\g<1>0\2", text), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    clock.advance(2)
    assert "Dark Bean" not in shopper.get(offer).text


def test_words_of_a_quiz_file_are_text_and_never_code(app: Flask, settings: Settings, clock: SetClock) -> None:
    """HTML and script in YAML are shown as they stand; braces are refused by the check, and text where they come."""
    evil = "<script>alert(1)</script>"
    questions = [dict(question) for question in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    questions[0] = questions[0] | {"ask": evil, "help": evil}
    cast.write_store(settings.store, questions=questions)
    clock.advance(2)
    shopper = Shopper(app)
    page = shopper.client.get(shopper.start(), headers=shopper.headers).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    marks = "{{ 1234*4321 }}{% raw %}"
    with app.test_request_context():
        drawn = render_text("web/front.html", FrontPage("en", marks, (QuizLink("/q/x", marks, marks),)))
    assert (drawn.count("{{ 1234*4321 }}") >= 3, "5332114" in drawn) == (True, False)


SHOPIFY = {"platform": "shopify", "origins": ["https://shop.example"]}


OpenShop = Callable[..., Shopper]


@pytest.fixture
def basket_shop(settings: Settings, clock: SetClock) -> Iterator[OpenShop]:
    """Give the way to somebody who takes the quiz of a shop whose buttons put into the basket."""
    cast.write_store(settings.store, offer=cast.COFFEE["offer"] | {"button": "basket"}, experiment=None)  # type: ignore[operator]
    file = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    rows = enumerate(row for row in file.read_text("utf-8").splitlines() if row)
    numbered = [f"{row},{7000 + place if place else 'variant_id'}" for place, row in rows]
    file.write_text("\n".join(numbered) + "\n", "utf-8")
    apps: list[Flask] = []

    def open_shop(**shop: object) -> Shopper:
        changes = {"shop_url": "https://shop.example", "shop": Shop.model_validate(SHOPIFY | shop)}
        apps.append(create_app(settings.model_copy(update=changes), clock=clock, demo=False))
        return Shopper(apps[-1])

    yield open_shop
    for app in apps:
        app.extensions["quizfunnel"].engine.dispose()


def clicked(engine: Engine) -> list[str]:
    """Return the products of the clicks that were recorded."""
    with reading(engine) as connection:
        return sorted(connection.execute(select(columns(Click).product)).scalars())


def test_a_button_puts_into_the_basket_and_its_click_is_kept(basket_shop: OpenShop, engine: Engine) -> None:
    """By our own address first, to the shop's host alone; the product's page stays one click away."""
    shopper = basket_shop()
    offer = shopper.finish(ANSWERS)
    attempt, page = offer.split("/")[2], shopper.get(offer).text
    assert f'href="/go/{attempt}/dark-bean?basket=1"' in page
    assert f'href="/go/{attempt}/dark-bean"' in page
    parts = urlsplit(str(shopper.get(f"/go/{attempt}/dark-bean?basket=1").location))
    query = dict(parse_qsl(parts.query))
    assert (parts.netloc, parts.path, query["id"]) == ("shop.example", "/cart/add", "7001")
    signer = Signer([cast.KEY])
    assert signer.verify_id(signing.CLICK, query["properties[_qf_click]"])
    assert identity.read_cart_token(signer, query["properties[_qf_visitor]"])
    assert clicked(engine) == ["dark-bean"]


def test_a_needless_token_leaves_an_address_and_nothing_else_does(basket_shop: OpenShop) -> None:
    """Whoever copies it gives rights away; which product goes into the basket stays said."""
    shopper = basket_shop()
    attempt = shopper.finish(ANSWERS).split("/")[2]
    for path in ("/dark-bean?basket=1", "?product=dark-bean&product=decaf-bean"):
        assert shopper.get(f"/go/{attempt}{path}&t=needless").location == f"/go/{attempt}{path}"


def test_all_products_go_into_the_basket_at_once(basket_shop: OpenShop, engine: Engine) -> None:
    """Where the platform can, with their sum beside; a product that is in no offer of the attempt is not there."""
    shopper = basket_shop()
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer).text
    link = re.search(r'href="(/go/[^"?]+\?product=[^"]+)"[^>]*>Add all 3 to basket: £([\d.]+)<', page)
    assert link is not None
    prices = [float(price) for price in re.findall(r'class="price">£([\d.]+)', page)]
    assert float(link[2]) == pytest.approx(sum(prices))
    query = parse_qsl(urlsplit(str(shopper.get(html.unescape(link[1])).location)).query)
    assert len({value for name, value in query if name == "items[][id]"}) == 3
    assert len(clicked(engine)) == 3
    attempt = offer.split("/")[2]
    assert shopper.get(f"/go/{attempt}?product=sold-out").status_code == 404
    assert shopper.get(f"/go/{attempt}").status_code == 404


def test_more_than_one_click_adds_are_not_offered_in_one(
    basket_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long routine's button would leave some of its products out; each card still has its own."""
    monkeypatch.setattr(compose, "MOST_AT_ONCE", 2)
    shopper = basket_shop()
    page = shopper.get(shopper.finish(ANSWERS)).text
    assert page.count("basket=1") == 3
    assert "?product=" not in page


def test_a_path_that_adds_is_the_shops(basket_shop: OpenShop) -> None:
    """As a product's is: on the quizzes' own host there is no basket."""
    shopper = basket_shop(add_url="/cart/add?id={product_id}")
    attempt = shopper.finish(ANSWERS).split("/")[2]
    location = str(shopper.get(f"/go/{attempt}/dark-bean?basket=1").location)
    assert location.startswith("https://shop.example/cart/add?id=")
    assert "qf_click=" in location


@pytest.mark.parametrize("shop", [{"platform": ""}, {"add_url": "https://strange.example/{sku}"}])
def test_what_cannot_be_added_leads_to_its_page(basket_shop: OpenShop, shop: dict[str, str]) -> None:
    """Without a platform, or to a host that is not the shop's: never anywhere else."""
    shopper = basket_shop(**shop)
    offer = shopper.finish(ANSWERS)
    attempt, page = offer.split("/")[2], shopper.get(offer).text
    assert "basket" not in page.lower()
    location = str(shopper.get(f"/go/{attempt}/dark-bean?basket=1").location)
    assert location.startswith("https://shop.example/shop/p/dark-bean?qf_click=")


def test_of_several_that_cannot_be_added_at_once_one_is_led_to_and_kept(basket_shop: OpenShop, engine: Engine) -> None:
    """An address of a page that is older than the settings: nobody has clicked on what nobody was led to."""
    shopper = basket_shop(platform="woocommerce")
    attempt = shopper.finish(ANSWERS).split("/")[2]
    location = str(shopper.get(f"/go/{attempt}?product=dark-bean&product=decaf-bean").location)
    assert location.startswith("https://shop.example/shop/p/dark-bean?qf_click=")
    assert clicked(engine) == ["dark-bean"]


def test_who_is_in_a_holdout_carries_no_token_by_the_offer(basket_shop: OpenShop, engine: Engine) -> None:
    """The snippet gives it to both arms: by the offer the invited alone would have one more way."""
    shopper = basket_shop()
    attempt = shopper.finish(ANSWERS).split("/")[2]
    with writing(engine) as connection:
        visitor = connection.execute(select(columns(Visitor).id)).scalar_one()
        drawn = {"quiz": "coffee", "experiment": "spring", "arm": "invited", "holdout_share": 0.5, "window_days": 7}
        connection.execute(insert(Assignment), drawn | {"visitor_id": visitor, "t0": cast.NOON})
    location = str(shopper.get(f"/go/{attempt}/dark-bean?basket=1").location)
    assert "qf_click" in location
    assert "qf_visitor" not in location
