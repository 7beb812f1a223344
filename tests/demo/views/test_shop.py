"""Laws of the demo's shop: the same for both arms but for the card, and honest about being a demo."""

import re
from statistics import mode

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView
from tests.demo.visits import CARD, PAGE, come
from tests.pages import Shopper, Tab, step


def test_every_page_answers_and_says_that_it_is_a_demo(demo: Flask) -> None:
    """Doors, home, shelves, product, basket; nothing can be bought."""
    tab = Tab(demo)
    for path in ("/shop", "/shop/coffee", "/shop/skin-care", PAGE, "/shop/basket"):
        page = tab.get(path)
        assert page.status_code == 200
        assert "simulated history" in page.text
    assert "never mix" in tab.get("/").text


def test_both_arms_see_the_same_shop_but_for_the_card(demo: Flask) -> None:
    """Take the card away, and each form's own token, and the pages are one."""
    invited, holdout = (
        re.sub(r'(name="form_token" value=)"[^"]+"', r"\1", come(demo, arm).get(PAGE).text)
        for arm in ("invited", "holdout")
    )
    without = re.sub(r"<aside.*?</aside>\s*", "", invited, flags=re.DOTALL)
    assert CARD in invited
    assert without == holdout


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


@pytest.mark.parametrize("headers", [{}, {"Sec-GPC": "1"}])
def test_who_has_just_finished_is_led_back_and_not_invited_again(
    demo: Flask, clock: SetClock, headers: dict[str, str]
) -> None:
    """By the visitor's cookie or the attempt's own; who only began is invited still, and so is anyone a day later."""
    shopper = Shopper(demo, headers)
    shopper.client.set_cookie("qf_see", "invited")
    address = shopper.start()
    assert CARD in shopper.get(PAGE).text
    attempt = address.rpartition("/")[0]
    while step(address) != "offer":
        page = shopper.get(address).text
        choice = re.search(r'name="answer" value="([^"]+)"', page)
        most = re.search(r' max="(\d+)" step', page)
        value = choice.group(1) if choice else most.group(1) if most else ""
        address = str(shopper.answer(address, value).location)
    page = shopper.get(PAGE).text
    assert CARD not in page
    assert f'href="{attempt}">See your products</a>' in page
    assert shopper.get(attempt).location == address
    assert "See your products" not in Tab(demo).get(PAGE).text
    clock.advance(25 * 3600)
    assert CARD in shopper.get(PAGE).text


@pytest.mark.parametrize("path", ["/shop/tea", "/shop/coffee/nothing", "/insight/tea"])
def test_what_is_not_there_is_not_found(demo: Flask, path: str) -> None:
    """404 with a way on."""
    assert Tab(demo).get(path).status_code == 404
