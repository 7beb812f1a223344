"""Whoever starts an attempt can go on with it: by the cookie that the browser brought, else by the token it carries."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests.journey.answers import ANSWERS
from tests.pages import BROWSER, HTMX, Shopper, Tab, step, token

LIGHTHOUSE = "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Chrome-Lighthouse"
GPC = {"Sec-GPC": "1"}


class _Forgetful(Shopper):
    """A shopper whose browser keeps no cookies."""

    def __init__(self, app: Flask, headers: dict[str, str]) -> None:
        super().__init__(app, headers)
        self.client = app.test_client(use_cookies=False)


def _token_kind(app: Flask) -> str:
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return str(connection.execute(select(columns(Attempt).token_kind)).scalar_one())


def _hidden_token(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(t)" value="([^"]+)"', page))


@pytest.mark.parametrize("mode", ["off", "ask"])
@pytest.mark.parametrize("taker", [Shopper, _Forgetful])
@pytest.mark.parametrize("agent", [BROWSER, LIGHTHOUSE, "Googlebot/2.1", "curl/8.5"])
def test_every_browser_comes_from_start_to_the_shop(
    settings: Settings, clock: SetClock, mode: str, taker: type[Shopper], agent: str
) -> None:
    """With or without cookies, asked or not, flagged or not: all questions, the offer, none of these, a product."""
    app = create_app(settings.model_copy(update={"consent": mode}), clock=clock, demo=False)
    shopper = taker(app, {"User-Agent": agent})
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer)
    assert "Dark Bean" in page.text
    assert shopper.post(f"{offer.partition('?')[0]}/none", _hidden_token(page.text)).status_code == 303
    way = re.search(r'href="(/go/[^"]+)"', page.text)
    assert way
    assert "qf_click=" in str(shopper.get(way.group(1)).location)
    by_cookie = mode == "off" and taker is Shopper and agent == BROWSER
    assert _token_kind(app) == ("visitor" if by_cookie else "address")
    assert ("?t=" in offer) == (not by_cookie)
    app.extensions["quizfunnel"].engine.dispose()


def test_without_cookies_every_part_that_is_swapped_in_carries_the_token(app: Flask) -> None:
    """With htmx: the pushed address, the form, the way back, and a refusal beside the field."""
    shopper = _Forgetful(app, {})
    address = shopper.start()
    part = shopper.answer(address, "espresso", htmx=True)
    pushed = part.headers["HX-Push-Url"]
    assert (step(pushed), "?t=" in pushed) == ("grinder", True)
    form = {"view": token(part.text), "t": address.partition("?t=")[2]}
    refused = shopper.post(pushed.partition("?")[0], form, headers=HTMX)
    assert refused.status_code == 422
    assert refused.text.count(form["t"]) >= 3
    assert shopper.get(address).status_code == 200


def test_a_start_that_brought_no_cookie_goes_on_by_the_token_until_one_is_brought(app: Flask) -> None:
    """A form sent before any page was seen: the first address has the token, and what follows needs none."""
    shopper = Shopper(app)
    address = str(shopper.post("/q/coffee/start").location)
    assert "?t=" in address
    assert _token_kind(app) == "address"
    assert "?t=" not in str(shopper.answer(address, "espresso").location)
    assert Tab(app).get(address.partition("?")[0]).status_code == 404


def test_a_privacy_signal_amid_a_quiz_ends_the_measuring_and_not_the_quiz(app: Flask) -> None:
    """The cookie that the browser brings opens the attempt still; no time is kept from then on."""
    shopper = Shopper(app)
    address = shopper.start()
    shopper.headers |= GPC
    timed = {"a30": "0", "a10": "0", "seq": "1"}
    assert shopper.answer(address, "espresso", fields=timed).location == address.replace("brew", "grinder")
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Answer).source)).scalar_one() == "none"
