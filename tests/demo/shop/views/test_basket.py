"""Laws of the demo shop's basket: each browser has its own, and scripts put attributes into it."""

from typing import Any

import pytest

from quizfunnel.demo.shop.views.frame import COOKIE
from quizfunnel.kit.ids import is_id
from tests.demo.shop.shops import PAGE, Customer, Hook


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"product": "nothing"}, 422),
        ({"product": "night-ferry-beans", "action": "steal"}, 422),
        ({"product": "silver-birch-ground"}, 409),
        ({}, 422),
    ],
)
def test_bad_forms_are_told_and_change_nothing(shopper: Customer, form: dict[str, str], status: int) -> None:
    """Unknown, sold out, none named: the right code and a sentence."""
    assert shopper.post("/shop/basket", form).status_code == status
    assert "Nothing in it yet" in shopper.get("/shop/basket").text


def test_what_is_taken_out_is_out(shopper: Customer) -> None:
    """One by one, each time with the count that every page shows."""
    shopper.add()
    shopper.add()
    assert "Basket (2)" in shopper.get(PAGE).text
    shopper.post("/shop/basket", {"product": "night-ferry-beans", "action": "remove"})
    assert "Nothing in it yet" in shopper.get("/shop/basket").text


def test_a_link_adds_a_product(shopper: Customer) -> None:
    """As an offer's button may; what else the address had is there for the page's scripts."""
    assert shopper.get("/shop/basket?add=night-ferry-beans&qf_click=a.b").location == "/shop/basket?qf_click=a.b"
    assert "Basket (1)" in shopper.get("/shop").text
    assert shopper.get("/shop/basket?add=silver-birch-ground").status_code == 409
    assert shopper.get("/shop/basket?add=").status_code == 422


@pytest.mark.parametrize("cookie", ["forged", "", "0" * 31 + "G"])
def test_a_forged_basket_is_an_empty_one(shopper: Customer, cookie: str) -> None:
    """And is replaced by one that nobody can guess."""
    shopper.client.set_cookie(COOKIE, cookie)
    assert "Nothing in it yet" in shopper.get("/shop/basket").text
    given = shopper.client.get_cookie(COOKIE)
    assert given is not None
    assert is_id(given.value)


def test_each_browser_has_its_own_basket(shopper: Customer) -> None:
    """By a cookie that comes with the first page, so that whatever is put in first finds the same basket."""
    shopper.get(PAGE)
    shopper.post("/cart/update.js", json={"attributes": {"qf_visitor": "abc"}})
    shopper.add()
    other = Customer(shopper.client.application)
    other.get(PAGE)
    assert shopper.get("/cart.js").get_json() == {
        "items": [{"id": "night-ferry-beans", "quantity": 1}],
        "item_count": 1,
        "attributes": {"qf_visitor": "abc"},
    }
    assert other.get("/cart.js").get_json() == {"items": [], "item_count": 0, "attributes": {}}


def test_an_attribute_is_replaced_and_taken_out(shopper: Customer) -> None:
    """By its name; an empty text and null take it out, and the others stay."""
    for attributes in ({"a": "1", "b": "1", "c": "1"}, {"a": "2"}, {"b": ""}, {"c": None}):
        assert shopper.post("/cart/update.js", json={"attributes": attributes}).status_code == 200
    assert shopper.get("/cart.js").get_json()["attributes"] == {"a": "2"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"attributes": ["a"]}',
        b'{"attributes": {"a": 1}}',
        b'{"attributes": {"": "a"}}',
        b'{"attributes": {"a": "%s"}}' % (b"x" * 256),
        b'{"attributes": {"%s": "a"}}' % (b"x" * 41),
    ],
)
def test_what_are_no_attributes_is_refused(shopper: Customer, body: bytes) -> None:
    """In a line for whoever wrote the script, and nothing is kept."""
    refused = shopper.post("/cart/update.js", body)
    assert (refused.status_code, "attributes" in refused.get_json()["error"]) == (422, True)
    assert shopper.get("/cart.js").get_json()["attributes"] == {}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost:8000"}])
def test_no_other_site_changes_a_basket(shopper: Customer, hook: Hook, headers: dict[str, Any]) -> None:
    """Nor the quiz server's pages, which are of the same site."""
    for path, form in (("/shop/basket", {"product": "night-ferry-beans"}), ("/shop/checkout", {"order": "x"})):
        assert shopper.post(path, form, headers=headers).status_code == 403
    assert shopper.post("/cart/update.js", json={"attributes": {"a": "1"}}, headers=headers).status_code == 403
    assert shopper.get("/cart.js").get_json()["item_count"] == 0
    assert hook.bodies == []
