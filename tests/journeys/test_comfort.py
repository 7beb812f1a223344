"""The shipped quiz.js in a real browser: keys, counts, sliders, double clicks and a network that fails."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from quizfunnel.journey.pages import QuestionPage
from quizfunnel.quiz.spec import Quiz
from quizfunnel.web import environment
from quizfunnel.web.render import render_text
from tests.cast import COFFEE, coffee_quiz

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
HOST = "http://quiz.test"
ORDER = ("brew", "avoid", "budget", "strength")


def _quiz() -> Quiz:
    questions = json.loads(json.dumps(COFFEE["questions"]))
    next(each for each in questions if each["id"] == "avoid")["at_most"] = 1
    return coffee_quiz(questions=questions)


class Server:
    """Answers a tab's requests: the shipped files, a question a page, the next one after an answer."""

    def __init__(self) -> None:
        """Begin with nothing received and nothing failing."""
        self.app = Flask("comfort", static_folder=None)
        environment.install(self.app, (ROOT,))
        self.quiz = _quiz()
        self.received: list[dict[str, list[str]]] = []
        self.failures: list[str] = []

    def __call__(self, route: Route) -> None:
        """Answer one request."""
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            route.fulfill(path=ROOT / path.removeprefix("/"))
        elif route.request.method == "GET":
            self._show(route, "question", path.rpartition("/")[2])
        else:
            self._take(route, path.rpartition("/")[2])

    def _take(self, route: Route, question: str) -> None:
        self.received.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "away":
            route.abort()
        elif failure == "503":
            route.fulfill(status=503, body="We can't save just now.", content_type="text/plain; charset=utf-8")
        elif failure == "proxy":
            route.fulfill(status=502, body="<html>Bad gateway</html>", content_type="text/html")
        elif failure == "refused":
            self._show(route, "_question", question, status=422, error="Choose one answer.")
        else:
            self._show(route, "_question", ORDER[min(ORDER.index(question) + 1, len(ORDER) - 1)])

    def _show(self, route: Route, template: str, question: str, *, status: int = 200, error: str = "") -> None:
        page = QuestionPage(
            lang="en",
            title=self.quiz.title,
            question=self.quiz.by_id[question],
            position=ORDER.index(question) + 1,
            shortest=4,
            longest=4,
            action=f"/a/x/{question}",
            back="/q/coffee",
            skip_url="/shop",
            skip_label="See all coffees",
            token=f"view-{question}-{len(self.received)}",
            access="",
            beacon="",
        )
        with self.app.test_request_context():
            body = render_text(f"shopper/{template}.html", replace(page, error=error))
        headers = {"Content-Type": "text/html; charset=utf-8", "HX-Push-Url": f"/a/x/{question}"}
        route.fulfill(status=status, body=body, headers=headers)


@pytest.fixture
def server() -> Server:
    """Give a server that has received nothing."""
    return Server()


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Page]:
    """Give a tab whose every request the server answers, and in which no script fails."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.route("**/*", server)
    yield page
    context.close()
    assert broken == []


def _open(tab: Page, question: str) -> None:
    tab.goto(f"{HOST}/a/x/{question}", wait_until="load")


def _next(tab: Page) -> None:
    tab.get_by_role("button", name="Next").click()


def test_keys_choose_and_enter_goes_on(tab: Page, server: Server) -> None:
    """A digit chooses without sending, Enter sends; only then does a hint of it stand on the page."""
    _open(tab, "brew")
    expect(tab.locator("#keys")).to_be_hidden()
    tab.keyboard.press("2")
    expect(tab.get_by_label("Filter")).to_be_checked()
    expect(tab.locator("#keys")).to_be_visible()
    assert server.received == []
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert [form["answer"] for form in server.received] == [["filter"]]


def test_a_swap_moves_focus_title_and_address(tab: Page) -> None:
    """After a swap the h1 has the focus, begins the title, and the address is the new question's."""
    _open(tab, "brew")
    tab.get_by_label("Moka pot").check()
    _next(tab)
    expect(tab.locator("h1")).to_be_focused()
    expect(tab).to_have_title("Anything you avoid? · Find your coffee")
    expect(tab).to_have_url(f"{HOST}/a/x/avoid")


def test_a_refusal_is_shown_beside_the_field(tab: Page, server: Server) -> None:
    """A 422 is swapped in; the question stays, and its error is there to read."""
    server.failures = ["refused"]
    _open(tab, "brew")
    _next(tab)
    expect(tab.get_by_role("alert")).to_have_text("Choose one answer.")
    expect(tab).to_have_url(f"{HOST}/a/x/brew")


def test_a_double_click_sends_once(tab: Page, server: Server) -> None:
    """The second half of a double click neither sends again nor answers the next question."""
    _open(tab, "brew")
    tab.get_by_label("Moka pot").check()
    tab.get_by_role("button", name="Next").dblclick()
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    tab.wait_for_load_state("networkidle")
    assert len(server.received) == 1


def test_two_presses_at_once_send_once(tab: Page, server: Server) -> None:
    """While an answer is on its way nothing else is sent."""
    _open(tab, "brew")
    tab.get_by_label("Moka pot").check()
    tab.evaluate("const next = document.querySelector('.nav button'); next.click(); next.click(); next.click();")
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    tab.wait_for_load_state("networkidle")
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [("503", "We can't save just now."), ("away", "can't reach the shop"), ("proxy", "can't reach the shop")],
)
def test_a_failure_keeps_the_choice(tab: Page, server: Server, failure: str, words: str) -> None:
    """After any failure the choice is still made, and one press sends it again."""
    server.failures = [failure]
    _open(tab, "brew")
    tab.get_by_label("Moka pot").check()
    _next(tab)
    expect(tab.get_by_role("status")).to_contain_text(words)
    expect(tab.get_by_label("Moka pot")).to_be_checked()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert [form["answer"] for form in server.received] == [["moka"], ["moka"]]
    expect(tab.locator("#say")).to_be_empty()


def test_a_skip_that_failed_is_skipped_again(tab: Page, server: Server) -> None:
    """Trying again presses the button that was pressed before, not another one."""
    server.failures = ["503", "503"]
    _open(tab, "strength")
    tab.get_by_role("button", name="Skip this question").click()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_role("button", name="Try again")).to_be_visible()
    assert [form["skip"] for form in server.received] == [["1"], ["1"]]


def test_choices_are_counted_live(tab: Page) -> None:
    """The line above the choices counts them and says when they are too many; "none" clears the others."""
    _open(tab, "avoid")
    line = tab.locator("#n")
    expect(line).to_have_text("Choose up to 1")
    tab.get_by_label("Caffeine").check()
    tab.get_by_label("Nut traces").check()
    expect(line).to_have_text("Choose up to 1: 2 chosen, 1 too many")
    tab.get_by_label("Nothing").check()
    expect(line).to_have_text("Choose up to 1")
    expect(tab.get_by_label("Caffeine")).not_to_be_checked()
    tab.get_by_label("Caffeine").check()
    expect(tab.get_by_label("Nothing")).not_to_be_checked()


def test_a_slider_is_no_answer_until_touched(tab: Page, server: Server) -> None:
    """The slider and the number agree; untouched, nothing is sent but an empty answer, and its middle can be chosen."""
    _open(tab, "budget")
    slider, field = tab.get_by_role("slider"), tab.get_by_role("spinbutton")
    expect(slider).to_have_attribute("aria-valuetext", "Not chosen yet")
    expect(field).to_have_value("")
    slider.click()
    expect(field).to_have_value("20")
    field.fill("12")
    expect(slider).to_have_value("12")
    slider.press("ArrowRight")
    expect(field).to_have_value("14")
    _next(tab)
    expect(tab.locator("h1")).to_have_text("How strong do you like it?")
    _next(tab)
    tab.wait_for_load_state("networkidle")
    assert [form["answer"] for form in server.received] == [["14"], [""]]


def test_back_and_forth_keeps_one_slider(tab: Page) -> None:
    """The browser's Back shows the question before, once furnished."""
    _open(tab, "budget")
    tab.get_by_role("spinbutton").fill("12")
    _next(tab)
    expect(tab.locator("h1")).to_have_text("How strong do you like it?")
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("What would you like to spend on a bag, at most?")
    expect(tab.get_by_role("slider")).to_have_count(1)
    expect(tab).to_have_title("What would you like to spend on a bag, at most? · Find your coffee")
