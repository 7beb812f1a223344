"""Laws of what every response forbids, and of writes from other origins."""

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.web import security

HOSTS = ("shop.example", "quiz.example")


@pytest.fixture
def client() -> FlaskClient:
    """Give a client of an app that answers whether a write is still to be proven."""
    app = Flask("security", static_folder=None)
    security.install(app, public_url="https://quiz.example")
    for path in ("/form", "/hooks/store", "/t/beacon"):
        app.add_url_rule(path, path, lambda: str(g.get("unproven")), methods=["GET", "POST"])
    return app.test_client()


def test_every_response_carries_the_headers(client: FlaskClient) -> None:
    """A page, a refusal and a page that is not there alike."""
    for response in (
        client.get("/form"),
        client.post("/form", headers={"Sec-Fetch-Site": "cross-site"}),
        client.get("/nothing"),
    ):
        assert security.HEADERS.items() <= dict(response.headers).items()


@given(site=st.text(max_size=12), origin=st.none() | st.text(max_size=30))
def test_fetch_metadata_wins(site: str, origin: str | None) -> None:
    """Sec-Fetch-Site is believed whatever Origin says, and only `same-origin` is ours."""
    assert security.same_origin(site, origin, HOSTS) is (site == "same-origin")


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        (None, None),
        ("https://quiz.example", True),
        ("http://shop.example", True),
        ("https://evil.example", False),
        ("https://quiz.example.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_without_it_the_origin_is_compared(origin: str | None, ours: bool | None) -> None:  # noqa: FBT001
    """The host must be one of ours; `null` and nonsense are not, and silence is no answer."""
    assert security.same_origin(None, origin, HOSTS) is ours


def test_a_write_from_another_origin_is_refused(client: FlaskClient) -> None:
    """A GET is not; a browser that says nothing leaves it to the view to prove the form."""
    assert client.get("/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert client.post("/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/form", headers={"Origin": "https://quiz.example"}).text == "False"
    assert client.post("/form").text == "True"


@pytest.mark.parametrize("path", ["/hooks/store", "/t/beacon"])
def test_what_proves_itself_is_not_asked(client: FlaskClient, path: str) -> None:
    """Webhooks are signed and beacons carry a token: they come from anywhere."""
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
