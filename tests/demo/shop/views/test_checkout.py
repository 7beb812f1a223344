"""Laws of the pretend checkout: one order a basket, told to the quiz server, and to nobody else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from quizfunnel.demo.shop.app import create_shop
from quizfunnel.kit.clock import SetClock
from tests.demo.shop.shops import Customer, Hook, config_of, open_shop


def test_an_order_carries_what_the_snippet_put_into_the_basket(shopper: Customer, hook: Hook) -> None:
    """The visitor's token and the click's; the next basket has neither, as in any shop."""
    shopper.post("/cart/update.js", json={"attributes": {"qf_visitor": "v", "qf_click": "c", "other": "o"}})
    thanks = shopper.buy()
    assert "pretend order D-" in thanks
    assert "the quiz server has it" in thanks
    shopper.buy()
    first, second = (json.loads(body)["data"] for body in hook.bodies)
    assert (first["visitor_token"], first["click_token"]) == ("v", "c")
    assert (second["visitor_token"], second["click_token"]) == (None, None)
    assert [(line["product_id"], line["quantity"], line["unit_price"]) for line in first["lines"]] == [
        ("night-ferry-beans", 1, "12.00")
    ]
    assert (first["total"], first["currency"]) == ("12.00", "GBP")


def test_a_product_on_two_shelves_is_one(tmp_path: Path, hook: Hook, clock: SetClock) -> None:
    """The basket and its sum are what is ordered, also where two catalogues have an id in common."""
    config, stock = config_of(tmp_path), tmp_path / "stock"
    stock.mkdir()
    for shelf in ("coffee", "gifts"):
        (stock / f"{shelf}.csv").write_bytes((Path(config.stock) / "coffee.csv").read_bytes())
    shopper = Customer(create_shop(replace(config, stock=str(stock)), clock=clock, post=hook))
    shopper.add()
    page = shopper.get("/shop/basket").text
    assert ("£12.00" in page, "£24.00" in page) == (True, False)
    shopper.buy()
    assert json.loads(hook.bodies[0])["data"]["total"] == "24.00"


def test_an_empty_basket_is_no_order(shopper: Customer, hook: Hook) -> None:
    """Nothing to buy is told with a sentence, and leads back to the basket."""
    assert shopper.post("/shop/checkout", {"order": "D-0123456789"}).status_code == 409
    assert shopper.get("/shop/checkout").location == "/shop/basket"
    assert hook.bodies == []


def test_a_checkout_pressed_twice_is_one_order(shopper: Customer, hook: Hook) -> None:
    """The form knows the order that the basket becomes; the next basket has another one."""
    shopper.add()
    order = shopper.order()
    answers = [shopper.post("/shop/checkout", {"order": order}).location for _ in range(2)]
    assert answers == [f"/shop/thanks/{order}"] * 2
    assert len(hook.bodies) == 1
    shopper.buy()
    assert len({json.loads(body)["data"]["order_id"] for body in hook.bodies}) == len(hook.bodies) == 2


def test_a_checkout_of_an_earlier_basket_makes_no_order(shopper: Customer, hook: Hook) -> None:
    """What another tab has ordered meanwhile is not ordered again with whatever lies in the basket now."""
    shopper.add()
    assert shopper.post("/shop/checkout", {"order": "D-0123456789"}).status_code == 409
    assert hook.bodies == []
    assert "Basket (1)" in shopper.get("/shop").text


@pytest.mark.parametrize("id", ["x", "D-<b>", "D-0123456789"])
def test_an_order_that_was_never_made_has_no_thanks(shopper: Customer, id: str) -> None:
    """An address of the right form proves nothing."""
    assert shopper.get(f"/shop/thanks/{id}").status_code == 404


def test_an_order_is_thanked_for_in_its_own_browser_alone(shopper: Customer) -> None:
    """Whoever else has the address sees nothing of it."""
    shopper.add()
    address = str(shopper.post("/shop/checkout", {"order": shopper.order()}).location)
    assert shopper.get(address).status_code == 200
    assert Customer(shopper.client.application).get(address).status_code == 404


def test_the_thanks_say_what_became_of_the_message(tmp_path: Path, clock: SetClock) -> None:
    """Not there yet, and there once it was sent again; never that it was counted while nobody knows of it."""
    shopper = open_shop(tmp_path, Hook(ConnectionRefusedError("refused")), clock)
    shopper.add()
    address = str(shopper.post("/shop/checkout", {"order": shopper.order()}).location)
    assert "has not arrived at the quiz server yet" in shopper.get(address).text
    clock.advance(5)
    shopper.client.application.extensions["shop"].courier.send_due()
    assert "the quiz server has it" in shopper.get(address).text
