"""Whoever starts an attempt can go on, and nobody else: by a cookie that the browser brought, else by its token."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from quizfunnel.app import create_app
from quizfunnel.journey import keys, record
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.store.types import columns
from tests.journey.answers import ANSWERS
from tests.pages import BROWSER, HTMX, Shopper, Tab, step, token

LIGHTHOUSE = "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36 Chrome-Lighthouse"
GPC = {"Sec-GPC": "1"}
TOKEN = re.compile(r"[?&]t=|name=\"t\"")


@pytest.fixture
def open_store(settings: Settings, clock: SetClock) -> Iterator[Callable[[str], Flask]]:
    """Give what opens the store in a mode of consent."""
    opened: list[Flask] = []

    def build(mode: str) -> Flask:
        opened.append(create_app(settings.model_copy(update={"consent": mode}), clock=clock, demo=False))
        return opened[-1]

    yield build
    for app in opened:
        app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def asking(open_store: Callable[[str], Flask]) -> Flask:
    """Give the app of a store that asks for consent."""
    return open_store("ask")


def _kinds(app: Flask) -> list[str]:
    with reading(app.extensions["quizfunnel"].engine) as connection:
        rows = connection.execute(select(columns(Attempt).token_kind).order_by(columns(Attempt).started_at))
        return [str(kind) for kind in rows.scalars()]


def _hidden_token(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(t)" value="([^"]+)"', page))


def _cookies(tab: Tab) -> list[str]:
    """Return the names of the attempts' cookies that a browser has."""
    return [cookie.key for cookie in (tab.client._cookies or {}).values() if cookie.key.startswith("qf_a_")]


@pytest.mark.parametrize("mode", ["off", "ask"])
@pytest.mark.parametrize("cookies", [True, False], ids=["cookies", "none"])
@pytest.mark.parametrize(
    ("agent", "signal"), [(BROWSER, {}), (BROWSER, GPC), (LIGHTHOUSE, {}), ("Googlebot/2.1", {}), ("curl/8.5", {})]
)
def test_every_browser_comes_from_start_to_the_shop(
    open_store: Callable[[str], Flask],
    mode: str,
    cookies: bool,  # noqa: FBT001
    agent: str,
    signal: dict[str, str],
) -> None:
    """With or without cookies, asked or not, flagged or not: all questions, the offer, none of these, a product."""
    app = open_store(mode)
    shopper = Shopper(app, {"User-Agent": agent, **signal}, cookies=cookies)
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer)
    assert "Dark Bean" in page.text
    assert shopper.post(f"{offer.partition('?')[0]}/none", _hidden_token(page.text)).status_code == 303
    way = re.search(r'href="(/go/[^"]+)"', page.text)
    assert way
    assert "qf_click=" in str(shopper.get(way.group(1)).location)
    visitor = mode == "off" and cookies and agent == BROWSER and not signal
    assert _kinds(app) == ["visitor" if visitor else "session" if cookies else "address"]
    assert bool(TOKEN.search(offer)) is bool(TOKEN.search(page.text)) is not cookies
    assert len(_cookies(shopper)) == int(cookies and not visitor)


def test_an_address_copied_from_a_browser_with_cookies_gives_no_rights(asking: Flask) -> None:
    """In another browser, a private window, without cookies: 404 for each page, form and click; the link reads."""
    shopper = Shopper(asking)
    addresses = [shopper.start()]
    while step(addresses[-1]) != "offer":
        values = ANSWERS[step(addresses[-1])]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        addresses.append(str(shopper.answer(addresses[-1], *(() if fields else values), fields=fields).location))
    pages = [shopper.get(address).text for address in addresses]
    assert not any(TOKEN.search(text) for text in [*addresses, *pages])
    for stranger in (Tab(asking), Tab(asking, cookies=False), Tab(asking, GPC)):
        for address in [*addresses, addresses[0].rpartition("/")[0]]:
            assert stranger.get(address).status_code == 404
        assert stranger.post(addresses[0], {"answer": "moka"}).status_code == 404
        assert stranger.post(f"{addresses[-1]}/none").status_code == 404
        assert stranger.get(f"/go/{addresses[0].split('/')[2]}/dark-bean").status_code == 404
        link = re.search(r'href="(/r/[^"]+)"', pages[-1])
        assert link
        shared = stranger.get(link.group(1))
        assert "Dark Bean" in shared.text
        assert not re.search(r"/a/|/go/", shared.text)


def test_the_first_question_takes_the_token_out_of_its_address(asking: Flask) -> None:
    """A start hands over both; the cookie that comes back is believed from then on, and what was bookmarked works."""
    shopper = Shopper(asking)
    response = shopper.post("/q/coffee/start")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("qf_a_")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} == {part.strip() for part in cookie.split(";")[1:]}  # of the session
    address = str(response.location)
    plain = address.partition("?")[0]
    assert address.startswith(f"{plain}?t=")
    assert _kinds(asking) == ["address"]
    assert shopper.get(address).location == plain
    assert _kinds(asking) == ["session"]
    assert shopper.get(plain).status_code == 200
    offer = shopper.finish(ANSWERS)
    with_token = f"{offer}?t={keys.sign_token(asking.extensions['quizfunnel'].signer, offer.split('/')[2])}"
    assert shopper.get(with_token).location == offer


def test_a_page_is_shown_where_the_kind_of_key_cannot_be_written(
    asking: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that takes no writing keeps nobody from the first question."""

    def away(*_: object) -> None:
        raise DatabaseAway("locked")

    shopper = Shopper(asking)
    address = str(shopper.post("/q/coffee/start").location)
    monkeypatch.setattr(record, "note_key", away)
    plain = shopper.get(address).location
    assert (plain, shopper.get(str(plain)).status_code) == (address.partition("?")[0], 200)


def test_without_cookies_every_part_that_is_swapped_in_carries_the_token(app: Flask) -> None:
    """With htmx: the pushed address, the form, the way back, and a refusal beside the field; no site is told of it."""
    shopper = Shopper(app, cookies=False)
    address = shopper.start()
    assert shopper.get(address).headers["Referrer-Policy"] == "no-referrer"
    part = shopper.answer(address, "espresso", htmx=True)
    pushed = part.headers["HX-Push-Url"]
    assert (step(pushed), "?t=" in pushed) == ("grinder", True)
    form = {"view": token(part.text), "t": address.partition("?t=")[2]}
    refused = shopper.post(pushed.partition("?")[0], form, headers=HTMX)
    assert refused.status_code == 422
    assert refused.text.count(form["t"]) >= 3
    assert shopper.get(address).status_code == 200


def test_without_cookies_a_copied_link_gives_no_rights(app: Flask) -> None:
    """The address of the offer opens it, the link that the page offers for copying does not."""
    shopper = Shopper(app, cookies=False)
    page = shopper.get(shopper.finish(ANSWERS)).text
    copied = re.search(r'data-copy [^>]*href="([^"]+)"', page)
    assert copied
    assert copied.group(1).startswith("/r/")
    assert not TOKEN.search(copied.group(1))
    shared = Tab(app).get(copied.group(1))
    assert shared.status_code == 200
    assert not re.search(r"/a/|/go/|[?&]t=", shared.text)


def test_without_cookies_an_older_browser_goes_on_too(app: Flask) -> None:
    """It knows no Sec-Fetch-Site, and says `Origin: null` on pages that tell nobody their address: its tokens count."""
    shopper = Shopper(app, cookies=False)
    address = shopper.start()
    shopper.headers = {"User-Agent": BROWSER, "Origin": "null"}
    view = token(shopper.get(address).text)
    assert shopper.post(address, {"answer": "moka", "view": view}).status_code == 303
    shopper.headers = {"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"}
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer).text
    shopper.headers = {"User-Agent": BROWSER, "Origin": "null"}
    for name in ("offer/none", "start"):
        form = re.search(rf'<form[^>]* action="([^"#]*/{name}[^"#]*)[^>]*>(.*?)</form>', page, re.DOTALL)
        assert form
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.group(2)))
        assert shopper.post(form.group(1), fields).status_code == 303
        assert shopper.post(form.group(1)).status_code == 403


def test_attempts_go_on_side_by_side(asking: Flask, clock: SetClock) -> None:
    """Two tabs, or starting again: each has a cookie of its own; the oldest give way where they are many."""
    shopper = Shopper(asking)
    addresses = []
    for _ in range(keys.MOST + 2):
        clock.advance(60)
        addresses.append(shopper.start())
        shopper.answer(addresses[-1], "espresso")
    assert len(set(addresses)) == len(addresses)
    assert len(_cookies(shopper)) == keys.MOST
    assert [shopper.get(address).status_code for address in addresses] == [404] * 2 + [200] * keys.MOST


def test_two_tabs_that_start_at_once_both_go_on(asking: Flask) -> None:
    """The answers to both starts arrive after both were sent: neither cookie pushes the other out."""
    browser, other = Shopper(asking), Shopper(asking)
    starts = [browser.post("/q/coffee/start"), other.post("/q/coffee/start")]
    browser.client.set_cookie(*starts[1].headers["Set-Cookie"].partition(";")[0].split("=", 1))
    for start in starts:
        address = browser.follow(str(start.location))
        assert (TOKEN.search(address), browser.get(address).status_code) == (None, 200)


def test_the_promise_knows_what_was_begun_by_the_attempts_own_cookie(asking: Flask) -> None:
    """Going on, back to the products, and a start that was only pressed twice, without being remembered."""
    shopper = Shopper(asking)
    address = shopper.start()
    assert shopper.start() == address
    assert ">Start <" in shopper.get("/q/coffee").text
    shopper.answer(address, "espresso")
    page = shopper.get("/q/coffee").text
    assert "You stopped at question 2." in page
    attempt = address.rpartition("/")[0]
    assert f'href="{attempt}">Go on' in page
    assert shopper.get(attempt).location == f"{attempt}/grinder"
    assert "You stopped" not in Tab(asking).get("/q/coffee").text


def test_after_a_no_what_was_begun_after_a_yes_goes_on(asking: Flask) -> None:
    """The visitor's cookie goes and the attempts' own come; no time is kept from then on, and nobody new is known."""
    shopper = Shopper(asking)
    shopper.post("/consent", {"choice": "yes", "next": "/q/coffee"})
    address = shopper.start()
    assert shopper.client.get_cookie("qf_v") is not None
    following = str(shopper.answer(address, "espresso").location)
    shopper.post("/consent", {"choice": "no", "next": "/q/coffee"})
    assert shopper.client.get_cookie("qf_v") is None
    timed = {"a30": "0", "a10": "0", "seq": "1"}
    assert step(str(shopper.answer(following, "yes", fields=timed).location)) == "moment"
    assert shopper.get("/q/coffee").text.count("You stopped at question 3.") == 1
    with reading(asking.extensions["quizfunnel"].engine) as connection:
        sources = connection.execute(select(columns(Answer).source).order_by(columns(Answer).answered_at)).scalars()
        assert list(sources)[-1] == "none"
    assert Tab(asking).get(following).status_code == 404


def test_a_no_is_heard_though_the_database_is_away(asking: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun cannot be looked up then; being forgotten comes first."""

    def away(*_: object, **__: object) -> list[str]:
        raise DatabaseAway("no such host")

    shopper = Shopper(asking)
    shopper.post("/consent", {"choice": "yes"})
    shopper.start()
    monkeypatch.setattr(record, "begun_by", away)
    assert shopper.post("/consent", {"choice": "no"}).status_code == 303
    assert shopper.client.get_cookie("qf_v") is None


@pytest.mark.parametrize("mode", ["off", "ask"])
def test_cookies_blocked_half_way_leave_the_form_that_is_open(open_store: Callable[[str], Flask], mode: str) -> None:
    """Its token of the view tells that its page was shown here; from then on the address carries a token."""
    app = open_store(mode)
    shopper = Shopper(app)
    address = shopper.start()
    form = {"view": token(shopper.get(address).text), "answer": "espresso"}
    shopper.client = app.test_client(use_cookies=False)
    assert shopper.get(address).status_code == 404
    assert shopper.post(address, {"answer": "espresso"}).status_code == 404
    assert shopper.post(address.replace("brew", "grinder"), form).status_code == 404
    following = str(shopper.post(address, form).location)
    assert (step(following), "?t=" in following) == ("grinder", True)
    assert "?t=" in str(shopper.answer(following, "yes").location)


def test_a_start_that_brought_no_cookie_goes_on_by_the_cookie_once_it_is_brought(app: Flask) -> None:
    """A form sent before any page was seen, where nobody is asked: the visitor's cookie is the key that counts."""
    shopper = Shopper(app)
    address = str(shopper.post("/q/coffee/start").location)
    assert "?t=" in address
    assert _kinds(app) == ["address"]
    plain = shopper.follow(address)
    assert "?t=" not in plain
    assert _kinds(app) == ["visitor"]
    assert "?t=" not in str(shopper.answer(plain, "espresso").location)
    assert Tab(app).get(plain).status_code == 404


def test_a_privacy_signal_amid_a_quiz_ends_the_measuring_and_not_the_quiz(app: Flask) -> None:
    """The cookie that the browser brings opens the attempt still; no time is kept from then on."""
    shopper = Shopper(app)
    address = shopper.start()
    shopper.headers |= GPC
    timed = {"a30": "0", "a10": "0", "seq": "1"}
    assert shopper.answer(address, "espresso", fields=timed).location == address.replace("brew", "grinder")
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Answer).source)).scalar_one() == "none"


def test_an_attempts_cookie_is_no_visitor(asking: Flask) -> None:
    """It opens its attempt and names nobody: the row has no visitor, and a yes later links nothing that came before."""
    shopper = Shopper(asking)
    address = shopper.start()
    shopper.answer(address, "espresso")
    shopper.post("/consent", {"choice": "yes", "next": "/q/coffee"})
    shopper.get("/q/coffee")
    assert shopper.answer(address.replace("brew", "grinder"), "yes").status_code == 303

    def visitors(connection: Connection) -> list[str | None]:
        return list(connection.execute(select(columns(Attempt).visitor_id)).scalars())

    with reading(asking.extensions["quizfunnel"].engine) as connection:
        assert visitors(connection) == [None]
