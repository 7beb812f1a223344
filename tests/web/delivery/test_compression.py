"""Laws of compressed pages: shoppers' pages are, but not where a stranger could read from their length."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizfunnel.web.delivery import compression
from tests.pages import ORIGIN

TAKES = {"Accept-Encoding": "gzip, br"}
LONG = "<p>a page</p>" * 100


@pytest.fixture
def client() -> FlaskClient:
    """Give a client of an app with pages of shoppers and of staff."""
    app = Flask("compression", static_folder=None)
    compression.install(app, secretive=("staff",))
    app.add_url_rule("/page", "page", lambda: LONG, methods=["GET", "POST"])
    app.add_url_rule("/short", "short", lambda: "<p>short</p>")
    app.add_url_rule("/text", "text", lambda: (LONG, {"Content-Type": "text/plain"}))
    app.add_url_rule("/varied", "varied", lambda: (LONG, {"Vary": "HX-Request"}))
    return app.test_client()


@pytest.mark.parametrize(("takes", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None), ("br;q=0", None)])
def test_a_page_is_sent_in_the_smallest_form(client: FlaskClient, takes: str, encoding: str | None) -> None:
    """Whole, with its length, and every cache is told what it hangs on."""
    response = client.get("/page", headers={"Accept-Encoding": takes})
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.data)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(response.data) == LONG.encode()


@pytest.mark.parametrize(
    ("address", "is_packed"),
    [
        ("/page", True),
        ("/page?lang=de", True),
        ("/page?lang=de&entry=guess", False),
        ("/page?t=guess", False),
        ("/page?utm_source=mail", False),
        ("/short", False),
        ("/text", False),
    ],
)
def test_what_another_site_could_put_into_a_page_is_not_compressed(
    *, client: FlaskClient, address: str, is_packed: bool
) -> None:
    """An address with a query may be shown in a page, and would be met again by what it guesses at."""
    assert ("Content-Encoding" in client.get(address, headers=TAKES).headers) is is_packed
    if is_packed:
        assert "Content-Encoding" in client.post(address, headers=TAKES).headers  # another site's form is refused


def test_other_reasons_to_vary_stay(client: FlaskClient) -> None:
    """A page and its part lie at one address."""
    assert client.get("/varied", headers=TAKES).headers["Vary"] == "HX-Request, Accept-Encoding"


def test_shoppers_pages_are_compressed_and_staff_pages_are_not(app: Flask) -> None:
    """By room, in the real application; a question's part too, and what is not there."""
    client = app.test_client()
    for path, is_packed in (("/q/coffee", True), ("/nothing", True), ("/staff/sign-in", False)):
        response = client.get(path, headers={**ORIGIN, **TAKES})
        assert ("Content-Encoding" in response.headers) is is_packed, path
