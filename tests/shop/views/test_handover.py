"""Laws of the handover: once, within two minutes, to a browser that names nobody; no token opens what others began."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.journey.tables import Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import KEPT, read_cart_token
from quizfunnel.visit.tables import Visitor
from tests.pages import Shopper, Tab
from tests.shop.browsers import ShopBrowser
from tests.shop.rows import many, read


@pytest.fixture
def browser(connected: Flask) -> ShopBrowser:
    """Give a browser whose shop is on another site than the quiz, and has seen a page that invites."""
    browser = ShopBrowser(connected, site="cross-site")
    browser.look()
    return browser


def handed(browser: ShopBrowser) -> str:
    """Return the token for the way to the quiz."""
    return str(browser.send("/s/handover", {"key": browser.key}).get_json()["h"])


def visitors_of_attempts(app: Flask) -> set[str | None]:
    """Return whose the attempts are."""
    return {row[0] for row in read(app, select(columns(Attempt).visitor_id))}


def test_the_visitor_goes_along(connected: Flask, browser: ShopBrowser) -> None:
    """The token is taken out of the address at once, and what is begun there is the visitor's of the shop."""
    quiz = Shopper(connected)
    moved = quiz.get(f"/q/coffee?utm_source=shop&h={handed(browser)}")
    assert (moved.status_code, moved.location) == (303, "/q/coffee?utm_source=shop")
    assert moved.headers["Referrer-Policy"] == "no-referrer"
    quiz.start()
    assert visitors_of_attempts(connected) == {
        read_cart_token(connected.extensions["quizfunnel"].signer, browser.token)
    }
    assert many(connected, Visitor) == [1]


def test_it_is_once(connected: Flask, browser: ShopBrowser) -> None:
    """A second token of the same visitor, made before or after, makes nobody that visitor."""
    first, second = handed(browser), handed(browser)
    Shopper(connected).get(f"/q/coffee?h={first}")
    for token in (first, second, handed(browser)):
        other = Tab(connected)
        assert other.get(f"/q/coffee?h={token}").status_code == 303
        assert other.client.get_cookie("qf_v") is None


def test_it_is_for_two_minutes(connected: Flask, browser: ShopBrowser, clock: SetClock) -> None:
    """Later the quiz is shown to somebody new."""
    token = handed(browser)
    clock.advance(121)
    other = Tab(connected)
    assert other.get(f"/q/coffee?h={token}").location == "/q/coffee"
    assert other.client.get_cookie("qf_v") is None


def test_it_makes_nobody_known_for_longer(connected: Flask, browser: ShopBrowser, clock: SetClock) -> None:
    """The cookie lives for what is left of the 13 months since the first visit; once they are over there is none."""
    clock.advance(timedelta(days=300).total_seconds())
    moved = Tab(connected).get(f"/q/coffee?h={handed(browser)}")
    assert f"Max-Age={96 * 24 * 3600};" in next(each for each in moved.headers.getlist("Set-Cookie") if "qf_v=" in each)
    other = ShopBrowser(connected, site="cross-site")
    other.look()
    clock.advance(KEPT.total_seconds())
    late = Tab(connected)
    assert late.get(f"/q/coffee?h={handed(other)}").status_code == 303
    assert late.client.get_cookie("qf_v") is None


def test_the_page_stays_the_one_that_was_asked_for(connected: Flask) -> None:
    """Whatever its name is made of: only the token goes, and what is no quiz is not found afterwards."""
    for path in ("/q/a%0D%0Ab", "/q/coffee%3Fa%3Db", "/c/caf%C3%A9"):
        moved = Tab(connected).get(f"{path}?h=x")
        assert (moved.status_code, moved.location) == (303, path)
        assert Tab(connected).get(path).status_code == 404


def test_it_takes_nobodys_place(connected: Flask, browser: ShopBrowser) -> None:
    """Whoever is a visitor already stays who they are, and a no stays a no; both still see the quiz."""
    known, refusing = ShopBrowser(connected), Tab(connected)
    own = known.look()["token"]
    refusing.post("/consent", {"choice": "no"})
    tab = Tab(connected)
    tab.client = known.client
    for each in (tab, refusing):
        assert each.get(f"/q/coffee?h={handed(browser)}").status_code == 303
    assert known.look()["token"] == own
    assert refusing.client.get_cookie("qf_v") is None
    silent = Tab(connected, {"Sec-GPC": "1"})
    silent.get(f"/q/coffee?h={handed(browser)}")
    assert silent.client.get_cookie("qf_v") is None


def test_the_carts_token_opens_nothing(connected: Flask, browser: ShopBrowser) -> None:
    """Whoever reads a cart has no key: no handover, no attempt, no answers, no offer; nor a cookie by naming it."""
    mine = Shopper(connected)
    mine.get(f"/q/coffee?h={handed(browser)}")
    address = mine.follow(mine.start())
    assert browser.send("/s/handover", {"key": browser.token}).get_json() == {"h": None}
    thief = ShopBrowser(connected)
    thief.token = browser.token
    answer = thief.look()
    assert answer["token"] == browser.token
    assert "key" not in answer
    assert thief.client.get_cookie("qf_v") is None
    tab = Tab(connected)
    tab.client = thief.client
    path = urlsplit(address).path
    for place in (path, f"{path}?t={browser.token}", f"{path}?h={browser.token}", path.rpartition("/")[0] + "/offer"):
        assert tab.get(place).status_code == 404, place
    assert tab.get(f"/q/coffee?h={browser.token}").status_code == 303
    assert tab.client.get_cookie("qf_v") is None


def test_a_finished_quiz_leads_back_without_telling_whose_it_was(connected: Flask, browser: ShopBrowser) -> None:
    """Who is known by the shop's token alone is led to the quiz's first page; by a cookie, to the products."""
    answers = {"brew": ("moka",), "moment": ("morning",), "avoid": (), "budget": ("20",), "strength": ("skip",)}
    mine = Shopper(connected)
    mine.get(f"/q/coffee?h={handed(browser)}")
    offer = mine.finish(answers)
    shown = browser.look()["invite"]
    if shown is not None:  # whoever is held out sees no way back either
        assert (shown["finished"], shown["url"]) == (True, "http://localhost/q/coffee")
    assert "/offer" in offer


def test_who_is_known_by_a_cookie_has_no_key(connected: Flask) -> None:
    """On the same site nobody needs one."""
    assert "key" not in ShopBrowser(connected).look()


def test_a_withdrawn_visitor_is_not_handed_over(connected: Flask, browser: ShopBrowser) -> None:
    """A no between the click and the page is heard."""
    token = handed(browser)
    browser.send("/s/consent", {"token": browser.token, "choice": "no"})
    other = Tab(connected)
    other.get(f"/q/coffee?h={token}")
    assert other.client.get_cookie("qf_v") is None
