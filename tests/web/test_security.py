"""Laws of what every response forbids, and of writes from other origins."""

import logging

import pytest
from flask import Flask, g, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock, to_millis
from quizfunnel.kit.signing import Signer
from quizfunnel.settings import Settings
from quizfunnel.web import form_token, security
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.wiring import Wiring
from tests import cast
from tests.pages import BROWSER

ORIGINS = ("http://shop.example:80", "https://quiz.example:443")


@pytest.fixture
def client() -> FlaskClient:
    """Give a client of an app that answers whether a write is still to be proven."""
    return client_of("https://quiz.example")


def client_of(public_url: str) -> FlaskClient:
    """Return a client of an app that is served at `public_url`."""
    app = Flask("security", static_folder=None)
    w = Wiring(Settings(public_url=public_url), create_engine("sqlite://"), SetClock(cast.NOON), Signer([cast.KEY]))
    app.extensions["quizfunnel"] = w
    security.install(app, public=w.settings.public_urls)
    for path in ("/form", "/hooks/store", "/t/beacon", "/healthz"):
        app.add_url_rule(path, path, lambda: str(g.get("unproven")), methods=["GET", "POST"])
    return app.test_client()


def test_every_response_carries_the_headers(client: FlaskClient) -> None:
    """A page, a refusal and a page that is not there alike."""
    for response in (
        client.get("/form"),
        client.get("/form", headers={"Host": "evil.example"}),
        client.post("/form", headers={"Sec-Fetch-Site": "cross-site"}),
        client.get("/nothing"),
    ):
        assert security.HEADERS.items() <= dict(response.headers).items()


@pytest.mark.parametrize("path", ["/static/favicon.svg", "/static/nothing.css", "/q/coffee"])
def test_what_a_browser_may_open_carries_them_all(app: Flask, path: str) -> None:
    """A picture that may hold a script, and a page in a part's place."""
    assert security.HEADERS.items() <= dict(app.test_client().get(path).headers).items()


@pytest.mark.parametrize("path", ["/static/quiz.css", "/static/shopper.js"])
def test_a_part_of_a_page_carries_what_is_said_of_any_file(app: Flask, path: str) -> None:
    """Its type holds, as no browser guesses another; what is said of documents takes no share of a slow link."""
    response = app.test_client().get(path)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert set(security.HEADERS) & set(response.headers.keys()) == {"X-Content-Type-Options", "Server"}


@given(site=st.text(max_size=12), origin=st.none() | st.text(max_size=30))
def test_fetch_metadata_wins(site: str, origin: str | None) -> None:
    """Sec-Fetch-Site is believed whatever Origin says, and only `same-origin` is ours."""
    assert security.same_origin(site, origin, ORIGINS) is (site == "same-origin")


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        (None, None),
        ("https://quiz.example", True),
        ("HTTPS://Quiz.Example:443", True),
        ("http://shop.example", True),
        ("http://quiz.example", False),
        ("https://quiz.example:8443", False),
        ("https://quiz.example@evil.example", False),
        ("http://[", False),
        ("https://evil.example", False),
        ("https://quiz.example.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_without_it_the_origin_is_compared(origin: str | None, ours: bool | None) -> None:  # noqa: FBT001
    """Scheme, host and port must be ours, in any case; `null` and nonsense are not, and silence is no answer."""
    assert security.same_origin(None, origin, ORIGINS) is ours


def test_a_write_from_another_origin_is_refused(client: FlaskClient) -> None:
    """A GET is not; a browser that says nothing leaves it to the view to prove the form."""
    assert client.get("/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert client.post("/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for host in ("quiz.example", "Quiz.Example", "127.0.0.1:8000"):
        mine = {"Host": host, "Origin": "https://quiz.example"}
        assert client.post("/form", headers=mine).text == "False"


def test_a_browser_that_says_nothing_proves_its_form(client: FlaskClient) -> None:
    """By the token in it; a Referer from elsewhere is enough to refuse it all the same."""
    token = form_token.make(Signer([cast.KEY]), {}, now_ms=to_millis(cast.NOON))
    assert client.post("/form").status_code == client.post("/form", data={"form_token": "x"}).status_code == 403
    assert client.post("/form", data={"form_token": token}).text == "True"
    elsewhere = {"Referer": "https://evil.example/page"}
    refused = client.post("/form", data={"form_token": token}, headers=elsewhere)
    assert refused.status_code == 403
    assert "Referer: https://evil.example/page" in refused.text
    own = {"Host": "quiz.example", "Referer": "https://quiz.example/q/coffee"}
    assert client.post("/form", data={"form_token": token}, headers=own).text == "True"
    assert client.post("/form", headers=own).status_code == 403


@pytest.mark.parametrize("path", ["/hooks/store", "/t/beacon"])
def test_what_proves_itself_is_not_asked(client: FlaskClient, path: str) -> None:
    """Webhooks are signed and beacons carry a token: they come from anywhere."""
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_form_of_an_address_with_a_token_may_come_from_nowhere(client: FlaskClient) -> None:
    """Without a Referer older browsers say `Origin: null`: it has to prove itself as if nothing was said."""
    null = {"Origin": "null"}
    assert client.post("/form", headers=null).status_code == 403
    assert client.post("/form?t=a.b", headers=null).status_code == client.post("/form?t=a.b").status_code
    assert client.post("/form?t=a.b", headers=null | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/form?t=a.b", headers={"Origin": "https://evil.example"}).status_code == 403


def test_https_is_kept_where_it_is_spoken(client: FlaskClient) -> None:
    """HSTS for a year at a public https address, nowhere else; the server says no name of its software."""
    over_https, over_http = client.get("/form"), client_of("").get("/form")
    assert over_https.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in over_http.headers
    assert over_https.headers["Server"] == over_http.headers["Server"] == ""


@pytest.mark.parametrize("host", ["evil.example", "quiz.example.evil.example", "", "[", "quiz.example:x", "a b", "é"])
def test_a_foreign_host_is_refused_by_value_and_setting(client: FlaskClient, host: str) -> None:
    """The answer says which host came and what the setting is; whoever watches over the machine asks by any host."""
    refused = client.get("/form", headers={"Host": host})
    assert refused.status_code == 400
    assert "QUIZFUNNEL_PUBLIC_URL is https://quiz.example" in refused.text
    assert f"Host: {host or '(empty)'}" in refused.text
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["QUIZ.example", "quiz.example:443", "localhost", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
)
def test_our_own_hosts_are_answered(client: FlaskClient, host: str) -> None:
    """The public one without case and at any port, and this machine by each of its names."""
    assert client.get("/form", headers={"Host": host}).status_code == 200


def test_a_refused_origin_names_value_and_setting(client: FlaskClient) -> None:
    """The commonest cause is a proxy whose address nobody set."""
    text = client_of("").post("/form", headers={"Origin": "https://quiz.example"}).text
    assert "Origin: https://quiz.example; QUIZFUNNEL_PUBLIC_URL is not set" in text
    text = client.post("/form", headers={"Host": "quiz.example", "Origin": "http://quiz.example"}).text
    assert "Origin: http://quiz.example; QUIZFUNNEL_PUBLIC_URL is https://quiz.example" in text


def test_a_proxy_that_nobody_counts_is_named(client: FlaskClient) -> None:
    """Its header is passed over, the commonest cause of a refused Host, and the answer says by which setting."""
    proxied = {"Host": "10.0.0.5", "X-Forwarded-Host": "quiz.example", "X-Forwarded-Proto": "https"}
    text = client.get("/form", headers=proxied).text
    assert "X-Forwarded-Host: quiz.example, X-Forwarded-Proto: https of a proxy is passed over" in text
    assert "QUIZFUNNEL_PROXIES is 0" in text


def test_refusals_are_logged_once_a_minute(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """One line for a thousand alike, with the value and the setting, whatever the value holds."""
    monkeypatch.setattr(security, "_log", FaultLog(logging.getLogger("refusals"), now=lambda: 100.0))
    client = client_of("")
    for _ in range(5):
        client.get("/form", headers={"Host": "evil.example"})
        client.post("/form", headers={"Origin": "https://evil.example"})
    assert [record.getMessage() for record in caplog.records] == [
        "refused: Host is evil.example, and QUIZFUNNEL_PUBLIC_URL is not set",
        "a write was refused: Origin: https://evil.example, and QUIZFUNNEL_PUBLIC_URL is not set",
    ]


def test_a_query_of_any_bytes_is_read() -> None:
    """What is no UTF-8 is kept as bytes, each as its percent code, and nothing else of the query changes."""
    app = Flask("query", static_folder=None)
    security.install(app)
    app.add_url_rule("/", "front", lambda: repr(request.args.to_dict()))
    for query, read in (("a=\xff&b=%20", "%FF"), ("a=caf\xc3\xa9&b=%20", "caf\u00e9")):
        text = app.test_client().get("/", environ_overrides={"QUERY_STRING": query}).text
        assert text == repr({"a": read, "b": " "})


def test_each_public_host_is_served(settings: Settings, clock: SetClock) -> None:
    """Two addresses of one shop: each takes forms of its own pages, none of the other's, and has cookies of its own."""
    both = "https://quiz.example,https://Quiz.example.fr"
    app = create_app(settings.model_copy(update={"public_url": both}), clock=clock, demo=False)
    for own, other in (("quiz.example", "Quiz.example.fr"), ("QUIZ.example.fr", "quiz.example")):
        client = app.test_client()
        page = client.get("/q/coffee", headers={"Host": own, "User-Agent": BROWSER})
        assert page.headers["Set-Cookie"].startswith("__Host-qf_v=")
        for origin, status in ((own, 303), (other, 403)):
            headers = {"Host": own, "Origin": f"https://{origin}", "User-Agent": BROWSER}
            assert client.post("/q/coffee/start", headers=headers).status_code == status
    app.extensions["quizfunnel"].engine.dispose()
