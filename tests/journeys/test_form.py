"""A question's form in a real browser: still while it travels, errors that go when mended, names and descriptions."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.accessibility import violations
from tests.journeys.answering import ROOT, Server, go_on, open_question

pytestmark = pytest.mark.browser

Act = Callable[[Page], object]

SAVING = "Saving. You can change your answer once that is done."


def answer_of(tab: Page) -> list[str]:
    """Return what the form would send as its answer now."""
    values: list[str] = tab.evaluate("[...new FormData(document.querySelector('form')).getAll('answer')]")
    return values


def slider(tab: Page) -> Locator:
    """Return the slider."""
    return tab.get_by_role("slider")


CHANGES: dict[str, tuple[str, str, Act, Act]] = {
    "a choice by pointer": (
        "brew",
        "moka",
        lambda tab: tab.get_by_label("Moka pot").check(),
        lambda tab: tab.get_by_text("Filter").click(),
    ),
    "a choice by its number": (
        "brew",
        "moka",
        lambda tab: tab.get_by_label("Moka pot").check(),
        lambda tab: tab.keyboard.press("1"),
    ),
    "a choice by arrows": (
        "brew",
        "moka",
        lambda tab: tab.get_by_label("Moka pot").check(),
        lambda tab: tab.get_by_label("Moka pot").press("ArrowUp"),
    ),
    "one more choice": (
        "avoid",
        "nuts",
        lambda tab: tab.get_by_label("Nut traces").check(),
        lambda tab: tab.get_by_text("Caffeine").click(),
    ),
    "none of these": (
        "avoid",
        "nuts",
        lambda tab: tab.get_by_label("Nut traces").check(),
        lambda tab: tab.get_by_text("Nothing").click(),
    ),
    "a number": (
        "budget",
        "12",
        lambda tab: tab.get_by_role("spinbutton").fill("12"),
        lambda tab: tab.get_by_role("spinbutton").press("ArrowUp"),
    ),
    "a slider": (
        "budget",
        "12",
        lambda tab: tab.get_by_role("spinbutton").fill("12"),
        lambda tab: slider(tab).press("End"),
    ),
    "a slider by pointer": (
        "budget",
        "12",
        lambda tab: tab.get_by_role("spinbutton").fill("12"),
        lambda tab: slider(tab).click(),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_changed_while_an_answer_travels_is_undone_and_said(tab: Page, server: Server, name: str) -> None:
    """What is seen is what was sent: the change does not stay, a screen reader is told why, and focus is not lost."""
    question, sent, choose, change = CHANGES[name]
    open_question(tab, question)
    server.failures = ["slow"]
    choose(tab)
    go_on(tab)
    expect(tab.get_by_role("status").last).to_have_text("Saving")
    expect(tab.get_by_role("button", name="Next")).to_be_focused()
    change(tab)
    assert answer_of(tab) == [sent]
    expect(tab.get_by_role("status").last).to_have_text(SAVING)
    assert tab.evaluate("document.activeElement !== document.body")
    server.let_go()
    expect(tab.locator(f"main[data-question={question}]")).to_have_count(0)
    assert [form["answer"] for form in server.received] == [[sent]]
    expect(tab.get_by_role("status").last).to_be_empty()


PRINT = """() => document.querySelector("#step").append(
  Object.assign(document.createElement("button"), { type: "button", textContent: "Print" })
)"""


def test_a_button_of_no_form_sends_nothing(tab: Page, server: Server) -> None:
    """Print stands on the offer's page: it is neither an error before anything was sent, nor sends that again."""
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    open_question(tab, "brew")
    tab.evaluate(PRINT)
    tab.get_by_role("button", name="Print").click()
    server.failures = ["503"]
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    tab.get_by_role("button", name="Try again").wait_for()
    tab.get_by_role("button", name="Print").click()
    expect(tab.get_by_role("button", name="Try again")).to_be_visible()
    assert len(server.received) == 1
    assert errors == []


def test_after_a_failure_the_choice_can_be_changed(tab: Page, server: Server) -> None:
    """The form is free again, and what is chosen last is what is stored."""
    open_question(tab, "brew")
    server.failures = ["slow", "503"]
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.get_by_role("status")).to_have_text("Saving")
    server.let_go()
    tab.get_by_role("button", name="Try again").wait_for()
    tab.get_by_label("Filter").check()
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert [form["answer"] for form in server.received] == [["moka"], ["filter"]]


LEAVING = """
addEventListener("beforeunload", () => setTimeout(() => {
  document.querySelector("[value=filter]").click();
  sessionStorage.chosen = document.querySelector("[name=answer]:checked").value;
  sessionStorage.status = document.getElementById("say").textContent;
  fetch("/let-go");
}));
"""
"""Changes the choice while the next page is on its way, by script, since Playwright's own clicks wait for that page."""


def test_the_last_answer_is_held_until_the_products_are_there(tab: Page, server: Server) -> None:
    """It is saved, and the next page is still on its way: a change would be lost all the same."""
    open_question(tab, "brew")
    tab.evaluate(LEAVING)
    server.failures = ["last", "slow"]
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.locator("h1")).to_have_text("How strong do you like it?")
    assert tab.evaluate("[sessionStorage.chosen, sessionStorage.status]") == ["moka", SAVING]
    assert [form["answer"] for form in server.received] == [["moka"]]


def test_without_htmx_the_form_is_held_as_well(tab: Page, server: Server) -> None:
    """Where it fails to begin the plain form travels, and what changes meanwhile would be lost too."""
    script = (ROOT / "static" / "quiz.js").read_text("utf-8")
    tab.route("**/shopper.js*", lambda route: route.fulfill(body=f"window.htmx = {{ config: {{}} }}; {script}"))
    open_question(tab, "brew")
    tab.evaluate(LEAVING)
    server.failures = ["slow"]
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.locator("h1")).to_have_text("Anything you avoid?")
    assert tab.evaluate("[sessionStorage.chosen, sessionStorage.status]") == ["moka", SAVING]
    assert [form["answer"] for form in server.received] == [["moka"]]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_refusal_has_the_focus_and_begins_the_title(browser: Browser, server: Server, *, scripts: bool) -> None:
    """With htmx and without any script: who cannot see the page hears first that something is wrong."""
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.route("**/*", server)
    server.failures = ["refused"]
    open_question(page, "brew")
    go_on(page)
    expect(page).to_have_title("Error: How do you make coffee at home? · Find your coffee")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("radiogroup")).to_have_accessible_description(
        "Pick the one you use most. Choose one answer."
    )
    page.context.close()


def nothing(tab: Page) -> None:
    """Do nothing."""


def two(tab: Page) -> None:
    """Choose two where one is the most."""
    tab.get_by_label("Caffeine").check()
    tab.get_by_label("Nut traces").check()


MENDS: dict[str, tuple[str, Act, Act, Act]] = {
    "one": ("brew", nothing, nothing, lambda tab: tab.get_by_label("Filter").check()),
    "too few": ("avoid", nothing, nothing, lambda tab: tab.get_by_label("Caffeine").check()),
    "too many": ("avoid", two, nothing, lambda tab: tab.get_by_label("Caffeine").uncheck()),
    "none": ("avoid", two, nothing, lambda tab: tab.get_by_label("Nothing").check()),
    "number": (
        "budget",
        nothing,
        lambda tab: tab.get_by_role("spinbutton").fill("11"),
        lambda tab: tab.get_by_role("spinbutton").fill("12"),
    ),
    "slider": (
        "budget",
        lambda tab: tab.get_by_role("spinbutton").fill("99"),
        nothing,
        lambda tab: slider(tab).click(),
    ),
}


@pytest.mark.parametrize("name", MENDS)
def test_an_error_goes_when_it_is_mended(tab: Page, server: Server, name: str) -> None:
    """Not before the form would pass; then words, marks and title go, and nothing moves below the pointer."""
    question, choose, still_wrong, mend = MENDS[name]
    server.failures = ["refused"]
    open_question(tab, question)
    choose(tab)
    go_on(tab)
    alert = tab.get_by_role("alert")
    expect(alert).to_be_focused()
    still_wrong(tab)
    expect(alert).to_be_visible()
    before = tab.get_by_role("button", name="Next").bounding_box()
    mend(tab)
    expect(alert).to_be_hidden()
    expect(tab.locator("[aria-invalid]")).to_have_count(0)
    assert "Choose one answer" not in tab.locator("main").aria_snapshot()
    assert not tab.title().startswith("Error")
    assert tab.get_by_role("button", name="Next").bounding_box() == before
    assert violations(tab) == []
    go_on(tab)
    expect(tab.locator(f"main[data-question={question}]")).to_have_count(0)


def test_help_is_the_description(tab: Page) -> None:
    """Of the group or the field, with what else must be known before answering: how many, from where to where."""
    open_question(tab, "brew")
    expect(tab.get_by_role("radiogroup")).to_have_accessible_name("How do you make coffee at home?")
    expect(tab.get_by_role("radiogroup")).to_have_accessible_description("Pick the one you use most.")
    open_question(tab, "avoid")
    expect(tab.get_by_role("group")).to_have_accessible_description("Choose up to 1")
    open_question(tab, "strength")
    for field in (tab.get_by_role("slider"), tab.get_by_role("spinbutton")):
        expect(field).to_have_accessible_name("How strong do you like it?")
        expect(field).to_have_accessible_description("1 Mild 5 Very strong")


def test_a_number_has_its_unit(tab: Page) -> None:
    """To be seen beside the field, and heard: from the ends, and with each value of the slider."""
    open_question(tab, "budget")
    assert tab.locator(".amount").inner_text().strip() == "£"
    expect(tab.get_by_role("spinbutton")).to_have_accessible_description("£8 £30")
    slider(tab).press("ArrowRight")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "£22")
    open_question(tab, "strength")
    slider(tab).press("Home")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "1 Mild")


@pytest.mark.parametrize("forced", ["active", "none"])
def test_an_untouched_slider_looks_untouched(browser: Browser, server: Server, forced: str) -> None:
    """No thumb stands in its middle as if that were the answer, in any colours; after a click one does."""
    page = browser.new_context(forced_colors=forced).new_page()  # type: ignore[arg-type]
    page.route("**/*", server)
    open_question(page, "strength")
    box = slider(page).bounding_box()
    assert box
    middle = {"x": box["x"] + box["width"] / 2 - 12, "y": box["y"] + 8, "width": 24, "height": 10}
    untouched = page.screenshot(clip=middle)  # type: ignore[arg-type]
    assert untouched == page.screenshot(clip=middle | {"x": box["x"] + box["width"] / 4})  # type: ignore[arg-type]
    line = page.screenshot(clip=middle | {"y": box["y"] + box["height"] / 2 - 5})  # type: ignore[arg-type]
    assert line != untouched
    slider(page).click()
    assert page.screenshot(clip=middle) != untouched  # type: ignore[arg-type]
    page.context.close()


def test_a_digit_elsewhere_chooses_nothing(tab: Page, server: Server) -> None:
    """Keys act only while the focus is in the question, and the hint of them stands only there (WCAG 2.1.4)."""
    open_question(tab, "brew")
    for place in (None, tab.get_by_role("link", name="See all coffees")):
        if place:
            place.focus()
        tab.keyboard.press("2")
        assert answer_of(tab) == []
        expect(tab.locator("#keys")).to_be_hidden()
    tab.get_by_role("link", name="Back").focus()
    tab.keyboard.press("2")
    expect(tab.get_by_label("Filter")).to_be_checked()
    expect(tab.locator("#keys")).to_be_visible()
    go_on(tab)
    expect(tab.locator("h1")).to_be_focused()
    tab.keyboard.press("1")
    expect(tab.get_by_label("Caffeine")).to_be_checked()
    assert len(server.received) == 1


BREW = """
- main:
  - text: Question 1 of 4
  - progressbar "Question 1 of 4"
  - radiogroup "How do you make coffee at home?":
    - heading "How do you make coffee at home?" [level=1]
    - paragraph: Pick the one you use most.
    - radio "Espresso"
    - radio "Filter"
    - radio "Moka pot" [checked]
  - link "Back"
  - button "Next"
  - paragraph:
    - link "See all coffees"
"""
AVOID = """
- main:
  - text: Question 2 of 4
  - progressbar "Question 2 of 4"
  - group "Anything you avoid?":
    - heading "Anything you avoid?" [level=1]{alert}
    - status: Choose up to 1
    - checkbox "Caffeine"{state}
    - checkbox "Nut traces"{state}
    - checkbox "Nothing"{state}
  - link "Back"
  - button "Next"
  - paragraph:
    - link "See all coffees"
"""


def test_the_tree_says_the_same_before_and_after_a_swap(tab: Page, server: Server) -> None:
    """To whoever hears a page: one group of the question's name, its choices, its error, then the ways on."""
    open_question(tab, "brew")
    tab.get_by_label("Moka pot").check()
    expect(tab.locator("body")).to_match_aria_snapshot(BREW)
    go_on(tab)
    expect(tab.locator("body")).to_match_aria_snapshot(AVOID.format(alert="", state=""))
    server.failures = ["refused"]
    go_on(tab)
    refused = AVOID.format(alert="\n    - alert: Choose one answer.", state=" [invalid]")
    expect(tab.locator("body")).to_match_aria_snapshot(refused)


BEHIND_THE_BAR = """() => {
  const focused = document.activeElement, bar = document.querySelector(".nav");
  if (bar.contains(focused) || focused === document.body) return false;
  const [a, b] = [focused.closest("label") || focused, bar].map((each) => each.getBoundingClientRect());
  return a.top < b.bottom && a.top >= b.top;
}"""


def test_no_focus_is_hidden_behind_the_bar(tab: Page) -> None:
    """On a low window, forth and back by the keyboard alone: what has the focus begins above the bar (WCAG 2.4.11)."""
    tab.set_viewport_size({"width": 320, "height": 320})
    for question in ("avoid", "strength"):
        open_question(tab, question)
        for key in ("Tab",) * 9 + ("Shift+Tab",) * 9:
            tab.keyboard.press(key)
            assert not tab.evaluate(BEHIND_THE_BAR), tab.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_every_question_can_be_used_by_all(tab: Page, server: Server, width: int) -> None:
    """Asked and refused: axe finds nothing, nothing scrolls sideways, and every control has a name."""
    tab.set_viewport_size({"width": width, "height": 800})
    nameless = re.compile(r"- (?:radio|checkbox|spinbutton|slider|button|link|group|radiogroup)\b(?! \")")
    for question in ("brew", "avoid", "budget", "strength"):
        open_question(tab, question)
        for refused in (False, True):
            if refused:
                server.failures = ["refused"]
                go_on(tab)
                expect(tab.get_by_role("alert")).to_be_focused()
            assert violations(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert not nameless.search(tab.locator("body").aria_snapshot())


AT_ONCE = """
addEventListener("htmx:afterSwap", () => setTimeout(() => {
  document.querySelector("[name=answer]").click();
  document.querySelector(".nav button:last-of-type").click();
}), { once: true });
"""
"""Answers the next question as soon as it is there, as a practised hand on the keyboard does."""


def test_the_next_question_can_be_answered_as_soon_as_it_is_there(tab: Page, server: Server) -> None:
    """It is sent like any other: a page of its own would lose the place of whoever uses the keyboard."""
    open_question(tab, "brew")
    tab.evaluate(AT_ONCE)
    kinds = []
    tab.on("request", lambda request: kinds.append(request.resource_type) if request.method == "POST" else None)
    tab.get_by_label("Moka pot").check()
    go_on(tab)
    expect(tab.locator("main[data-question=budget]")).to_have_count(1)
    assert [len(form["answer"]) for form in server.received] == [1, 1]
    assert kinds == ["xhr", "xhr"]
