"""The shipped counter of invested time, in a real browser whose clock the test moves."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from quizfunnel.journey import attention
from quizfunnel.journey.attention import Claim
from quizfunnel.journey.pages import QuestionPage
from quizfunnel.web import environment
from quizfunnel.web.render import render_text
from tests.cast import coffee_quiz
from tests.journeys.answering import sent

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
HOST = "http://quiz.test"
QUIZ = coffee_quiz()

# The clock, the visibility and the beacon in the test's hands; nothing of the counter is replaced.
CONTROLS = """
window.clockNow = 1000;
window.sent = [];
performance.now = () => window.clockNow;
Object.defineProperty(document, "hidden", { get: () => window.away });
navigator.sendBeacon = (url, body) => { window.sent.push([url, body]); return true; };
window.play = ([verb, value]) => {
  if (verb === "wait") window.clockNow += value;
  if (verb === "act") window.dispatchEvent(new Event(value));
  if (verb === "hide" || verb === "show") {
    window.away = verb === "hide";
    document.dispatchEvent(new Event("visibilitychange"));
  }
  if (verb === "leave") window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  if (verb === "return") window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  if (verb === "submit") document.querySelector("form").requestSubmit();
};
document.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation(); // the form is filled on its way down; htmx must not send it
}, true);
"""

Step = tuple[str, int | str]


def wait(seconds: float) -> Step:
    """Let the clock go on, or back."""
    return ("wait", int(seconds * 1000))


ACT: Step = ("act", "keydown")
HIDE: Step = ("hide", "")
SHOW: Step = ("show", "")
LEAVE: Step = ("leave", "")
RETURN: Step = ("return", "")
SUBMIT: Step = ("submit", "")


class Case(NamedTuple):
    """One row of the table of cases."""

    steps: list[Step]
    a30: int
    a10: int
    hidden: bool = False


TABLE = {
    "5 s reading, no input": Case([wait(5)], 5_000, 5_000),
    "10 min idle": Case([wait(600)], 30_000, 10_000),
    "input each 10 s for 3 min": Case([wait(10), ACT] * 18, 180_000, 180_000),
    "input each 20 s for 6 min": Case([wait(20), ACT] * 18, 360_000, 180_000),
    "4 s, hidden 60 s, 2 s": Case([wait(4), HIDE, wait(60), SHOW, wait(2)], 6_000, 6_000),
    "40 s gap, act, 1 s": Case([wait(40), ACT, wait(1)], 31_000, 11_000),
    "background tab never shown": Case([wait(60)], 0, 0, hidden=True),
    "background tab, acted in unseen": Case([wait(5), ACT, wait(5)], 0, 0, hidden=True),
    "background tab, shown after a minute": Case([wait(60), SHOW, wait(3)], 3_000, 3_000, hidden=True),
    "clock back 5 s, then 1 s": Case([wait(-5), ACT, wait(1)], 1_000, 1_000),
    "slept 1 h": Case([wait(3600), ACT, wait(1)], 31_000, 11_000),
    "left and came back": Case([wait(4), LEAVE, wait(300), RETURN, wait(2)], 6_000, 6_000),
    "hidden and left at once": Case([wait(4), HIDE, LEAVE, wait(60), RETURN, SHOW, wait(2)], 6_000, 6_000),
    "shown twice": Case([wait(4), SHOW, SHOW, wait(2)], 6_000, 6_000),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give an application that knows the shipped templates and nothing else."""
    app = Flask("attention", static_folder=None)
    environment.install(app, (ROOT,))
    return app


def _draw(app: Flask, question: str, *, view: str, template: str = "question", beacon: str = "/t/x") -> str:
    page = QuestionPage(
        lang="en",
        title=QUIZ.title,
        question=QUIZ.by_id[question],
        position=1,
        shortest=5,
        longest=6,
        action=f"/a/x/{question}",
        back="",
        skip_url="/shop",
        skip_label="See all coffees",
        token=view,
        access="",
        beacon=beacon,
    )
    with app.test_request_context():
        return render_text(f"shopper/{template}.html", page)


def _serve(app: Flask, **changes: str) -> Any:
    body = _draw(app, "brew", view="first", **changes)

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            route.fulfill(**sent(app, path))
        else:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

    return serve


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """Give a tab whose clock stands still until the test moves it."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(CONTROLS)
    yield page
    context.close()


def _open(tab: Page, app: Flask, *, hidden: bool = False, beacon: str = "/t/x") -> None:
    tab.add_init_script(f"window.away = {json.dumps(hidden)};")
    tab.route("**/*", _serve(app, beacon=beacon))
    tab.goto(f"{HOST}/a/x/brew", wait_until="load")


def _play(tab: Page, *steps: Step) -> None:
    tab.evaluate("steps => steps.forEach(window.play)", [list(step) for step in steps])


def _fields(tab: Page) -> tuple[str, str, str]:
    _play(tab, SUBMIT)
    a30, a10, seq = (tab.locator(f"[name={name}]").input_value() for name in ("a30", "a10", "seq"))
    return a30, a10, seq


def _sent(tab: Page) -> list[attention.Beacon]:
    beacons = [attention.parse_beacon(body.encode()) for url, body in tab.evaluate("sent") if url == "/t/x"]
    assert None not in beacons
    return [beacon for beacon in beacons if beacon]


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_cases(tab: Page, app: Flask, name: str) -> None:
    """The fields sent with the answer hold what the table says, and the server reads them as that."""
    case = TABLE[name]
    _open(tab, app, hidden=case.hidden)
    _play(tab, *case.steps)
    claim = attention.parse_claim(*_fields(tab))
    assert isinstance(claim, Claim)
    assert claim[:2] == (case.a30, case.a10)


@pytest.mark.parametrize(
    "kind", ["pointerdown", "pointermove", "keydown", "touchstart", "touchmove", "wheel", "input", "scroll"]
)
def test_each_interaction_counts(tab: Page, app: Flask, kind: str) -> None:
    """Pointer, key, touch, wheel, input and scroll each begin a new stretch, and nothing else does."""
    _open(tab, app)
    _play(tab, wait(40), ("act", "mousemove"), wait(10), ("act", kind), wait(5))
    assert _fields(tab)[:2] == ("35000", "15000")


def test_real_input_counts(tab: Page, app: Flask) -> None:
    """Real interactions reach the counter: a click on a choice and a key."""
    _open(tab, app)
    _play(tab, wait(40))
    tab.get_by_label("Filter").click()
    _play(tab, wait(40))
    tab.keyboard.press("Tab")
    _play(tab, wait(1))
    assert _fields(tab)[:2] == ("61000", "21000")


def test_beacons_are_cumulative_and_numbered(tab: Page, app: Flask) -> None:
    """Hiding and leaving send all that was counted so far under a rising number; nothing new sends nothing."""
    _open(tab, app)
    _play(tab, wait(4), HIDE, LEAVE, wait(9), SHOW, wait(2), LEAVE)
    assert _sent(tab) == [
        attention.Beacon("first", "brew", Claim(4_000, 4_000, 1)),
        attention.Beacon("first", "brew", Claim(6_000, 6_000, 2)),
    ]
    _play(tab, RETURN, wait(1))
    assert _fields(tab) == ("7000", "7000", "3")


def test_the_timer_only_sends(tab: Page, app: Flask) -> None:
    """Every 15 s the count so far is sent; sending is no interaction."""
    tab.add_init_script("window.setInterval = (send, ms) => { window.tick = [send, ms]; };")
    _open(tab, app)
    assert tab.evaluate("tick[1]") == 15_000
    _play(tab, wait(20))
    tab.evaluate("tick[0]()")
    _play(tab, wait(20))
    tab.evaluate("tick[0]()")
    assert [beacon.claim for beacon in _sent(tab)] == [Claim(20_000, 10_000, 1), Claim(30_000, 10_000, 2)]


def _swap(tab: Page, html: str) -> None:
    tab.evaluate("html => htmx.swap('#step', html, { swapStyle: 'outerHTML', swapDelay: 0, settleDelay: 0 })", html)


def test_a_swap_begins_a_new_view(tab: Page, app: Flask) -> None:
    """The next question starts at nothing; the time of an answered view travels with the answer alone."""
    _open(tab, app)
    _play(tab, wait(7), SUBMIT)
    _swap(tab, _draw(app, "moment", view="second", template="_question"))
    assert _sent(tab) == []
    _play(tab, wait(3), HIDE)
    assert _sent(tab) == [attention.Beacon("second", "moment", Claim(3_000, 3_000, 1))]


def test_a_refused_view_is_told_by_beacon(tab: Page, app: Flask) -> None:
    """An answer that was refused leaves no row, so the time of its view is sent when the form comes back."""
    _open(tab, app)
    _play(tab, wait(7), SUBMIT)
    _swap(tab, _draw(app, "brew", view="again", template="_question"))
    assert _sent(tab) == [attention.Beacon("first", "brew", Claim(7_000, 7_000, 2))]
    _play(tab, wait(2))
    assert _fields(tab) == ("2000", "2000", "1")


def test_a_view_left_without_an_answer_is_told(tab: Page, app: Flask) -> None:
    """Going back within the page sends what the question left behind has taken."""
    _open(tab, app)
    _play(tab, wait(7))
    _swap(tab, _draw(app, "moment", view="second", template="_question"))
    assert _sent(tab) == [attention.Beacon("first", "brew", Claim(7_000, 7_000, 1))]


def test_unmeasured_pages_stay_unmeasured(tab: Page, app: Flask) -> None:
    """Without a beacon's address nothing is counted, filled or sent."""
    _open(tab, app, beacon="")
    _play(tab, wait(5), ACT, HIDE, SUBMIT, LEAVE)
    assert tab.evaluate("sent") == []
    assert tab.locator("[name=a30]").count() == 0


def test_fractions_are_rounded(tab: Page, app: Flask) -> None:
    """A clock with fractions of a millisecond still gives whole numbers, the stricter one never the larger."""
    _open(tab, app)
    tab.evaluate("clockNow += 1234.567")
    a30, a10, _ = _fields(tab)
    assert (a30, a10) == ("1235", "1235")
    assert math.isclose(int(a30), 1234.567, abs_tol=1)
