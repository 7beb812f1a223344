"""Scripts speak the page's language, and a language that is written from the right is mirrored."""

import pytest
from playwright.sync_api import Page, expect

from quizfunnel.i18n.words import words_in
from tests.journeys.answering import Server, open_question

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_script_says_its_words_in_the_pages_language(tab: Page, server: Server, language: str) -> None:
    """The count, the error in the title, the lost connection and its remedy; nothing is wider than a phone."""
    server.language, say = language, words_in(language)
    tab.set_viewport_size({"width": 320, "height": 700})
    open_question(tab, "avoid")
    assert tab.evaluate("document.documentElement.dir") == say.direction
    for name in ("Caffeine", "Nut traces"):
        tab.get_by_label(name).check()
    hint = say.ngettext("Choose up to %(num)s", "Choose up to %(num)s", 1)
    expect(tab.locator("#n")).to_have_text(
        say("%(hint)s: %(count)s chosen, %(over)s too many", hint=hint, count="2", over="1")
    )
    server.failures = ["refused", "away"]
    tab.locator(".nav .go").click()
    expect(tab.locator("#e")).to_be_focused()
    assert tab.title().startswith(say("Error: %(title)s", title="Anything you avoid?"))
    tab.locator(".nav .go").click()
    expect(tab.locator("#say")).to_contain_text(say("We can't reach the shop just now. Your choice is kept."))
    expect(tab.locator("#say button")).to_have_text(say("Try again"))
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    open_question(tab, "budget")
    expect(tab.locator("[type=range]")).to_have_attribute("aria-valuetext", say("Not chosen yet"))
    first, last = (tab.locator(".nav .soft").bounding_box(), tab.locator(".nav .go").bounding_box())
    assert first
    assert last
    assert (first["x"] < last["x"]) is (say.direction == "ltr")
