"""Laws of the demo's basket: signed, honest about what is not there, and open to those who are not remembered."""

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor
from tests.demo.visits import PAGE, buy
from tests.pages import Tab


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"product": "nothing"}, 422),
        ({"product": "night-ferry-beans", "action": "steal"}, 422),
        ({"product": "silver-birch-ground"}, 409),
        ({}, 422),
    ],
)
def test_bad_forms_are_told_and_change_nothing(demo: Flask, form: dict[str, str], status: int) -> None:
    """Unknown, sold out, none named: the right code and a sentence."""
    assert Tab(demo).post("/shop/basket", form).status_code == status


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
