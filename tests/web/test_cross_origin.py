"""Laws of writes from other origins: the shop's listed ones, to a few addresses, and no other route opens."""

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings, Shop
from quizfunnel.shop.views import PATHS
from quizfunnel.web import security
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.origins import SharedPaths, cors_headers
from tests.pages import BROWSER

SHOP = "https://shop.example"
SIGNED = ("/hooks/", "/t/")  # whose senders sign, or whose views are named by a token


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the application of a store that is connected to a shop."""
    app = create_app(settings.model_copy(update={"shop": Shop(origins=(SHOP,))}), clock=clock, demo=True)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def writes(app: Flask) -> list[str]:
    """Return an address of every route that takes a form."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return [re.sub(r"<[^>]+>", "1", rule.rule) for rule in rules]


@pytest.mark.parametrize("site", ["same-site", "cross-site", None])
def test_no_other_route_opens(app: Flask, site: str | None) -> None:
    """A listed origin writes to the snippet's addresses; at every other it is another site, and reads nothing."""
    sent = {"Origin": SHOP, "User-Agent": BROWSER} | ({"Sec-Fetch-Site": site} if site else {})
    client, opened = app.test_client(), []
    for path in writes(app):
        response = client.post(path, data=b"{}", headers=sent)
        if response.status_code != 403 and not path.startswith(SIGNED):
            opened.append(path)
        allowed = "Access-Control-Allow-Origin" in response.headers
        assert allowed == (path in PATHS), path
    assert sorted(opened) == sorted(PATHS)
    assert "Access-Control-Allow-Origin" not in client.get("/healthz", headers=sent).headers


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://shop.example.evil",
        "http://shop.example",
        "https://shop.example:8443",
        "https://SHOP.example",
        "",
    ],
)
def test_any_other_origin_is_refused(app: Flask, origin: str) -> None:
    """Letter by letter, without a header by which a page could read why; and who says nothing, too."""
    sent = {"Origin": origin} if origin else {}
    response = app.test_client().post("/s", data=b'{"path": "/"}', headers=sent | {"User-Agent": BROWSER})
    assert response.status_code == 403
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    assert "Origin" in response.headers.get_all("Vary")


def test_a_refusal_names_the_origin_and_those_that_are_set(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the answer and in the log: whoever put the snippet on `www.` sees what is not listed."""
    monkeypatch.setattr(security, "_log", FaultLog(logging.getLogger("refusals")))
    sent = {"Origin": "https://www.shop.example", "User-Agent": BROWSER}
    refused = app.test_client().post("/s", data=b"{}", headers=sent).get_json()["message"]
    for told in (refused, caplog.text):
        assert "Origin is https://www.shop.example" in told
        assert f"[shop] origins are {SHOP}" in told


def test_an_admitted_origin_reads_the_answer(app: Flask) -> None:
    """It alone, with its cookies, and no cache keeps it for another."""
    response = app.test_client().post("/s", data=b"{", headers={"Origin": SHOP, "User-Agent": BROWSER})
    assert response.headers["Access-Control-Allow-Origin"] == SHOP
    assert response.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in response.headers.get_all("Vary")
    assert "no-store" in response.headers["Cache-Control"]


def test_nobody_is_admitted_without_an_origin() -> None:
    """Neither where none is listed nor where none is sent."""
    assert not SharedPaths().admits("")
    assert not SharedPaths.of(["/s"], [SHOP]).admits(None)
    assert cors_headers(None) == [("Vary", "Origin")]
