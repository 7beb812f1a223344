"""The door draws whoever may be drawn, once, shows it in place, and shows everybody else the first quiz."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.journey.tables import Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Comparison, Holdout, Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import PageView, Visitor
from tests.journey.answers import ANSWERS
from tests.journey.doors import SHORTER, arms, come, compared, seen, write_short
from tests.pages import Shopper, Tab

GPC = {"Sec-GPC": "1"}
BOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
AHEAD = {"Sec-Purpose": "prefetch;prerender"}


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the store whose comparison `shorter` is open, on its own legal ground."""
    app = compared(settings, clock)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def asking(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the same store as it asks for consent."""
    app = compared(settings, clock, consent="ask")
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def rows(app: Flask, table: Any) -> list[Any]:
    """Return every row of a table."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return list(connection.execute(select(*columns(table))))


def test_each_visitor_is_drawn_at_the_door_and_stays(app: Flask) -> None:
    """In place at one address, on every later visit and in another tab; its view is t0."""
    shown = []
    for _ in range(12):
        tab = Tab(app)
        quizzes = [seen(tab, "/c/shorter?utm_medium=email"), seen(tab), seen(tab)]
        assert len(set(quizzes)) == 1
        shown.append(quizzes[0])
    drawn = Counter({"coffee": arms(app).count("first"), "short": arms(app).count("second")})
    assert Counter(shown) == drawn
    assert min(drawn.values()) > 0
    assert {row.path for row in rows(app, PageView)} == {"/c/shorter"}
    assert {row.channel for row in rows(app, Visitor)} == {"email"}


def test_who_starts_there_came_by_the_door_and_goes_back_to_it(app: Flask) -> None:
    """The attempt is of the quiz that was drawn; from its first question the door shows it again, to go on with."""
    for quiz in ("coffee", "short"):
        shopper = come(app, quiz)
        page = shopper.get("/c/shorter").text
        assert f'action="/q/{quiz}/start"' in page
        (entry,) = re.findall(r'name="entry" value="(\w+)"', page)
        first = str(shopper.post(f"/q/{quiz}/start", {"entry": entry}).location).partition("?")[0]
        question = shopper.get(first).text
        assert '<a class="btn soft" href="/c/shorter">Back</a>' in question
        view = re.search(r'name="view" value="([^"]+)"', question)
        assert view
        shopper.post(first, {"view": view.group(1), "answer": "moka"})
        assert "You stopped at question 2." in shopper.get("/c/shorter").text
    assert sorted((row.quiz, row.entry) for row in rows(app, Attempt)) == [("coffee", "door"), ("short", "door")]
    Shopper(app).start()
    assert "page" in {row.entry for row in rows(app, Attempt)}


def test_consent_is_asked_first_and_alike_for_both(asking: Flask) -> None:
    """The same page for everybody, to which nothing is drawn or kept; after a yes it draws, at the clean address."""
    shown, questions = set(), set()
    for _ in range(12):
        tab = Tab(asking)
        first = tab.get("/c/shorter?utm_source=mail")
        questions.add(re.sub(r'(name="form_token" value=)"[^"]+"', r"\1", first.text))
        assert "Set-Cookie" not in first.headers
        assert set(re.findall(r'<button name="choice" value="(\w+)">', first.text)) == {"yes", "no"}
        (back,) = re.findall(r'name="next" value="([^"]+)"', first.text)
        decided = tab.post("/consent", {"choice": "yes", "next": back.replace("&amp;", "&")})
        clean = tab.get(str(decided.location))
        assert (clean.status_code, clean.location) == (303, "/c/shorter?utm_source=mail")
        shown.add(seen(tab, str(clean.location)))
    assert len(questions) == 1
    assert shown == {"coffee", "short"}
    assert len(arms(asking)) == len(rows(asking, PageView)) == 12


def test_after_the_question_of_consent_the_language_is_the_same(settings: Settings, clock: SetClock) -> None:
    """The one that the door's address named, whatever the browser asks for."""
    quizzes = settings.store / "quizzes"
    shutil.copytree(shipped_folder() / "quizzes", quizzes, dirs_exist_ok=True)
    for language in ("", ".de"):
        shutil.copy(quizzes / f"coffee{language}.yaml", quizzes / f"short{language}.yaml")
    changes = {"comparisons": {"shorter": SHORTER}, "consent": "ask"}
    app = create_app(settings.model_copy(update=changes), clock=clock, demo=False)
    tab = Tab(app)
    first = tab.get("/c/shorter?utm_source=mail&lang=de").text
    (back,) = re.findall(r'name="next" value="([^"]+)"', first)
    decided = tab.post("/consent", {"choice": "yes", "next": back.replace("&amp;", "&")})
    clean = tab.get(str(decided.location)).location
    assert clean == "/c/shorter?utm_source=mail&lang=de"
    assert '<html lang="de"' in first
    assert "<h1>Finde deinen Kaffee</h1>" in tab.get(str(clean)).text
    app.extensions["quizfunnel"].engine.dispose()


def test_before_an_answer_nothing_is_kept(asking: Flask) -> None:
    """Neither a visitor nor a view, however often the page of consent is opened."""
    tab = Tab(asking)
    assert [seen(tab) for _ in range(3)] == ["", "", ""]
    assert rows(asking, Visitor) == rows(asking, PageView) == arms(asking) == []


@pytest.mark.parametrize("mode", ["ask", "off"])
@pytest.mark.parametrize(("signal", "said"), [({}, "no"), (GPC, ""), (GPC, "yes"), (BOT, "")])
def test_who_says_no_sees_the_first_uncounted(
    settings: Settings, clock: SetClock, mode: str, signal: dict[str, str], said: str
) -> None:
    """A visitor, a browser by Sec-GPC whatever was said before, and no program is asked or drawn either."""
    app = compared(settings, clock, consent=mode)
    for _ in range(6):
        tab = Tab(app, signal)
        if said:
            tab.client.set_cookie("qf_consent", said)
        assert [seen(tab), seen(tab)] == ["coffee", "coffee"]
    assert arms(app) == []
    app.extensions["quizfunnel"].engine.dispose()


def test_a_page_that_is_fetched_ahead_is_refused_until_the_visitor_comes(app: Flask) -> None:
    """A browser would show what it fetched, undrawn, in place of what is drawn later; who has an arm is shown it."""
    for _ in range(4):
        tab = Tab(app)
        ahead = tab.get("/c/shorter", headers=AHEAD)
        assert (ahead.status_code, ahead.text) == (503, "")
        assert "no-store" in ahead.headers["Cache-Control"]
        assert rows(app, Visitor) == []
    quiz = seen(tab)
    again = tab.get("/c/shorter", headers=AHEAD)
    assert (again.status_code, len(rows(app, PageView))) == (200, 1)
    assert seen(tab) == quiz


def test_a_check_of_the_link_draws_nobody(app: Flask) -> None:
    """HEAD, as mails' scanners send it from a shopper's browser."""
    tab = Tab(app)
    answer = tab.client.head("/c/shorter", headers=tab.headers)
    assert (answer.status_code, rows(app, Visitor), arms(app)) == (200, [], [])
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("quiz", ["coffee", "short"])
def test_who_took_one_before_is_not_drawn_and_goes_on_with_it(app: Flask, quiz: str) -> None:
    """Also by the attempt's own cookie alone, after a no; consent that comes later changes nothing of it."""
    known, nameless = Shopper(app), Shopper(app, GPC)
    for shopper in (known, nameless):
        shopper.answer(shopper.start(quiz), *ANSWERS["brew"])
        assert seen(shopper) == quiz
        assert "You stopped at question 2." in shopper.get("/c/shorter").text
    nameless.headers = known.headers
    assert [seen(nameless), seen(nameless)] == [quiz, quiz]
    assert arms(app) == []


def test_what_was_begun_nameless_is_remembered_once_the_visitor_is_known(app: Flask) -> None:
    """The attempt's cookie goes with the browser's session; who had it is never drawn all the same."""
    shopper = Shopper(app, GPC)
    shopper.answer(shopper.start("short"), *ANSWERS["brew"])
    shopper.headers = Tab(app).headers
    assert seen(shopper) == "short"
    (attempt,) = rows(app, Attempt)
    shopper.client.delete_cookie(f"qf_a_{attempt.id}")
    assert [seen(shopper), seen(shopper)] == ["coffee", "coffee"]
    assert (arms(app), len(rows(app, Visitor))) == ([], 1)


def test_who_began_without_consent_is_asked_no_more(asking: Flask) -> None:
    """Nothing could be drawn: the way on comes at once."""
    shopper = Shopper(asking)
    shopper.answer(shopper.start("short"), *ANSWERS["brew"])
    assert seen(shopper) == "short"


def test_a_browser_without_cookies_is_asked_once(asking: Flask, clock: SetClock) -> None:
    """Its yes cannot be kept: it sees the first, uncounted; whoever is given that address is asked themselves."""
    tab = Tab(asking, cookies=False)
    (back,) = re.findall(r'name="next" value="([^"]+)"', tab.get("/c/shorter").text)
    answered = str(tab.post("/consent", {"choice": "yes", "next": back}).location)
    assert seen(tab, answered) == "coffee"
    clock.advance(120)
    later = tab.get(answered)
    assert (later.status_code, later.location) == (303, "/c/shorter")
    assert arms(asking) == []


def test_an_address_of_no_comparison_is_not_found(settings: Settings, clock: SetClock) -> None:
    """Nor one that was set to have no door, nor the store's holdout."""
    shut = {"shorter": SHORTER.model_copy(update={"door": False})}
    app = compared(settings, clock, comparisons=shut, holdout=Holdout(name="everywhere", share=0.5))
    for name in ("shorter", "everywhere", "coffee", "No..such", "x" * 400):
        assert Tab(app).get(f"/c/{name}").status_code == 404
    app.extensions["quizfunnel"].engine.dispose()


def test_a_quiz_that_is_not_live_ends_the_draw_and_not_the_door(
    app: Flask, settings: Settings, clock: SetClock
) -> None:
    """Everybody sees the other one, who has its arm too; once it is back each is shown their own. Without any: gone."""
    short, coffee = come(app, "short"), come(app, "coffee")
    drawn = len(arms(app))
    quizzes = settings.store / "quizzes"
    (quizzes / "short.yaml").rename(quizzes / "away")
    clock.advance(2)
    assert [seen(tab) for tab in (short, coffee, Tab(app), Tab(app))] == ["coffee"] * 4
    (quizzes / "away").rename(quizzes / "short.yaml")
    (quizzes / "coffee.yaml").rename(quizzes / "away")
    clock.advance(2)
    assert [seen(tab) for tab in (short, coffee, Tab(app), Tab(app))] == ["short"] * 4
    assert len(arms(app)) == drawn
    (quizzes / "short.yaml").unlink()
    clock.advance(2)
    assert Tab(app).get("/c/shorter").status_code == 410
    (quizzes / "away").rename(quizzes / "coffee.yaml")
    write_short(settings)
    clock.advance(2)
    assert [seen(short), seen(coffee)] == ["short", "coffee"]


def test_one_that_never_had_a_quiz_is_not_found(settings: Settings, clock: SetClock) -> None:
    """Nothing ended: there was nothing."""
    app = compared(settings, clock, comparisons={"tea": Comparison(quizzes=("tea", "tisane"))})
    assert Tab(app).get("/c/tea").status_code == 404
    app.extensions["quizfunnel"].engine.dispose()


def test_the_door_of_an_ended_comparison_goes_on_leading_in(app: Flask, settings: Settings, clock: SetClock) -> None:
    """Mails live long: who was drawn keeps their arm while windows close, everybody else sees the first, undrawn."""
    short, coffee = come(app, "short"), come(app, "coffee")
    drawn = len(arms(app))
    ended = create_app(settings, clock=clock, demo=False)
    for tab in (short, coffee):
        cookie = tab.client.get_cookie("qf_v")
        assert cookie
        tab.client = ended.test_client()
        tab.client.set_cookie("qf_v", cookie.value)
    assert [seen(tab) for tab in (short, coffee, Tab(ended), Tab(ended))] == ["short", "coffee", "coffee", "coffee"]
    assert len(arms(ended)) == drawn
    ended.extensions["quizfunnel"].engine.dispose()


def test_a_holdout_of_the_store_is_not_drawn_at_the_door(settings: Settings, clock: SetClock) -> None:
    """It is of those who are invited by the shop's pages; a door serves comparisons."""
    app = compared(settings, clock, holdout=Holdout(name="everywhere", share=0.9))
    assert {seen(Tab(app)) for _ in range(12)} == {"coffee", "short"}
    assert set(arms(app)) == {"first", "second"}
    app.extensions["quizfunnel"].engine.dispose()


def test_search_engines_keep_no_door(app: Flask, asking: Flask) -> None:
    """One address has two contents."""
    assert {Tab(each).get("/c/shorter").headers["X-Robots-Tag"] for each in (app, asking)} == {"noindex"}


def test_where_nothing_can_be_written_nobody_is_drawn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is shown all the same: the arm that was given, or the first quiz."""
    short = come(app, "short")
    drawn = len(arms(app))
    monkeypatch.setattr("quizfunnel.web.recording.write", _away)
    assert [seen(short), seen(Tab(app))] == ["short", "coffee"]
    assert len(arms(app)) == drawn


def _away(*_: object) -> None:
    raise DatabaseAway("gone")
