"""Laws of the snippet's messages: who is drawn and who is not, one visitor over views, what is refused."""

import json
import logging
import sqlite3
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.i18n.words import words_in
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.ids import new_id
from quizfunnel.settings import InvitationSettings, Settings, Shop
from quizfunnel.shipped import shipped_folder
from quizfunnel.shop.views import PATHS, parts
from quizfunnel.store.types import columns
from quizfunnel.visit import withdrawal
from quizfunnel.visit.identity import KEPT, cart_token, read_cart_token
from quizfunnel.visit.tables import Assignment, DayCount, PageView, RevokedToken, Visitor, VisitorEvent
from quizfunnel.web.fault_log import FaultLog
from tests.cast import write_store
from tests.pages import Shopper
from tests.shop.browsers import ORIGIN, ShopBrowser
from tests.shop.rows import arms, counted, many, nothing, read


def test_it_works(connected: Flask) -> None:
    """A view is recorded, an arm drawn, the token given whatever was drawn; only the invited see an invitation."""
    seen: dict[str, Any] = {}
    for number in range(24):
        browser = ShopBrowser(connected, address=f"10.0.0.{number}")
        answer = browser.look()
        visitor = read_cart_token(connected.extensions["quizfunnel"].signer, answer["token"])
        assert visitor is not None
        seen[visitor] = answer["invite"]
        assert set(answer) == {"token", "view", "invite"}
    drawn = arms(connected)
    assert set(drawn.values()) == {"invited", "holdout"}
    assert {visitor for visitor, invite in seen.items() if invite} == {
        v for v, arm in drawn.items() if arm == "invited"
    }
    invite = next(filter(None, seen.values()))
    assert invite["url"] == "http://localhost/q/coffee"
    assert (invite["title"], invite["place"], invite["finished"]) == ("Find your coffee", "#hint", False)
    assert "questions" in invite["text"]


def test_an_invitation_leads_to_the_public_address(shop_settings: Settings, clock: SetClock) -> None:
    """By https, though a proxy that nobody told of speaks http to us; of several to the one that was asked."""
    public = {"public_url": "https://quiz.shop.example,https://quiz.shop.test", "holdout": None}
    app = create_app(shop_settings.model_copy(update=public), clock=clock, demo=False)
    urls = set()
    for number in range(24):
        browser = ShopBrowser(app, address=f"10.0.0.{number}")
        browser.headers |= {"Host": "quiz.shop.test"}
        if invite := browser.look()["invite"]:
            urls.add(invite["url"])
    assert urls == {"https://quiz.shop.test/q/coffee"}
    app.extensions["quizfunnel"].engine.dispose()


def test_a_renamed_quiz_is_invited_to_by_its_earlier_name(shop_settings: Settings, clock: SetClock) -> None:
    """Its addresses lead on, and so do the pages of the shop: nobody who renames a file stops them unsaid."""
    write_store(shop_settings.store, was=["coffee-finder"], experiment=None)
    earlier = {"invitations": {"/coffee": InvitationSettings(quiz="coffee-finder")}}
    app = create_app(shop_settings.model_copy(update=earlier), clock=clock, demo=False)
    invite = ShopBrowser(app).look()["invite"]
    assert invite["url"] == "http://localhost/q/coffee"
    app.extensions["quizfunnel"].engine.dispose()


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_browser_is_one_visitor_over_views_and_pages(connected: Flask, site: str) -> None:
    """By its cookie, or where there is none by the token that it keeps; its arm stays."""
    browser = ShopBrowser(connected, site=site)
    answers = [browser.look(path) for path in ("/coffee", "/", "/coffee/house", "/coffee")]
    assert len({answer["token"] for answer in answers}) == 1
    assert len({answer["view"] for answer in answers}) == 4
    assert many(connected, Visitor, PageView, Assignment) == [1, 4, 1]
    shown = [answer["invite"] for answer in answers]
    assert shown[1] is None
    assert shown[0] == shown[2] == shown[3]


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_token_knows_nobody_for_longer_than_a_cookie(connected: Flask, clock: SetClock, site: str) -> None:
    """Storage keeps it for ever: 13 months after the first visit whoever brings it is somebody new."""
    browser = ShopBrowser(connected, site=site)
    first = browser.look()["token"]
    if site == "same-site":
        browser.client.delete_cookie("qf_v")
    clock.advance(KEPT.total_seconds() - 1)
    assert browser.look()["token"] == first
    clock.advance(1)
    assert browser.look()["token"] != first
    assert many(connected, Visitor) == [2]


def test_the_cookie_stands_before_the_token(connected: Flask) -> None:
    """Whoever is known by a cookie stays who they are, whatever the storage says."""
    first, second = ShopBrowser(connected), ShopBrowser(connected)
    own = first.look()["token"]
    second.look()
    first.token = second.token
    assert first.look()["token"] == own


def test_whether_a_page_has_a_place_is_counted_once_a_view(connected: Flask) -> None:
    """By the pattern that invites, before consent and not again after it; of no bot, and of no other page."""
    browser = ShopBrowser(connected, consent="unknown")
    browser.look(place=False)
    browser.look("/coffee/beans", place=True)
    browser.consent = "yes"
    browser.look("/coffee/beans", place=True, again=True)
    browser.look("/", place=False)
    browser.look(place=False, headers={"User-Agent": "Googlebot/2.1"})
    day = columns(DayCount)
    rows = read(
        connected, select(day.kind, day.key, day.count).where(day.kind.startswith("shop_place", autoescape=True))
    )
    assert set(map(tuple, rows)) == {("shop_place_found", "/coffee*", 1), ("shop_place_missing", "/coffee*", 1)}


def test_without_consent_there_is_a_count_and_nothing_else(connected: Flask) -> None:
    """Nobody is drawn, invited or named, and no cookie is given; who agrees later on the same page enters then."""
    browser = ShopBrowser(connected, consent="unknown")
    assert browser.look() == {"token": None, "view": None, "invite": None}
    assert browser.client.get_cookie("qf_v") is None
    assert nothing(connected)
    assert counted(connected) == {"view_no_consent": 1}
    browser.consent = "yes"
    assert browser.look(again=True)["token"]
    assert counted(connected) == {"view_no_consent": 1, "view": 1, "view_consented_later": 1}
    assert len(arms(connected)) == 1


@pytest.mark.parametrize(
    ("changes", "headers", "counts"),
    [
        ({"consent": "no"}, {}, {"view_no_consent": 1}),
        ({}, {"Sec-GPC": "1"}, {"view_no_consent": 1}),
        ({}, {"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}, {"view_bot": 1}),
        ({}, {"Sec-Purpose": "prefetch;prerender"}, {"view_bot": 1}),
        ({"store": False}, {}, {"view_no_storage": 1}),
    ],
)
def test_who_cannot_enter_leaves_no_row(
    connected: Flask, changes: dict[str, Any], headers: dict[str, str], counts: dict[str, int]
) -> None:
    """A no, the browser's own no, a crawler, a page that is only fetched ahead, a browser that keeps nothing."""
    answer = ShopBrowser(connected).look(headers=headers, **changes)
    assert answer == {"token": None, "view": None, "invite": None}
    assert nothing(connected)
    assert counted(connected) == counts


def test_a_page_without_a_place_is_no_t0(connected: Flask) -> None:
    """Nothing could be shown there: the visitor is known, and drawn where an invitation would stand."""
    browser = ShopBrowser(connected)
    assert browser.look(place=False)["invite"] is None
    assert many(connected, Visitor, PageView, Assignment) == [1, 1, 0]
    browser.look()
    assert many(connected, Visitor, PageView, Assignment) == [1, 2, 1]


def test_who_began_the_quiz_without_consent_is_never_drawn(connected: Flask) -> None:
    """Neither once they agree nor later, when the attempt's cookie has gone with the browser's session."""
    browser, quiz = ShopBrowser(connected), Shopper(connected)
    quiz.client = browser.client
    quiz.start()
    assert browser.look()["invite"] is None
    for cookie in [each for each in browser.client._cookies or {} if each[2].startswith("qf_a_")]:
        browser.client.delete_cookie(cookie[2])
    assert browser.look()["invite"] is None
    assert many(connected, Visitor, PageView, Assignment) == [1, 2, 0]


def test_the_consent_of_the_shop_holds_on_the_quizs_pages(connected: Flask) -> None:
    """Who agreed to the shop's banner isn't asked again, and is the same visitor there."""
    browser, quiz = ShopBrowser(connected), Shopper(connected)
    browser.look()
    quiz.client = browser.client
    quiz.start()
    assert many(connected, Visitor) == [1]


def test_a_no_on_the_quizs_pages_stands_above_the_banner(connected: Flask) -> None:
    """It is the visitor's own, and to us."""
    browser, quiz = ShopBrowser(connected), Shopper(connected)
    quiz.client = browser.client
    quiz.post("/consent", {"choice": "no"})
    assert browser.look()["token"] is None
    assert nothing(connected)


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_withdrawn_consent_is_the_end_of_a_visitor(connected: Flask, site: str) -> None:
    """The token links no later order; the browser is nobody, and whoever agrees again is somebody new."""
    browser = ShopBrowser(connected, site=site)
    before = browser.look()["token"]
    visitor = read_cart_token(connected.extensions["quizfunnel"].signer, before) or ""
    assert browser.send("/s/consent", {"token": before, "choice": "no"}).status_code == 200
    (digest,) = [row[0] for row in read(connected, select(columns(RevokedToken).digest))]
    assert digest == withdrawal.token_digest(visitor)
    assert browser.client.get_cookie("qf_v") is None if site == "same-site" else True
    browser.token = ""  # as the snippet leaves it
    assert browser.look()["token"] != before
    assert many(connected, Visitor) == [2]


def test_a_no_on_the_quizs_pages_reaches_a_shop_on_another_site(connected: Flask) -> None:
    """No cookie says so there, but the token does: it leaves the cart, and the no is kept in its place."""
    browser, quiz = ShopBrowser(connected, site="cross-site"), Shopper(connected)
    browser.look()
    quiz.get(f"/q/coffee?h={browser.send('/s/handover', {'key': browser.key}).get_json()['h']}")
    quiz.post("/consent", {"choice": "no"})
    answer = browser.look()
    assert answer == {"token": None, "view": None, "invite": None, "forget": True}
    browser.token = "no"
    assert browser.look() == {"token": None, "view": None, "invite": None}
    assert many(connected, Visitor) == [1]


def test_a_network_brings_so_many_new_visitors_a_minute(connected: Flask, clock: SetClock) -> None:
    """The rest leaves no row, whoever is known comes as often as they like, and others are not kept out."""
    known = ShopBrowser(connected)
    known.look()
    answers = [ShopBrowser(connected).look() for _ in range(32)]
    assert [answer["token"] is None for answer in answers] == [False] * 29 + [True] * 3
    assert known.look()["token"] == known.token
    assert ShopBrowser(connected, address="10.9.9.9").look()["token"]
    assert counted(connected)["view_limited"] == 3
    clock.advance(60)
    assert ShopBrowser(connected).look()["token"]


def test_the_limit_of_a_network_is_over_all_workers(connected: Flask, shop_settings: Settings, clock: SetClock) -> None:
    """Two of them let no more in than one."""
    other = create_app(shop_settings, clock=clock, demo=False)
    workers = (connected, other)
    tokens = [ShopBrowser(workers[number % 2]).look()["token"] for number in range(34)]
    assert [token is None for token in tokens] == [False] * 30 + [True] * 4
    other.extensions["quizfunnel"].engine.dispose()


def test_the_end_of_a_view_says_how_long_it_was_seen(connected: Flask) -> None:
    """The longest word counts, an unknown view is nobody's, and a day is the most."""
    browser = ShopBrowser(connected)
    view = browser.look()["view"]
    for ms in (1200, 900):
        assert browser.send("/s/end", {"view": view, "ms": ms}).status_code == 204
    assert read(connected, select(columns(PageView).visible_ms)) == [(1200,)]
    browser.send("/s/end", {"view": "0" * 32, "ms": 5})
    browser.send("/s/end", {"view": view, "ms": 10**12})
    assert read(connected, select(columns(PageView).visible_ms)) == [(24 * 3600 * 1000,)]


def test_an_event_is_kept_once(connected: Flask) -> None:
    """By its id, with its value in minor units as scripts add them up; only listed names, and only of a visitor."""
    browser = ShopBrowser(connected)
    browser.look()
    event = {"token": browser.token, "id": "a1", "name": "basket", "value": 0.1 + 0.2, "currency": "EUR"}
    for _ in range(2):
        assert browser.send("/s/event", event).status_code == 204
    assert browser.send("/s/event", event | {"id": "a2", "name": "other"}).status_code == 400
    assert browser.send("/s/event", event | {"id": "a3", "currency": "EURO"}).status_code == 400
    assert browser.send("/s/event", event | {"id": "a4", "currency": None}).status_code == 400
    assert browser.send("/s/event", event | {"id": "a5", "token": "x" * 40}).status_code == 204
    each = columns(VisitorEvent)
    assert read(connected, select(each.source, each.name, each.value_minor, each.currency)) == [
        ("snippet", "basket", 30, "EUR")
    ]


def test_an_event_that_is_not_listed_is_named_with_the_setting(
    connected: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the answer and in the log: a name that was misspelt in the page is found by either."""
    monkeypatch.setattr(parts, "_log", FaultLog(logging.getLogger("refusals")))
    browser = ShopBrowser(connected)
    browser.look()
    sent = {"token": browser.token, "id": "a1", "name": "bask\net"}
    refused = browser.send("/s/event", sent).get_json()["message"]
    for told in (refused, caplog.text):
        assert "is called 'bask\\net'" in told
        assert f"[shop] events are {', '.join(connected.extensions['quizfunnel'].settings.shop.events)}" in told


def test_nobodys_event_is_kept(connected: Flask) -> None:
    """Neither of a visitor whom nobody recorded nor of one who took the consent back; nor an amount that is none."""
    browser, signer = ShopBrowser(connected), connected.extensions["quizfunnel"].signer
    token = browser.look()["token"]
    event = {"id": "a1", "name": "basket"}
    assert browser.send("/s/event", event | {"token": cart_token(signer, new_id())}).status_code == 204
    wrong = {"token": token, "value": "1e400", "currency": "EUR"}
    assert browser.send("/s/event", event | wrong).status_code == 400
    browser.send("/s/consent", {"token": token, "choice": "no"})
    assert browser.send("/s/event", event | {"token": token}).status_code == 204
    assert many(connected, VisitorEvent) == [0]


def test_a_database_that_takes_no_writing_keeps_no_page_waiting(connected: Flask, databases: object) -> None:
    """Nobody is drawn or invited meanwhile, and the shop's page is answered; afterwards it goes on."""
    if not isinstance(databases, Path):
        pytest.skip("a file is locked by another connection; PostgreSQL has no such lock")
    engine = connected.extensions["quizfunnel"].engine
    ShopBrowser(connected).look("/tea")
    with sqlite3.connect(engine.url.database) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = ShopBrowser(connected).look()
        other.rollback()
    other.close()
    assert answer == {"token": None, "view": None, "invite": None}
    assert arms(connected) == {}
    assert ShopBrowser(connected).look()["token"]


def test_events_of_one_visitor_have_a_limit(connected: Flask) -> None:
    """A script that runs wild fills no table."""
    browser = ShopBrowser(connected)
    browser.look()
    for number in range(63):
        browser.send("/s/event", {"token": browser.token, "id": f"a{number}", "name": "basket"})
    assert many(connected, VisitorEvent) == [60]


GARBLED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"path": 3}',
    b'{"path": "coffee"}',
    b'{"path": "/coffee", "consent": "maybe"}',
    b'{"path": "/coffee", "store": []}',
    b'{"path": "/coffee", "token": NaN}',
    b'{"path": "/\\ud800"}',
    b'{"path": "/", "x": ' + b"[" * 1500 + b"}",
]


def test_what_is_no_message_changes_nothing(connected: Flask) -> None:
    """Each address answers 400, in words and readable by the shop's page, and no row is left."""
    browser = ShopBrowser(connected)
    for path, body in product(PATHS, GARBLED):
        response = browser.send(path, body)
        assert response.status_code == 400, (path, body)
        assert response.get_json()["message"]
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert nothing(connected)


def test_a_message_has_a_size(connected: Flask) -> None:
    """Two KiB, to the byte."""
    browser = ShopBrowser(connected)
    empty = len(json.dumps({"path": "/coffee", "x": ""}))
    assert browser.send("/s", {"path": "/coffee", "x": "x" * (2048 - empty)}).status_code == 200
    assert browser.send("/s", {"path": "/coffee", "x": "x" * (2049 - empty)}).status_code == 413


def test_paths_are_read_as_people_write_them(connected: Flask) -> None:
    """Percent signs and what no database keeps are no error, and a long one is cut."""
    browser = ShopBrowser(connected)
    for path in ("/caf%C3%A9", "/%00a", "/%", "/" + "x" * 400):
        browser.look(path)
    assert {row[0] for row in read(connected, select(columns(PageView).path))} == {"/café", "/a", "/%", "/" + "x" * 199}


def test_a_shop_without_a_ground_of_its_own_needs_a_banner(shop_settings: Settings, clock: SetClock) -> None:
    """Where none is configured nobody is drawn, whatever the page says."""
    shop = Shop(origins=(ORIGIN,))
    app = create_app(shop_settings.model_copy(update={"shop": shop}), clock=clock, demo=False)
    assert ShopBrowser(app).look()["token"] is None
    assert nothing(app)
    app.extensions["quizfunnel"].engine.dispose()


def test_a_shop_with_a_ground_of_its_own_asks_nobody(shop_settings: Settings, clock: SetClock) -> None:
    """With `consent = "off"` everybody is drawn but who said no."""
    app = create_app(shop_settings.model_copy(update={"consent": "off"}), clock=clock, demo=False)
    assert ShopBrowser(app).look(consent="no")["token"] is None
    assert ShopBrowser(app).look(consent="unknown")["token"]
    app.extensions["quizfunnel"].engine.dispose()


def test_without_a_shop_there_is_no_snippet(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """404, and answer and log name the setting that is missing."""
    assert "[shop] origins is not set" in app.test_client().get("/qf.js").text
    refused = ShopBrowser(app).send("/s", {"path": "/"})
    assert (refused.status_code, "[shop] origins is not set" in refused.text) == (404, True)
    assert "set origins in [shop]" in caplog.text


def test_a_view_that_finds_a_new_file_on_the_disk_publishes_it(
    connected: Flask, shop_settings: Settings, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The look at the disk, which writes, is not within the view's own transaction: that would wait for itself."""
    browser = ShopBrowser(connected)
    browser.look()
    file = shop_settings.store / "quizzes" / "coffee.yaml"
    file.write_text(file.read_text("utf-8").replace("Find your coffee", "Find your next coffee"), "utf-8")
    clock.advance(2)
    others = [ShopBrowser(connected).look() for _ in range(8)]
    titles = {answer["invite"]["title"] for answer in others if answer["invite"]}
    assert titles == {"Find your next coffee"}
    assert len(arms(connected)) == 9
    assert "cannot be written" not in caplog.text


@pytest.mark.parametrize(
    "asked", [("de-AT", "en", "de"), ("", "de, en", "de"), ("sv", "sv", "en"), ("en", "de", "en")], ids="/".join
)
def test_an_invitation_is_in_the_language_of_the_shops_page(
    shop_settings: Settings, clock: SetClock, tmp_path: Path, asked: tuple[str, str, str]
) -> None:
    """Else in what the browser asks for, among those of the quiz; and so is the page that it leads to."""
    page, browsers, language = asked
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    app = create_app(shop_settings.model_copy(update={"store": folder}), clock=clock, demo=False)
    invites = (ShopBrowser(app).look(lang=page, headers={"Accept-Language": browsers})["invite"] for _ in range(24))
    invite = next(filter(None, invites))
    title = {"de": "Finde deinen Kaffee", "en": "Find your coffee"}[language]
    assert (invite["lang"], invite["title"], invite["button"]) == (
        language,
        title,
        words_in(language)("Help me choose"),
    )
    assert invite["url"].endswith(f"/q/coffee?lang={language}")
    app.extensions["quizfunnel"].engine.dispose()
