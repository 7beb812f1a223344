"""Laws of the demo's whole way, from its shop to the quizzes and back, by what any shop has: snippet and hook."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor
from tests.demo.shop.shops import PAGE
from tests.demo.visits import Passer, shop_of
from tests.pages import ORIGIN, Shopper, step


@pytest.fixture
def front(demo: Flask, tmp_path: Path) -> Flask:
    """Give the demo's shop, whose orders the quizzes are told of."""
    return shop_of(demo, tmp_path)


def come(demo: Flask, front: Flask, arm: str) -> Passer:
    """Come to the shop until the dice put one into `arm`."""
    for _ in range(60):
        passer = Passer(demo, front)
        if bool(passer.invited_to(PAGE)) == (arm == "invited"):
            return passer
    raise AssertionError(f"sixty visitors and none {arm}")


@pytest.mark.parametrize("arm", ["invited", "holdout"])
def test_an_order_of_either_arm_is_matched_to_its_visitor(demo: Flask, front: Flask, arm: str) -> None:
    """The cart carries the visitor's token from t0 on, whoever was invited; the arm and t0 are set once."""
    passer = come(demo, front, arm)
    for _ in range(3):
        assert bool(passer.invited_to(PAGE)) == (arm == "invited")
    assert "pretend order D-" in passer.shop.buy()
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        buyer = connection.execute(select(columns(Order).visitor_id)).scalar_one()
        of = connection.execute(select(columns(Assignment).arm).where(columns(Assignment).visitor_id == buyer))
        assert of.scalar_one() == arm
        assert connection.execute(select(columns(OrderEvent).state)).scalar_one() == "applied"


def test_a_basket_works_for_who_is_not_remembered(demo: Flask, front: Flask) -> None:
    """With Sec-GPC there is no visitor and no token, and the order is taken."""
    passer = Passer(demo, front, {"Sec-GPC": "1"})
    assert passer.look(PAGE) is None
    assert "the quiz server has it" in passer.shop.buy()
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Order).visitor_id)).scalar_one() is None
        assert connection.execute(select(columns(Visitor).id)).all() == []


def test_foreign_tokens_link_nothing(demo: Flask, front: Flask) -> None:
    """Whoever writes into the cart what is not signed by us is nobody."""
    shopper = Passer(demo, front).shop
    shopper.get(PAGE)
    shopper.post("/cart/update.js", json={"attributes": {"qf_visitor": "forged", "qf_click": "forged"}})
    shopper.buy()
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        row = connection.execute(select(columns(Order).visitor_id, columns(Order).click_id)).one()
    assert tuple(row) == (None, None)


def test_the_switch_shows_the_shop_as_either_arm(demo: Flask, front: Flask) -> None:
    """On every page that invites; such visitors stay out of the figures, their orders too."""
    passer = Passer(demo, front)
    for choice, shown in (("invited", {"coffee"}), ("holdout", set()), ("invited", {"coffee"})):
        passer.quiz.post("/see-as", data={"as": choice}, headers=ORIGIN)
        assert passer.invited_to(PAGE) == shown
    assert passer.invited_to("/shop/skin-care") == {"skin-care"}
    passer.shop.buy()
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        buyer = connection.execute(select(columns(Order).visitor_id)).scalar_one()
        rows = connection.execute(select(columns(Visitor).id, columns(Visitor).kind)).all()
    kinds = {row[0]: row[1] for row in rows}
    assert kinds[buyer] == "test"
    assert set(kinds.values()) == {"test"}


def test_who_has_just_finished_is_led_back_and_not_invited_again(demo: Flask, front: Flask, clock: SetClock) -> None:
    """By the visitor's cookie; who only began is invited still, and so is anyone a day later."""
    passer, shopper = come(demo, front, "invited"), Shopper(demo)
    shopper.client = passer.quiz
    address = shopper.start()
    assert passer.invited_to(PAGE) == {"coffee"}
    attempt = address.rpartition("/")[0]
    while step(address) != "offer":
        page = shopper.get(address).text
        choice = re.search(r'name="answer" value="([^"]+)"', page)
        most = re.search(r' max="(\d+)" step', page)
        value = choice.group(1) if choice else most.group(1) if most else ""
        address = str(shopper.answer(address, value).location)
    assert shopper.get(attempt).location == address
    invitation = passer.look(PAGE)
    assert invitation is not None
    assert (invitation["finished"], str(invitation["url"]).endswith(attempt)) == (True, True)
    clock.advance(25 * 3600)
    assert passer.invited_to(PAGE) == {"coffee"}
