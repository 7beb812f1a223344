"""The demo store: one shop for both arms but for the card, an honest basket, and a checkout that signs its order."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import mode

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.settings import Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests.pages import Tab

PAGE = "/shop/coffee/night-ferry-beans"
CARD = "Not sure which?"


@pytest.fixture
def demo(settings: Settings, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """Give the demo store's application over the shipped quizzes."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    app = create_app(settings.model_copy(update={"store": folder}), clock=clock, demo=True)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def come(app: Flask, arm: str) -> Tab:
    """Come to the shop until the dice put one into `arm`."""
    for _ in range(60):
        tab = Tab(app)
        page = tab.get(PAGE)
        if (CARD in page.text) == (arm == "invited"):
            return tab
    raise AssertionError(f"sixty visitors and none {arm}")


def buy(tab: Tab) -> str:
    """Put the coffee into the basket and order it; return the thanks page."""
    tab.post("/shop/basket", {"product": "night-ferry-beans"})
    return tab.get(str(tab.post("/shop/checkout").location)).text


def test_every_page_answers_and_says_that_it_is_a_demo(demo: Flask) -> None:
    """Doors, home, shelves, product, basket; nothing can be bought."""
    tab = Tab(demo)
    for path in ("/shop", "/shop/coffee", "/shop/skin-care", PAGE, "/shop/basket"):
        page = tab.get(path)
        assert page.status_code == 200
        assert "simulated history" in page.text
    assert "never mix" in tab.get("/").text


def test_both_arms_see_the_same_shop_but_for_the_card(demo: Flask) -> None:
    """Take the card away and the pages are one."""
    invited, holdout = come(demo, "invited").get(PAGE).text, come(demo, "holdout").get(PAGE).text
    without = re.sub(r"<aside.*?</aside>\s*", "", invited, flags=re.DOTALL)
    assert CARD in invited
    assert without == holdout


@pytest.mark.parametrize("arm", ["invited", "holdout"])
def test_an_order_of_either_arm_is_matched_to_its_visitor(demo: Flask, arm: str) -> None:
    """The cart carries the visitor's token from t0 on, whoever was invited."""
    thanks = buy(come(demo, arm))
    assert "pretend order D-" in thanks
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        buyer = connection.execute(select(columns(Order).visitor_id)).scalar_one()
        of = connection.execute(select(columns(Assignment).arm).where(columns(Assignment).visitor_id == buyer))
        assert of.scalar_one() == arm
        assert connection.execute(select(columns(OrderEvent).state)).scalar_one() == "applied"


def test_an_arm_is_set_once_and_stays(demo: Flask) -> None:
    """Ten more views: the same arm, the same t0, one row."""
    tab = come(demo, "invited")
    for _ in range(10):
        assert CARD in tab.get(PAGE).text
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        mine = mode(connection.execute(select(columns(PageView).visitor_id)).scalars())
        query = select(columns(Assignment).arm).where(columns(Assignment).visitor_id == mine)
        assert connection.execute(query).scalars().all() == ["invited"]


def test_who_comes_to_the_quiz_first_is_in_no_arm(demo: Flask) -> None:
    """Direct arrivals are served and never enter the comparison, whatever they look at afterwards."""
    tab = Tab(demo)
    tab.get("/q/coffee")
    tab.post("/q/coffee/start")
    tab.get(PAGE)
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Assignment).arm)).all() == []


def test_the_switch_leaves_its_visitor_out_of_the_figures(demo: Flask) -> None:
    """Seeing the shop as either arm marks the visitor as a test; as a new visitor one starts afresh."""
    tab = Tab(demo)
    for choice, shown in (("invited", True), ("holdout", False)):
        tab.post("/shop/see-as", {"as": choice, "next": PAGE})
        assert (CARD in tab.get(PAGE).text) is shown
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert set(connection.execute(select(columns(Visitor).kind)).scalars()) == {"test"}
    assert tab.post("/shop/see-as", {"as": "king"}).status_code == 422
    assert tab.post("/shop/see-as", {"as": "visitor", "next": "https://evil.example"}).location == "/shop"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/shop/basket", {"product": "nothing"}, 422),
        ("/shop/basket", {"product": "night-ferry-beans", "action": "steal"}, 422),
        ("/shop/basket", {"product": "silver-birch-ground"}, 409),
        ("/shop/basket", {}, 422),
        ("/shop/checkout", {}, 409),
    ],
)
def test_bad_forms_are_told_and_change_nothing(demo: Flask, path: str, form: dict[str, str], status: int) -> None:
    """Unknown, sold out, empty: the right code and a sentence."""
    assert Tab(demo).post(path, form).status_code == status


@pytest.mark.parametrize(
    "path", ["/shop/tea", "/shop/coffee/nothing", "/shop/thanks/x", "/shop/thanks/D-<b>", "/insight/tea"]
)
def test_what_is_not_there_is_not_found(demo: Flask, path: str) -> None:
    """404 with a way on."""
    assert Tab(demo).get(path).status_code == 404


def test_a_checkout_pressed_twice_is_one_order(demo: Flask) -> None:
    """The basket knows the id of the order that it will become; the next basket has another one."""
    tab = Tab(demo)
    tab.post("/shop/basket", {"product": "night-ferry-beans"})
    before = tab.client.get_cookie("qf_basket")
    assert before is not None
    first = tab.post("/shop/checkout").location
    tab.client.set_cookie("qf_basket", before.value)
    assert tab.post("/shop/checkout").location == first
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert len(connection.execute(select(columns(Order).order_id)).all()) == 1
    buy(tab)
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert len(connection.execute(select(columns(Order).order_id)).all()) == 2


def test_an_order_that_was_never_made_has_no_thanks(demo: Flask) -> None:
    """An address of the right form proves nothing."""
    assert Tab(demo).get("/shop/thanks/D-0123456789").status_code == 404


def test_the_basket_works_for_who_is_not_remembered(demo: Flask) -> None:
    """With Sec-GPC there is no visitor and no token: what is taken out is out, and an order empties the basket."""
    tab = Tab(demo, {"Sec-GPC": "1"})
    tab.post("/shop/basket", {"product": "night-ferry-beans"})
    tab.post("/shop/basket", {"product": "night-ferry-beans", "action": "remove"})
    assert "Nothing in it yet" in tab.get("/shop/basket").text
    assert "pretend order D-" in buy(tab)
    assert "Nothing in it yet" in tab.get("/shop/basket").text
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Order).visitor_id)).scalar_one() is None
        assert connection.execute(select(columns(Visitor).id)).all() == []


def test_a_forged_basket_is_an_empty_one(demo: Flask) -> None:
    """The cookie is signed."""
    tab = Tab(demo)
    tab.client.set_cookie("qf_basket", "bm9uc2Vuc2U.AAAAAAAAAAAAAAAAAAAAAA")
    assert "Nothing in it yet" in tab.get("/shop/basket").text


def test_a_foreign_click_token_is_dropped(demo: Flask) -> None:
    """The address is cleaned; only a token of ours goes into the basket."""
    tab = Tab(demo)
    assert tab.get(f"{PAGE}?qf_click=forged").location == PAGE
    buy(tab)
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Order).click_id)).scalar_one() is None
