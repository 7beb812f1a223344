"""The law that every word can be translated: where all messages are marked, no page has a word without a mark."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizfunnel.app import create_app
from quizfunnel.i18n.words import bring
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from tests import cast
from tests.i18n import pseudo
from tests.journey.answers import ANSWERS
from tests.pages import HTMX, ORIGIN, Shopper, step, token

NAMES = {
    **{f"tag:{tag}": pseudo.marked(tag) for tag in ("dark-roast", "light-roast", "decaf", "whole-bean", "ground")},
    "strength": pseudo.marked("Strength"),
}
KNOWN = ("and", "Quizfunnel", *(product.title for product in cast.coffee_catalog().products))
"""Words of CLDR's, which writes lists, the name of the program, and what products are called."""


@pytest.fixture
def settings(settings: Settings, store: Path) -> Iterator[Settings]:
    """Give the settings of a store whose quiz and whose words are all marked."""
    pseudo.write_catalog(store / "locale")
    cast.write_store(store, **pseudo.marked_texts(cast.COFFEE), language=pseudo.LANGUAGE, names=NAMES)
    yield settings.model_copy(update={"privacy_url": "https://shop.example/privacy"})
    bring()


def held(response: TestResponse) -> TestResponse:
    """Hold a page to the law, and to its language."""
    if response.mimetype == "text/html" and response.text:
        assert pseudo.unmarked(response.text, KNOWN) == set(), response.request.path
        assert 'lang="zz"' in response.text or "<html" not in response.text
    return response


def walk(shopper: Shopper) -> str:
    """Take the whole quiz, each question first with an answer that is none; return the address of the offer."""
    held(shopper.get("/q/coffee"))
    address = str(shopper.client.post("/q/coffee/start", headers=ORIGIN).location)
    while step(address) != "offer":
        page = held(shopper.get(address))
        wrong = {"view": token(page.text), "answer": ["nonsense", "more"]}
        for headers in (ORIGIN, ORIGIN | HTMX):
            assert held(shopper.client.post(address, data=wrong, headers=headers)).status_code == 422
        values = ANSWERS[step(address)]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        address = str(shopper.answer(address, *(() if fields else values), fields=fields).location)
    return address


@pytest.mark.parametrize("mode", ["off", "ask"])
def test_every_page_of_a_quiz_is_translated(settings: Settings, clock: SetClock, mode: str) -> None:
    """Promise, questions with their errors, offer, the next products, one's own record, the shared result."""
    app = create_app(settings.model_copy(update={"consent": mode}), clock=clock, demo=True)
    shopper = Shopper(app, cookies=mode == "off")
    offer = walk(shopper)
    page = held(shopper.get(offer)).text
    held(shopper.get(str(re.search(r'href="([^"]*/r/[^"]+)"', page)[1])))  # type: ignore[index]
    for form in ({}, {"why": "too dear"}):
        query = offer.partition("?")
        held(shopper.get(str(shopper.post(f"{query[0]}/none?{query[2]}", form).location)))
    mine = str(re.search(r'href="(/mine/[^"]+)"', page)[1]).replace("&amp;", "&")  # type: ignore[index]
    held(shopper.get(mine))
    assert held(shopper.client.post(mine, headers=ORIGIN)).status_code == 422
    held(shopper.get(f"{shopper.post(mine, {'sure': 'yes'}).location}?lang=zz"))
    held(shopper.get("/q/coffee"))
    app.extensions["quizfunnel"].engine.dispose()


def test_no_product_is_translated_too(app: Flask) -> None:
    """What is closest, and what each of them breaks."""
    shopper = Shopper(app)
    wishes = ANSWERS | {"brew": ("filter",), "moment": ("evening",), "avoid": ("caffeine",), "budget": ("8",)}
    offer = shopper.finish(wishes | {"strength": ("5",)})
    assert held(shopper.get(offer)).status_code == 200


@pytest.mark.parametrize("address", ["/nothing", "/q/nothing", "/a/" + "0" * 32, "/consent", "/r/nothing"])
def test_errors_are_translated(app: Flask, address: str) -> None:
    """In the language that the address or the browser asks for."""
    client = app.test_client()
    for asked in ({"query_string": {"lang": "zz"}}, {"headers": {"Accept-Language": "zz, en;q=0.5"}}):
        response = held(client.get(address, **asked))
        assert response.status_code in (404, 405)
        assert "Accept-Language" in response.headers["Vary"]


def test_the_front_page_and_the_demo_are_translated(settings: Settings, clock: SetClock) -> None:
    """The list of quizzes, and the page that explains the demo."""
    for demo in (False, True):
        app = create_app(settings.model_copy(update={"shop_url": ""}), clock=clock, demo=demo)
        assert held(app.test_client().get("/?lang=zz")).status_code == 200
        app.extensions["quizfunnel"].engine.dispose()


def test_english_words_are_found() -> None:
    """The law would see one: in a text, in a name of a control, in what a script says; not in an address."""
    page = '<p data-x="One" title="⟦Two⟧"><a href="/three" aria-label="Four">⟦Five <b>six</b>⟧ Seven</a> £12</p>'
    assert pseudo.unmarked(page) == {"One", "Four", "Seven"}
    assert json.dumps(pseudo.marked_texts({"ask": "A", "id": "b"})) == json.dumps({"ask": "⟦A⟧", "id": "b"})
