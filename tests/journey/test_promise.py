"""The promise says who said no, has no button that does nothing, and leads back to what was begun or finished."""

import re
from itertools import product

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from tests.journey.answers import ANSWERS
from tests.pages import Shopper, Tab

GPC = {"Sec-GPC": "1"}


def _choices(page: str) -> set[str]:
    return set(re.findall(r'name="choice" value="(\w+)"', page))


@pytest.mark.parametrize(("mode", "said", "signal"), list(product(["ask", "off"], ["", "yes", "no"], [{}, GPC])))
def test_every_button_of_consent_changes_what_is_kept(
    settings: Settings, clock: SetClock, mode: str, said: str, signal: dict[str, str]
) -> None:
    """Whatever was said before, and with Global Privacy Control: pressing what is there leads to another page."""
    app = create_app(settings.model_copy(update={"consent": mode}), clock=clock, demo=False)
    tab = Tab(app, signal)
    if said:
        tab.client.set_cookie("qf_consent", said)
    before = tab.get("/q/coffee").text
    assert ("Your browser says no for you" in before) == bool(signal)
    assert ("You said no" in before) == (said == "no" and not signal)
    assert bool(_choices(before)) == (mode == "ask" and not signal)
    for choice in _choices(before):
        tab.post("/consent", {"choice": choice, "next": "/q/coffee"})
        after = tab.get("/q/coffee").text
        assert choice not in _choices(after)
        assert after != before
        before = after
    app.extensions["quizfunnel"].engine.dispose()


def test_who_has_finished_is_led_to_the_products(app: Flask) -> None:
    """Not asked to begin as if nothing had been answered; a change that asks more leads to that question instead."""
    shopper = Shopper(app)
    offer = shopper.finish(ANSWERS | {"brew": ("moka",)})
    page = shopper.get("/q/coffee").text
    assert "You have answered every question." in page
    attempt = offer.removesuffix("/offer")
    assert f'href="{attempt}">See your products <' in page
    assert shopper.get(attempt).location == offer
    shopper.answer(f"{attempt}/brew", "espresso")
    page = shopper.get("/q/coffee").text
    assert "You stopped at question 2." in page
    assert shopper.get(attempt).location == f"{attempt}/grinder"


def test_an_attempt_whose_version_cannot_be_read_is_no_way_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on with it would end at a page that is gone."""
    shopper = Shopper(app)
    shopper.answer(shopper.start(), "moka")
    monkeypatch.setattr(app.extensions["journey"].shelf, "pinned", lambda _version, _quiz: None)
    page = shopper.get("/q/coffee").text
    assert "Go on" not in page
    assert ">Start <" in page
