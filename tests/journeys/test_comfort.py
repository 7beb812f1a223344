"""The shipped quiz.js in a real browser: keys, counts, sliders, double clicks and a network that fails."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.cast import COFFEE, coffee_quiz
from tests.journeys.answering import HOST, Server, go_on, open_question

pytestmark = pytest.mark.browser


def test_keys_choose_and_enter_goes_on(tab: Page, server: Server) -> None:
    """A digit chooses without sending, Enter sends; only then does a hint of it stand on the page."""
    open_question(tab, "brew")
    expect(tab.locator("#keys")).to_be_hidden()
    tab.get_by_label("Espresso").focus()
    tab.keyboard.press("2")
    expect(tab.get_by_label("Filter")).to_be_checked()
    expect(tab.locator("#keys")).to_be_visible()
    assert server.received == []
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert [form["answer"] for form in server.received] == [["filter"]]


def test_a_swap_moves_focus_title_and_address(tab: Page) -> None:
    """After a swap the h1 has the focus, begins the title, and the address is the new question's."""
    open_question(tab, "brew")
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.locator("h1")).to_be_focused()
    expect(tab).to_have_title("Anything you avoid? · Find your coffee")
    expect(tab).to_have_url(f"{HOST}/a/x/avoid")


def test_a_refusal_is_shown_beside_the_field(tab: Page, server: Server) -> None:
    """A 422 is swapped in; the question stays, and its error is there to read."""
    server.failures = ["refused"]
    open_question(tab, "brew")
    go_on(tab)
    expect(tab.get_by_role("alert")).to_have_text("Choose one answer.")
    expect(tab).to_have_url(f"{HOST}/a/x/brew")


def test_a_double_click_sends_once(tab: Page, server: Server) -> None:
    """The second half of a double click neither sends again nor answers the next question."""
    open_question(tab, "brew")
    tab.get_by_label("Moka pot").check()
    tab.get_by_role("button", name="Next").dblclick()
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    tab.wait_for_load_state("networkidle")
    assert len(server.received) == 1


def test_two_presses_at_once_send_once(tab: Page, server: Server) -> None:
    """While an answer is on its way nothing else is sent."""
    open_question(tab, "brew")
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
    open_question(tab, "brew")
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.get_by_role("status")).to_contain_text(words)
    expect(tab.get_by_label("Moka pot")).to_be_checked()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert [form["answer"] for form in server.received] == [["moka"], ["moka"]]
    expect(tab.locator("#say")).to_be_empty()


def test_a_skip_that_failed_is_skipped_again(tab: Page, server: Server) -> None:
    """Trying again presses the button that was pressed before, not another one."""
    server.failures = ["503", "503"]
    open_question(tab, "strength")
    tab.get_by_role("button", name="Skip").click()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_role("button", name="Try again")).to_be_visible()
    assert [form["skip"] for form in server.received] == [["1"], ["1"]]


def test_enter_sends_an_answer_and_never_skips(tab: Page, server: Server) -> None:
    """Whatever may be skipped, Enter in its field or behind its heading is Next: what was typed is not lost."""
    open_question(tab, "strength")
    tab.get_by_role("spinbutton").fill("4")
    tab.get_by_role("spinbutton").press("Enter")
    tab.wait_for_load_state("networkidle")
    assert [(form["answer"], "skip" in form) for form in server.received] == [(["4"], False)]


def test_choices_are_counted_live(tab: Page) -> None:
    """The line above the choices counts them and says when they are too many; "none" clears the others."""
    open_question(tab, "avoid")
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
    open_question(tab, "budget")
    slider, field = tab.get_by_role("slider"), tab.get_by_role("spinbutton")
    expect(slider).to_have_attribute("aria-valuetext", "Not chosen yet")
    expect(field).to_have_value("")
    slider.click()
    expect(field).to_have_value("20")
    field.fill("12")
    expect(slider).to_have_value("12")
    slider.press("ArrowRight")
    expect(field).to_have_value("14")
    go_on(tab)
    expect(tab.locator("h1")).to_have_text("How strong do you like it?")
    go_on(tab)
    tab.wait_for_load_state("networkidle")
    assert [form["answer"] for form in server.received] == [["14"], [""]]


def test_an_open_end_is_said_beside_the_number_and_to_those_who_hear(tab: Page, server: Server) -> None:
    """A slider at its upper end says "£30 or more" in sight and in its value, and below it only the number."""
    questions = json.loads(json.dumps(COFFEE["questions"]))
    questions[4]["scale"]["or_more"] = True
    server.quiz = coffee_quiz(questions=questions)
    open_question(tab, "budget")
    slider, amount = tab.get_by_role("slider"), tab.locator(".amount")
    expect(tab.locator("#ends")).to_have_text("£8 £30 or more")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "£30 or more")
    expect(amount).to_have_text("£ or more")  # the number itself is the field's
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "£28")
    expect(amount).to_have_text("£")
    tab.get_by_role("spinbutton").fill("45")
    expect(slider).to_have_attribute("aria-valuetext", "£30 or more")
    go_on(tab)
    assert server.received[-1]["answer"] == ["45"]


def test_back_and_forth_keeps_one_slider(tab: Page) -> None:
    """The browser's Back shows the question before, once furnished."""
    open_question(tab, "budget")
    tab.get_by_role("spinbutton").fill("12")
    go_on(tab)
    expect(tab.locator("h1")).to_have_text("How strong do you like it?")
    tab.go_back()
    expect(tab.locator("h1")).to_have_text("What would you like to spend on a bag, at most?")
    expect(tab.get_by_role("slider")).to_have_count(1)
    expect(tab).to_have_title("What would you like to spend on a bag, at most? · Find your coffee")
