"""Laws of the pretend checkout: its signed order is matched to its visitor, and is one order."""

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from tests.demo.visits import buy, come
from tests.pages import Tab


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


def test_an_empty_basket_is_no_order(demo: Flask) -> None:
    """Nothing to buy is told with a sentence, and leads back to the basket."""
    assert Tab(demo).post("/shop/checkout", {}).status_code == 409
    assert Tab(demo).get("/shop/checkout").location == "/shop/basket"


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


@pytest.mark.parametrize("id", ["x", "D-<b>", "D-0123456789"])
def test_an_order_that_was_never_made_has_no_thanks(demo: Flask, id: str) -> None:
    """An address of the right form proves nothing."""
    assert Tab(demo).get(f"/shop/thanks/{id}").status_code == 404
