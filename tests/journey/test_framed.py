"""A quiz in a frame on the shop's page goes on without a cookie, and has nothing on it that harms who clicks unseen."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from sqlalchemy import insert, select

from quizfunnel.app import create_app
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings, Shop
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import withdrawal
from quizfunnel.visit.identity import cart_token, sign_cookie
from quizfunnel.visit.tables import PageView, Visitor
from tests.cast import NOON
from tests.journey.answers import ANSWERS
from tests.pages import Shopper, Tab, step
from tests.shoppers import LONGEST

SHOP = "https://shop.example"
IN = f"frame={quote(SHOP, safe='')}"
POPUP = IN.replace("frame", "popup", 1)
FAR, NEAR = {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}
ANNA = "a" * 32


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give a store whose quizzes the shop shows in frames, and whose consent the shop asks for."""
    changes = {"shop": Shop(origins=(SHOP,)), "consent": "ask", "privacy_url": "/privacy"}
    app = create_app(settings.model_copy(update=changes), clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def anna(app: Flask) -> str:
    """Give the token of a visitor who agreed on the shop's pages."""
    with writing(app.extensions["quizfunnel"].engine) as connection:
        connection.execute(insert(Visitor).values(id=ANNA, first_seen=NOON, kind="shopper", simulated=False))
    return cart_token(app.extensions["quizfunnel"].signer, ANNA)


def rows(app: Flask, table: Any) -> list[Any]:
    """Return every row of a table."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return list(connection.execute(select(*columns(table))))


def begun(shopper: Tab, query: str = IN, **form: str) -> str:
    """Open a quiz in a frame and start it; return the address of its first question."""
    shopper.get(f"/q/coffee?{query}", headers=FAR)
    started = shopper.post(f"/q/coffee/start?{query}", form)
    assert started.status_code == 303, started.text
    return str(started.location)


def through(shopper: Shopper, address: str) -> Iterator[tuple[str, str]]:
    """Answer every question; give the address and the text of each page on the way, the offer last."""
    for _ in range(LONGEST):
        yield address, shopper.get(address).text
        if step(address) == "offer":
            return
        values = ANSWERS[step(address)]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        address = str(shopper.answer(address, *(() if fields else values), fields=fields).location)
    raise AssertionError(address)


def test_each_page_names_the_frame_and_the_token_and_leads_out_of_it(app: Flask) -> None:
    """What stays in the frame carries both; a link out opens the whole window; no form of consent or deletion."""
    shopper = Shopper(app, cookies=False)
    first = shopper.get(f"/q/coffee?{IN}", headers=FAR).text
    for _, page in (("", first), *through(shopper, begun(shopper))):
        forms = re.findall(r'<form[^>]* action="([^"]+)"', page)
        assert forms
        assert {urlsplit(form).path.split("/")[1] for form in forms} <= {"a", "q"}
        for tag in re.findall(r"<a [^>]+>", page):
            href = re.search(r'href="([^"]+)"', tag)
            assert href
            stays = href[1].startswith(("/a/", "/q/"))
            assert stays != ('target="_top"' in tag) or href[1].startswith("#"), tag
            assert not stays or IN in href[1], tag
        assert all(IN in form for form in forms)
        assert f'data-entry="frame" data-parent="{SHOP}"' in page
    assert [(row.entry, row.visitor_id, row.token_kind) for row in rows(app, Attempt)] == [("frame", None, "address")]
    assert rows(app, PageView) == []


def test_on_the_shops_own_site_a_cookie_comes_back_and_the_token_goes(settings: Settings, clock: SetClock) -> None:
    """The visitor is known as on a page of its own, from the first view on."""
    app = create_app(settings.model_copy(update={"shop": Shop(origins=(SHOP,))}), clock=clock, demo=False)
    shopper = Shopper(app)
    shopper.get(f"/q/coffee?{IN}", headers=NEAR)
    address = str(shopper.post(f"/q/coffee/start?{IN}").location)
    assert urlsplit(address).query == IN
    assert f'href="/q/coffee?{IN}">Back</a>' in shopper.get(address).text
    (attempt,), (view,) = rows(app, Attempt), rows(app, PageView)
    assert attempt.visitor_id == view.visitor_id
    app.extensions["quizfunnel"].engine.dispose()


def test_a_frame_of_another_site_makes_up_no_visitor(settings: Settings, clock: SetClock) -> None:
    """Its cookie would not come back: each page would be seen by somebody new."""
    app = create_app(settings.model_copy(update={"shop": Shop(origins=(SHOP,))}), clock=clock, demo=False)
    for headers in (FAR, {"Sec-Fetch-Site": ""}):
        page = Tab(app, cookies=False).get(f"/q/coffee?{IN}", headers=headers)
        assert "Set-Cookie" not in page.headers
    begun(Shopper(app, cookies=False))
    assert rows(app, Visitor) == []
    app.extensions["quizfunnel"].engine.dispose()


def test_whom_the_shop_names_is_counted_with_the_time_they_take(app: Flask, anna: str, clock: SetClock) -> None:
    """The attempt is theirs though no cookie tells, and its time is kept as they agreed to on the shop's page."""
    shopper = Shopper(app, cookies=False)
    address = begun(shopper, visitor=anna)
    assert "data-beacon" in shopper.get(address).text
    clock.advance(3)
    shopper.answer(address, "moka", fields={"a30": "2000", "a10": "2000", "seq": "1"})
    assert [(row.visitor_id, row.entry) for row in rows(app, Attempt)] == [(ANNA, "frame")]
    assert [row.source for row in rows(app, Answer)] != ["none"]


def test_who_is_named_only_counts(app: Flask, anna: str) -> None:
    """A cart's token, which others may read, gives no cookie and opens nothing that its visitor began."""
    own = Shopper(app)
    own.client.set_cookie("qf_consent", "yes")
    own.client.set_cookie("qf_v", sign_cookie(app.extensions["quizfunnel"].signer, ANNA))
    mine = own.start()
    stranger = Shopper(app, cookies=False)
    started = stranger.post(f"/q/coffee/start?{IN}", {"visitor": anna})
    assert step(mine) == step(str(started.location))
    assert urlsplit(str(started.location)).path != mine
    assert "qf_v" not in started.headers.get("Set-Cookie", "")
    assert stranger.get(mine).status_code == 404
    assert stranger.get(f"/q/coffee?{IN}", headers=FAR).text.count("You stopped") == 0


@pytest.mark.parametrize("why", ["withdrawn", "signal", "no frame", "forged"])
def test_nobody_is_named_against_their_will(app: Flask, anna: str, why: str) -> None:
    """Not after a withdrawal, not where the browser says no, on no page of its own, by no token but ours."""
    if why == "withdrawn":
        with writing(app.extensions["quizfunnel"].engine) as connection:
            withdrawal.withdraw(connection, ANNA, at=NOON)
    shopper = Shopper(app, {"Sec-GPC": "1"} if why == "signal" else None, cookies=False)
    address = begun(shopper, "" if why == "no frame" else IN, visitor=f"{anna}x" if why == "forged" else anna)
    assert "data-beacon" not in shopper.get(address).text
    assert [row.visitor_id for row in rows(app, Attempt)] == [None]


def test_a_withdrawal_under_way_ends_the_measuring(app: Flask, anna: str) -> None:
    """What was begun goes on, and nothing more of it is kept."""
    shopper = Shopper(app, cookies=False)
    address = begun(shopper, visitor=anna)
    with writing(app.extensions["quizfunnel"].engine) as connection:
        withdrawal.withdraw(connection, ANNA, at=NOON)
    assert "data-beacon" not in shopper.get(address).text


def test_a_popup_adds_no_entries_to_the_pages_history(app: Flask) -> None:
    """The next question takes the place of the one before; in a place of the page it is an entry to go back to."""
    for query, header, other in ((IN, "HX-Push-Url", "HX-Replace-Url"), (POPUP, "HX-Replace-Url", "HX-Push-Url")):
        shopper = Shopper(app, cookies=False)
        address = begun(shopper, query)
        answer = shopper.answer(address, "moka", htmx=True)
        assert query in answer.headers[header]
        assert other not in answer.headers
        assert "&amp;" in answer.text
        assert not re.search(rf"[^;]{re.escape(query)}", answer.text)
    assert [row.entry for row in rows(app, Attempt)] == ["frame", "popup"]


def test_what_goes_wrong_in_a_frame_is_said_in_it(app: Flask) -> None:
    """A page that is not there, a quiz that has ended: with a way out that opens the whole window."""
    page = Tab(app).get(f"/q/nothing?{IN}", headers=FAR)
    assert (page.status_code, f"frame-ancestors {SHOP}" in page.headers["Content-Security-Policy"]) == (404, True)
    assert 'target="_top">Go to the shop</a>' in page.text
    assert "framed.js" in page.text


def test_consent_is_told_and_not_asked_for_in_a_frame(app: Flask) -> None:
    """Nobody is led to click a yes unseen: who agreed is led to the quiz's own page to change it."""
    far = Tab(app).get(f"/q/coffee?{IN}", headers=FAR).text
    assert "If you agreed to it in this shop, we also keep" in far
    near = Tab(app)
    near.client.set_cookie("qf_consent", "yes")
    page = near.get(f"/q/coffee?{IN}", headers=NEAR).text
    assert '<a href="/q/coffee" target="_top">Change this' in page
    assert 'name="choice"' not in far + page
