"""A routine on a screen of any width, in a real browser: no card is narrower than its words."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import COFFEE
from tests.journey.answers import ANSWERS
from tests.journeys.answering import HOST, sent
from tests.offer.routines import BEANS
from tests.pages import Shopper

pytestmark = pytest.mark.browser

WIDTHS = (320, 375, 568, 640, 667, 740, 812, 896, 1024, 1280, 1920)
CUT = """() => [...document.querySelectorAll(".card :is(h3, .acts a)")].filter(part => {
  const at = part.getBoundingClientRect();
  return at.width < 90 || at.right > part.closest(".card").getBoundingClientRect().right;
}).map(part => part.innerText)"""


@pytest.fixture
def offer(store: Path, request: pytest.FixtureRequest) -> tuple[str, Any]:
    """Give the page of an offer in three sections, and the app that has its files."""
    given: Any = COFFEE["offer"]
    words = {name: text for name, text in given.items() if name != "show"}
    sections = [BEANS | {"id": name, "title": name.title()} for name in ("first", "second", "third")]
    (store / "quizzes" / "coffee.yaml").write_text(json.dumps(COFFEE | {"offer": words | {"sections": sections}}))
    catalog = store / "quizzes" / "catalogs" / "coffee.csv"
    head, *rows = catalog.read_text("utf-8").splitlines()
    pictured = [f"{head},image", *(f"{row},/static/img/coffee/harbour-blend-beans.svg" for row in rows)]
    catalog.write_text("\n".join(pictured), "utf-8")
    app = request.getfixturevalue("app")
    shopper = Shopper(app)
    return shopper.get(shopper.finish(ANSWERS | {"budget": ("30",)})).text, app


def test_every_card_has_room_for_its_words(tab: Page, offer: tuple[str, Any]) -> None:
    """From a small phone over one that is turned to a desk, titles and buttons are whole inside the card."""
    page, app = offer

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        route.fulfill(
            **(sent(app, path) if path.startswith("/static/") else {"body": page, "content_type": "text/html"})
        )

    tab.route("**/*", serve)
    tab.goto(f"{HOST}/offer")
    expect(tab.locator(".part .card")).to_have_count(3)
    cut: dict[int, list[str]] = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 375})
        cut |= {width: found} if (found := tab.evaluate(CUT)) else {}
    assert cut == {}
