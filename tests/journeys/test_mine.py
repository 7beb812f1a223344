"""A shopper sees and deletes what is kept, in a real browser: on a phone without scripts, and on a desk with them."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.journey.answers import ANSWERS
from tests.journeys.accessibility import violations
from tests.pages import BROWSER

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the store on the loopback; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def take(page: Page) -> None:
    """Answer every question of the quiz."""
    page.get_by_role("button", name="Start").click()
    for question, values in (ANSWERS | {"strength": ("3",)}).items():
        page.wait_for_url(f"**/{question}")
        for value in values:
            field = page.locator(f"input[value='{value}'], input[name='answer'][type='number']").first
            field.check() if field.get_attribute("type") == "radio" else field.fill(value)
        if not values:
            page.get_by_label("Nothing").check()
        page.get_by_role("button", name="Next", exact=True).click()


@pytest.mark.parametrize(("width", "scripts"), [(375, False), (1280, True)])
def test_what_is_kept_is_seen_and_deleted(browser: Browser, address: str, width: int, *, scripts: bool) -> None:
    """From the products to the calm page after: nothing wider than the screen, no fault that axe finds, no console."""
    context = browser.new_context(
        viewport={"width": width, "height": 812}, java_script_enabled=scripts, user_agent=BROWSER
    )
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/q/coffee")
    take(page)
    offered(page, phone=width == 375)
    page.get_by_role("link", name="See or delete my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers")
    expect(page.get_by_text("Espresso")).to_be_visible()
    look(page, scripts=scripts)
    page.get_by_role("button", name="Delete my answers").click()
    expect(page.get_by_text("Tick the box first")).to_be_visible()
    look(page, scripts=scripts)
    page.get_by_label("Yes, delete all of this").check()
    page.get_by_role("button", name="Delete my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are deleted")
    look(page, scripts=scripts)
    assert [cookie["name"] for cookie in context.cookies()] == []
    assert [text for text in said if "422" not in text] == []
    context.close()


def offered(page: Page, *, phone: bool) -> None:
    """Hold a phone's offer of three: the first price and the way to its product are in sight, all is short."""
    expect(page.locator(".card")).to_have_count(3)
    price, way = page.locator(".price").first.bounding_box(), page.locator(".acts a").first.bounding_box()
    assert price is not None
    assert way is not None
    assert price["y"] < way["y"]
    if phone:
        assert way["y"] + way["height"] <= 812
        assert page.evaluate("document.documentElement.scrollHeight") <= 1500


def look(page: Page, *, scripts: bool) -> None:
    """Hold the page to its width and, where scripts run, to axe."""
    assert page.locator("body").bounding_box()["width"] <= page.viewport_size["width"]  # type: ignore[index]
    if scripts:
        assert violations(page) == []
