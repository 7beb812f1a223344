"""A tap that goes on, and a choice's help, in a real browser: what moves by itself, and what a choice is called."""

import pytest
from playwright.sync_api import Page, expect

from quizfunnel.quiz.spec import Quiz
from tests.cast import COFFEE, coffee_quiz
from tests.journeys.accessibility import violations
from tests.journeys.answering import Server, open_question

pytestmark = pytest.mark.browser

HELP = "Presses water through a *fine* grind."


def _quiz() -> Quiz:
    brew, *others = [dict(question) for question in COFFEE["questions"]]  # type: ignore[attr-defined]
    first, *rest = brew["choices"]
    film = {"file": "/static/none.mp4", "poster": "/static/favicon.svg", "silent": True}
    brew |= {"video": film, "help": "*Pick* one."}
    return coffee_quiz(questions=[brew | {"choices": [first | {"help": HELP}, *rest]}, *others], auto_advance=True)


@pytest.fixture
def going(tab: Page, server: Server) -> Page:
    """Give a tab at a question of a quiz whose taps go on."""
    server.quiz = _quiz()
    open_question(tab, "brew")
    return tab


def test_a_tap_goes_on_and_a_keyboard_only_chooses(going: Page, server: Server) -> None:
    """It is said before; arrows, digits and space send nothing; another press takes a tap back, which counts again."""
    expect(going.locator("#go-on")).to_have_text("A tap or click on an answer goes on to the next question.")
    moka = going.get_by_label("Moka pot")
    moka.focus()
    for key in ("ArrowDown", "2", "ArrowUp", "Space", "3"):
        going.keyboard.press(key)
    expect(moka).to_be_checked()
    going.clock.install()
    going.clock.run_for(2_000)
    assert server.received == []
    going.get_by_text("Moka pot").click()
    going.clock.run_for(200)
    going.mouse.click(1, 1)
    going.clock.run_for(2_000)
    assert server.received == []
    going.get_by_text("Moka pot").click()
    going.clock.run_for(300)
    expect(going.locator("h1")).to_have_text("Anything you avoid?")
    expect(going.locator("h1")).to_be_focused()
    going.get_by_text("Caffeine").click()
    going.clock.run_for(2_000)
    assert [form["answer"] for form in server.received] == [["moka"]]


def test_the_second_half_of_a_double_click_answers_nothing(going: Page, server: Server) -> None:
    """Where the next question is there before it: the click was meant for the one before. A click of its own counts."""
    going.get_by_text("Moka pot").click()
    expect(going.locator("h1")).to_have_text("Anything you avoid?")
    caffeine = going.get_by_label("Caffeine")
    box = caffeine.bounding_box()
    assert box
    going.mouse.move(box["x"] + 5, box["y"] + 5)
    going.mouse.down(click_count=2)
    going.mouse.up(click_count=2)
    expect(caffeine).not_to_be_checked()
    going.get_by_text("Caffeine").click()
    expect(caffeine).to_be_checked()
    assert len(server.received) == 1


def test_a_choice_is_called_by_its_label_and_described_by_its_help(going: Page) -> None:
    """Who speaks to the computer says the label; who hears the page hears the help after it (WCAG 2.5.3, 1.3.1)."""
    espresso = going.get_by_role("radio", name="Espresso", exact=True)
    expect(espresso).to_have_accessible_description("Presses water through a fine grind.")
    expect(going.get_by_role("radio", name="Moka pot", exact=True)).to_have_accessible_description("")
    expect(going.get_by_role("radiogroup")).to_have_accessible_description("Pick one.")
    assert violations(going) == []


def test_a_video_waits_for_the_shopper_in_room_that_is_its_own(going: Page) -> None:
    """It does not play by itself, its poster's ratio moves nothing, and it leaves the choices in sight on a phone."""
    going.set_viewport_size({"width": 320, "height": 640})
    room = going.locator("video").bounding_box()
    assert room
    assert (room["width"], room["height"]) == (288, 162)
    assert going.locator("video").evaluate("video => [video.paused, video.autoplay, video.controls]") == [
        True,
        False,
        True,
    ]
