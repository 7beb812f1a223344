"""Laws of caching: nothing but static files and the snippet is kept, and no token is told to another site."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizfunnel.web import security
from tests.pages import ORIGIN
from tests.web.requests import Sent, Visited

KEPT_NOWHERE = "private, no-store"
LOCAL = (("host", "localhost"), ("user-agent", ORIGIN["User-Agent"]), ("sec-fetch-site", "same-origin"))


@pytest.fixture
def shop(demo: Flask) -> Visited:
    """Give the demo store, which has every route, with shoppers in it."""
    return Visited(demo)


def test_nothing_but_static_files_is_kept(shop: Visited) -> None:
    """Every route with each of its methods, to each shopper and to a stranger, found or refused."""
    statuses = set()
    for rule, method in shop.routes:
        path = re.sub("<([^>]+)>", lambda match: (shop.known[match[1]] or ["x"])[0], rule)
        for cookie in shop.cookies:
            sent = Sent(method, path, headers=(*LOCAL, ("cookie", cookie), ("content-length", "0")))
            response = shop.answer(sent)
            kept = [value for name, value in response.headers if name == "Cache-Control"]
            statuses.add(response.status)
            if rule.startswith("/static/") and response.status == 200 and method != "OPTIONS":
                assert re.fullmatch("public, max-age=300", kept[0]), sent
            elif rule.startswith("/qf") and response.status == 200 and method != "OPTIONS":
                assert kept == ["public, max-age=600, stale-while-revalidate=86400"], sent
            else:
                assert kept == [KEPT_NOWHERE], sent
    assert {200, 204, 303, 403, 404} <= statuses


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/a/x/y", "/r/forged"])
def test_a_page_that_is_not_there_is_not_kept(demo: Flask, path: str) -> None:
    """Not even that a file is missing: it may come."""
    assert demo.test_client().get(path).headers["Cache-Control"] == KEPT_NOWHERE


def _client() -> FlaskClient:
    app = Flask("caching", static_folder=None)
    security.install(app)
    app.add_url_rule("/a/<attempt>/<question>", "ask", lambda **_: "a question")
    return app.test_client()


@pytest.mark.parametrize(
    ("query", "policy"),
    [
        ("", "strict-origin-when-cross-origin"),
        ("v=1", "strict-origin-when-cross-origin"),
        ("start=1", "strict-origin-when-cross-origin"),
        ("t=abc.def", "no-referrer"),
        ("v=1&t=abc.def", "no-referrer"),
    ],
)
def test_an_address_with_a_token_is_told_to_nobody(query: str, policy: str) -> None:
    """One policy, whoever answers: a page, or that there is none."""
    client = _client()
    for path in ("/a/x/brew", "/nothing"):
        assert client.get(f"{path}?{query}").headers.getlist("Referrer-Policy") == [policy]
