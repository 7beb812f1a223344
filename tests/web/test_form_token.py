"""Laws of the form token: no form is taken from a browser that says nothing but with proof that it was shown it."""

import re
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from quizfunnel.kit.signing import Signer
from quizfunnel.web import form_token
from tests.pages import BROWSER, HTMX, check
from tests.shoppers import LONGEST

ELSEWHERE = ("/hooks/", "/t/", "/s/")  # signed by their senders; beacons carry tokens; the shop's pages have no form
NOON = 1_700_000_000_000


class Form(MultiDict[str, str]):
    """A form of a page: its address, and its fields with the first value of each and the high end of a scale."""

    def __init__(self, html: str) -> None:
        """Read a form's own HTML."""
        super().__init__()
        self.action = re.findall(r'action="([^"#]*)', html)[0].replace("&amp;", "&")
        for field in re.findall(r"<(?:input|button)\b[^>]*>", html):
            name, value, most = (re.findall(rf'\b{key}="([^"]*)"', field) for key in ("name", "value", "max"))
            if name and name[0] not in (*self, "skip", "none"):
                self.add(name[0], next(filter(None, value + most), ""))


class Silent:
    """A browser that says neither by Sec-Fetch-Site nor by Origin where a form comes from, and sends whole pages."""

    def __init__(self, app: Flask, *, cookies: bool = True) -> None:
        """Open it on `app`."""
        self.client = app.test_client(use_cookies=cookies)
        self.headers = {"User-Agent": BROWSER}

    def get(self, address: str) -> TestResponse:
        """Fetch a page, wherever it leads."""
        response = self.client.get(address, headers=self.headers, follow_redirects=True)
        check(response)
        return response

    def post(self, address: str, form: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(address, data=form, headers=self.headers)

    def send(self, page: TestResponse, action: str, **fields: str) -> TestResponse:
        """Send the form of a page to an address that ends so, with some fields filled in; return the next page."""
        form = next(form for form in forms(page.text) if form.action.partition("?")[0].endswith(action))
        for name, value in fields.items():
            form[name] = value
        response = self.post(form.action, form)
        assert response.status_code in (200, 303), (form.action, response.text)
        return self.get(response.location) if response.status_code == 303 else response


def forms(html: str) -> list[Form]:
    """Return the forms of a page that are posted."""
    return [Form(text) for text in re.findall(r'<form\b[^>]*method="post".*?</form>', html, re.DOTALL)]


def test_no_route_takes_a_form_without_proof(demo: Flask) -> None:
    """Every route of the map that is posted to, but for hooks and beacons: 403, in words that say what to do."""
    browser = Silent(demo)
    browser.get("/q/coffee")
    routes = [rule for rule in demo.url_map.iter_rules() if "POST" in (rule.methods or ())]
    guarded = [rule for rule in routes if not f"{rule.rule}/".startswith(ELSEWHERE)]
    assert len(guarded) >= 8
    for rule in guarded:
        if hasattr(demo.view_functions[rule.endpoint], "has_own_token"):
            continue
        address = re.sub("<[^>]+>", "x", rule.rule)
        for form in ({}, {"form_token": "x.y.z"}):
            refused = browser.post(address, form)
            assert refused.status_code == 403, rule
            assert "The form came without its token" in refused.text


def test_a_view_with_a_token_of_its_own_asks_for_it(demo: Flask) -> None:
    """An answer carries the token of the view that it is an answer to; without it nothing is kept."""
    own = [
        rule.rule for rule in demo.url_map.iter_rules() if hasattr(demo.view_functions[rule.endpoint], "has_own_token")
    ]
    assert set(own) == {"/a/<attempt>/<question>"}
    browser = Silent(demo)
    page = browser.send(browser.get("/q/coffee"), "/start")
    form = forms(page.text)[0]
    del form["view"]
    assert browser.post(form.action, form).status_code == 403


def offered(browser: Silent) -> TestResponse:
    """Return the offer's page, after each question was answered by the form as it stands there."""
    page = browser.send(browser.get("/q/coffee"), "/start")
    for _ in range(LONGEST):
        if page.request.path.endswith("/offer"):
            return page
        page = browser.send(page, page.request.path)
    raise AssertionError(page.request.path)


def test_a_quiz_is_taken_by_a_browser_that_says_nothing(demo: Flask) -> None:
    """From the promise to what didn't suit, without JavaScript, by the forms as they stand on the pages."""
    browser = Silent(demo)
    page = offered(browser)
    page = browser.send(page, "/offer/none")
    page = browser.send(page, "/offer/none", why="too dear")
    assert "Thank you" in page.text
    assert browser.send(page, "/start").request.path.startswith("/a/")


def test_a_part_that_htmx_swaps_has_its_token(demo: Flask) -> None:
    """The offer's form is answered with a part of the page, whose form can be sent again."""
    browser = Silent(demo)
    page = offered(browser)
    browser.headers |= HTMX
    part = browser.send(page, "/offer/none")
    assert "<html" not in part.text
    assert "Thank you" in browser.send(part, "/offer/none", why="too dear").text


def test_the_demos_switch_is_used_by_a_browser_that_says_nothing(demo: Flask) -> None:
    """From the landing page, and back to it."""
    browser = Silent(demo)
    assert "You are a" in browser.send(browser.get("/"), "/see-as").text


def test_a_strangers_token_is_none(demo: Flask) -> None:
    """Nobody puts a token of their own page into a form that somebody else's browser sends."""
    stranger, shopper = Silent(demo), Silent(demo)
    token = forms(stranger.get("/q/coffee").text)[0]["form_token"]
    shopper.get("/q/coffee")
    assert stranger.post("/q/coffee/start", {"form_token": token}).status_code == 303
    assert shopper.post("/q/coffee/start", {"form_token": token}).status_code == 403


def test_a_browser_without_cookies_goes_on(demo: Flask) -> None:
    """It has nothing that a stranger could act with; a genuine token is enough."""
    browser = Silent(demo, cookies=False)
    token = forms(browser.get("/q/coffee").text)[0]["form_token"]
    assert browser.post("/q/coffee/start", {"form_token": token}).status_code == 303
    assert browser.post("/q/coffee/start", {}).status_code == 403


def test_a_token_lasts_a_day_and_goes_with_secret_cookies(signer: Signer) -> None:
    """A page open for longer is opened again; other cookies may come meanwhile, and public ones prove nothing."""
    cookies = {"qf_v": "anna.tag", "qf_consent": "yes", "other": "1"}
    token = form_token.make(signer, cookies, now_ms=NOON)
    more = cookies | {"__Host-qf_a_x": "tag"}
    assert form_token.is_genuine(signer, token, more, now_ms=NOON + form_token.KEPT_MS)
    assert not form_token.is_genuine(signer, token, more, now_ms=NOON + form_token.KEPT_MS + 1)
    assert not form_token.is_genuine(signer, token, more, now_ms=NOON - 1)
    assert not form_token.is_genuine(signer, token, {"qf_v": "ben.tag"}, now_ms=NOON)
    public = form_token.make(signer, {"qf_consent": "yes"}, now_ms=NOON)
    assert not form_token.is_genuine(signer, public, cookies, now_ms=NOON)
