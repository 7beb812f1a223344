"""Accessibility of a page in the browser, by axe."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Only a rule that is off by itself reads the style sheets, which axe would fetch again before every look
_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
_COLOURS_ASIDE = {"rules": {"color-contrast": {"enabled": False}}}
_RUN = """async (options) => (await axe.run(options)).violations.map(({ id, nodes }) => [id, nodes[0].html])"""


def violations(page: Page, *, colours: bool = True) -> list[tuple[str, str]]:
    """Return each rule that a page breaks, with the first element that breaks it.

    Telling colours apart takes four fifths of the time: leave them out where another test looks at the same ones.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = _OPTIONS if colours else _OPTIONS | _COLOURS_ASIDE
    return [(rule, html) for rule, html in page.evaluate(_RUN, options)]
