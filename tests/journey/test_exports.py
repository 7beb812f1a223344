"""A quiz over a Shopify export is taken to its end: products with prices and pictures, and the way to the shop."""

import re
import shutil

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from tests.pages import Shopper, step
from tests.quiz.cases import case
from tests.quiz.export_quizzes import APPAREL, HOME


def first_answer(shopper: Shopper, address: str) -> TestResponse:
    """Give the first answer that the page offers."""
    page = shopper.get(address).text
    choice = re.search(r'type="(?:radio|checkbox)" name="answer" value="([^"]+)"', page)
    most = re.search(r'type="number"[^>]* max="([^"]+)"', page)
    found = choice or most
    assert found, page
    return shopper.answer(address, found.group(1))


QUIZZES = {"shopify-apparel": (APPAREL, "$"), "shopify-home-and-garden": (HOME, "€")}


@pytest.mark.once
@pytest.mark.parametrize("name", QUIZZES)
def test_a_quiz_over_an_export_is_taken_to_the_shop(app: Flask, settings: Settings, clock: SetClock, name: str) -> None:
    """Every question answered, an offer in the export's currency, a click to the product's address."""
    text, currency = QUIZZES[name]
    shutil.copyfile(case(f"catalogs/{name}.csv"), settings.store / "quizzes" / f"{name}.csv")
    (settings.store / "quizzes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    clock.advance(2)
    shopper = Shopper(app)
    address = shopper.start(name)
    for _ in range(8):
        if step(address) == "offer":
            break
        address = str(first_answer(shopper, address).location)
    page = shopper.get(address).text
    assert currency in page
    assert "https://burst.shopifycdn.com/" in page
    way = re.search(r'href="(/go/[^"]+)"', page)
    assert way, page
    target = str(shopper.get(way.group(1)).location)
    assert target.startswith("https://shop.example/products/")
    assert "qf_click=" in target
