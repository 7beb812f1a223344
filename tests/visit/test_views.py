"""The cookie that a guest gets, and the page's answer to the question of consent."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.settings.shop import Shop
from quizfunnel.visit import identity
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.views import current_guest
from tests.visit.agents import CHROME, IPHONE

PAGE = "/q/coffee"
BROWSER = {"User-Agent": CHROME, "Sec-Fetch-Site": "same-origin"}


def client_of(app: Flask) -> FlaskClient:
    """Return a shopper's browser."""
    return app.test_client()


@pytest.fixture
def open_store(settings: Settings, clock: SetClock) -> Iterator[Callable[..., Flask]]:
    """Give what opens the store with other settings."""
    opened: list[Flask] = []

    def build(**changes: object) -> Flask:
        opened.append(create_app(settings.model_copy(update=changes), clock=clock, demo=False))
        return opened[-1]

    yield build
    for app in opened:
        app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def asking(open_store: Callable[..., Flask]) -> Flask:
    """Give the app of a store that asks for consent."""
    return open_store(consent="ask")


def test_a_new_visitor_gets_a_cookie_of_thirteen_months(app: Flask) -> None:
    """HttpOnly, SameSite=Lax, for the whole site; the value is signed."""
    answer = client_of(app).get(PAGE, headers=BROWSER)
    cookie = answer.headers["Set-Cookie"]
    value = cookie.partition("=")[2].partition(";")[0]
    assert cookie.startswith("qf_v=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={int(timedelta(days=396).total_seconds())}"):
        assert part in cookie
    assert "Secure" not in cookie
    assert identity.read_cookie(app.extensions["quizfunnel"].signer, value) is not None
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_over_https_the_cookie_is_bound_to_the_host(open_store: Callable[..., Flask]) -> None:
    """`__Host-` with Secure, Path=/ and no Domain."""
    app = open_store(public_url="https://quiz.example")
    answer = client_of(app).get(PAGE, headers=BROWSER, base_url="https://quiz.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-qf_v=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_cookie_that_came_along_is_not_extended(app: Flask) -> None:
    """Thirteen months from the first visit, whatever happens after."""
    client = client_of(app)
    client.get(PAGE, headers=BROWSER)
    assert "Set-Cookie" not in client.get(PAGE, headers=BROWSER).headers


def test_a_forged_cookie_makes_a_new_visitor(app: Flask) -> None:
    """An id without our signature is nobody."""
    client = client_of(app)
    client.set_cookie("qf_v", "a" * 32)
    assert client.get(PAGE, headers=BROWSER).headers["Set-Cookie"].startswith("qf_v=")


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"User-Agent": "Googlebot/2.1"}, {"Sec-Purpose": "prefetch"}])
def test_who_must_not_be_remembered_gets_no_cookie(app: Flask, headers: dict[str, str]) -> None:
    """Global Privacy Control, crawlers and pages fetched ahead: the page comes, no cookie with it."""
    answer = client_of(app).get(PAGE, headers=BROWSER | headers)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_where_consent_is_asked_for_nothing_is_kept_before_a_yes(asking: Flask) -> None:
    """No cookie before; the first page after the yes brings it; GPC still wins."""
    client = client_of(asking)
    assert "Set-Cookie" not in client.get(PAGE, headers=BROWSER).headers
    answer = client.post("/consent", data={"choice": "yes", "next": PAGE}, headers=BROWSER)
    assert answer.status_code == 303
    back = client.get(answer.headers["Location"], headers=BROWSER)
    assert (back.status_code, back.headers["Location"]) == (303, PAGE)  # nothing of the choice stays in the address
    assert "Set-Cookie" not in client.get(PAGE, headers=BROWSER | {"Sec-GPC": "1"}).headers
    assert "qf_v=" in client.get(PAGE, headers=BROWSER).headers["Set-Cookie"]


def test_a_no_takes_the_cookie_away(asking: Flask) -> None:
    """Withdrawn as easily as given: the cookie goes and none comes back."""
    client = client_of(asking)
    client.post("/consent", data={"choice": "yes"}, headers=BROWSER)
    client.get(PAGE, headers=BROWSER)
    assert client.get_cookie("qf_v") is not None
    client.post("/consent", data={"choice": "no"}, headers=BROWSER)
    assert client.get_cookie("qf_v") is None
    assert "Set-Cookie" not in client.get(PAGE, headers=BROWSER).headers


def test_a_choice_that_no_cookie_keeps_is_told_and_not_asked_again(asking: Flask, clock: SetClock) -> None:
    """A browser that blocks cookies: no button that does nothing; later, or of another address, it is asked as ever."""
    client = asking.test_client(use_cookies=False)
    back = client.post("/consent", data={"choice": "yes", "next": PAGE}, headers=BROWSER).headers["Location"]
    told = client.get(back, headers=BROWSER)
    assert told.status_code == 200
    assert "your choice can't be kept" in told.text.replace("&#39;", "'")
    assert 'action="/consent"' not in told.text
    for address in (PAGE, f"{PAGE}?qf_chose=1"):
        assert 'action="/consent"' in client.get(address, headers=BROWSER, follow_redirects=True).text
    clock.advance(120)
    old = client.get(f"{back}&utm_source=a%26b", headers=BROWSER)
    assert (old.status_code, old.headers["Location"]) == (303, f"{PAGE}?utm_source=a%26b")


def test_another_choice_changes_nothing(asking: Flask) -> None:
    """422, and no cookie of any kind."""
    for data in ({}, {"choice": "perhaps"}):
        answer = client_of(asking).post("/consent", data=data, headers=BROWSER)
        assert answer.status_code == 422
        assert "Set-Cookie" not in answer.headers


def test_a_form_of_another_site_changes_nothing(asking: Flask) -> None:
    """Nobody says yes in a shopper's place."""
    headers = BROWSER | {"Sec-Fetch-Site": "cross-site"}
    answer = client_of(asking).post("/consent", data={"choice": "yes"}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\t/evil", "/\n/e"],
)
def test_the_way_back_is_one_of_our_own_pages(app: Flask, path: str) -> None:
    """Anything but a local path leads home."""
    answer = client_of(app).post("/consent", data={"choice": "yes", "next": path}, headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(alphabet="/\\:.@ a?#%\t\n\r\0é", max_size=12))
def test_no_text_leads_to_another_site(app: Flask, path: str) -> None:
    """Any `next` leads on within this host."""
    answer = client_of(app).post("/consent", data={"choice": "no", "next": path}, headers=BROWSER)
    location = answer.headers["Location"]
    assert answer.status_code == 303
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_a_guest_is_told_coarsely(app: Flask) -> None:
    """Device and channel are words; of a request there is one guest, however often one asks."""
    headers = {"User-Agent": IPHONE, "Referer": "https://www.google.com/"}
    with app.test_request_context("/?utm_medium=", headers=headers):
        guest = current_guest()
        assert current_guest() is guest
    assert guest == Guest(guest.visitor_id, False, "shopper", "", True, "phone", "search")


def test_the_shops_own_pages_are_no_referral(open_store: Callable[..., Flask]) -> None:
    """A visitor from the store's other host comes directly, and so does one from a page with the snippet."""
    snippets = Shop.model_validate({"origins": ["https://boutique.example"]})
    app = open_store(shop_url="https://shop.example/", shop_hosts=("m.shop.example",), shop=snippets)
    found = []
    for host in ("shop.example", "www.shop.example", "m.shop.example", "boutique.example", "localhost", "blog.example"):
        with app.test_request_context("/", headers={"User-Agent": CHROME, "Referer": f"https://{host}/"}):
            found.append(current_guest().channel)
    assert found == ["direct", "direct", "direct", "direct", "direct", "referral"]
