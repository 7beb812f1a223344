"""Going on with a quiz in a real browser: with cookies and with all of them blocked, with scripts and without."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.demo.pairs import serving_both
from tests.stores import store_settings

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 375, "height": 720}
NO_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


@pytest.fixture
def shop(databases: Any, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve the demo, which asks for consent, on the loopback; give the quizzes' address and their database."""
    if not isinstance(databases, Path):
        pytest.skip("a file is locked by another connection; PostgreSQL has no such lock")
    database = tmp_path / "shop.sqlite3"
    database.write_bytes(databases.read_bytes())
    settings = store_settings(tmp_path, f"sqlite:///{database}").model_copy(update={"consent": "ask"})
    with serving_both(settings, tmp_path) as pair:
        yield pair.quiz, database


Open = Callable[..., BrowserContext]


@pytest.fixture
def open_browser(
    browser: Browser, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Open]:
    """Give what opens a browser of its own on a phone; without `cookies` its own setting blocks all of them."""
    opened: list[BrowserContext] = []

    def build(*, cookies: bool = True, scripts: bool = True, **options: Any) -> BrowserContext:
        options |= {"viewport": PHONE, "java_script_enabled": scripts, "reduced_motion": "reduce"}
        if cookies:
            opened.append(browser.new_context(**options))
            return opened[-1]
        profile = tmp_path / f"profile-{len(opened)}"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default" / "Preferences").write_text(json.dumps(NO_COOKIES), "utf-8")
        opened.append(browser_type.launch_persistent_context(str(profile), **browser_type_launch_args, **options))
        return opened[-1]

    yield build
    for context in opened:
        context.close()


def begin(context: BrowserContext, base: str) -> Page:
    """Open the promise and start."""
    page = context.new_page()
    page.goto(f"{base}/q/coffee")
    press(page, "Start")
    page.wait_for_url("**/brew*")
    return page


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=re.compile(rf"^{name}\b")).click()


def answer(page: Page) -> None:
    """Give the last answer there is and go on."""
    choices = page.locator("input[type=radio], input[type=checkbox]")
    if choices.count():
        choices.last.check()
    else:
        number = page.locator("input[type=number]")
        number.fill(number.get_attribute("max") or "")
    before = page.url
    press(page, "Next")
    page.wait_for_url(lambda url: url != before)


def finish(page: Page) -> None:
    """Answer the rest."""
    for _ in range(9):
        if "/offer" in page.url:
            return
        answer(page)
    raise AssertionError(page.url)


def status(page: Page, url: str) -> int:
    """Return the status of what is at an address."""
    response = page.goto(url)
    assert response
    return response.status


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let nobody write."""
    connection = sqlite3.connect(database)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@SCRIPTS
@pytest.mark.parametrize("cookies", [True, False], ids=["cookies", "blocked"])
def test_from_start_to_a_product_and_back(
    open_browser: Open,
    shop: tuple[str, Path],
    cookies: bool,  # noqa: FBT001
    scripts: bool,  # noqa: FBT001
) -> None:
    """Questions, back, the offer, a chip and its way back, none of these, why, the shop, the browser's Back."""
    base, _ = shop
    page = begin(open_browser(cookies=cookies, scripts=scripts), base)
    told: list[str] = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    assert ("?t=" in page.url) is not cookies
    expect(page.get_by_text("Without cookies this page's address opens your answers")).to_have_count(
        0 if cookies else 1
    )
    answer(page)
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator("input:checked")).to_have_count(1)
    finish(page)
    page.locator(".answers a").first.click()
    page.get_by_role("link", name="Back to your products").click()
    expect(page.locator("h1")).to_have_text("Your coffees")
    press(page, "None of these suit me")
    expect(page.get_by_role("heading", name=re.compile("The next that fit|No other product"))).to_be_in_viewport()
    page.get_by_label("What didn't suit you?").fill("too dear")
    press(page, "Send")
    expect(page.get_by_text("Thank you. The shop will read it.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_have_count(0)
    page.get_by_role("link", name="in the shop").first.click()
    page.wait_for_url("**/shop/coffee/**")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Your coffees")
    assert not [referer for referer in told if "t=" in referer]


def test_a_copied_address_opens_nothing_and_a_copied_link_shows_the_products(
    open_browser: Open, shop: tuple[str, Path]
) -> None:
    """In another browser each address of the way is not there; the link that the page gives shows what was found."""
    base, _ = shop
    page = begin(open_browser(), base)
    addresses = [page.url]
    finish(page)
    addresses.append(page.url)
    link = page.get_by_role("link", name="Copy a link to this result").get_attribute("href")
    products = page.locator("h3").all_inner_texts()
    page.reload()
    expect(page.locator("h1")).to_have_text("Your coffees")
    stranger = open_browser().new_page()
    assert [status(stranger, address) for address in addresses] == [404, 404]
    assert status(stranger, f"{base}{link}") == 200
    assert stranger.locator("h3").all_inner_texts() == products


def test_two_tabs_go_on_side_by_side(open_browser: Open, shop: tuple[str, Path]) -> None:
    """Starting again in a second tab takes nothing from the first."""
    base, _ = shop
    context = open_browser()
    first = begin(context, base)
    answer(first)
    second = context.new_page()
    second.goto(f"{base}/q/coffee")
    expect(second.get_by_text("You stopped at question 2.")).to_be_visible()
    press(second, "Start again")
    second.wait_for_url("**/brew")
    answer(second)
    finish(first)
    finish(second)
    assert first.url != second.url


@SCRIPTS
def test_a_no_amid_a_quiz_leaves_the_quiz(open_browser: Open, shop: tuple[str, Path], scripts: bool) -> None:  # noqa: FBT001
    """Begun after a yes, gone on with after a no."""
    base, _ = shop
    page = open_browser(scripts=scripts).new_page()
    page.goto(f"{base}/q/coffee")
    press(page, "Yes, keep those too")
    expect(page.get_by_text("You agreed.")).to_be_visible()
    press(page, "Start")
    page.wait_for_url("**/brew")
    answer(page)
    page.goto(f"{base}/q/coffee")
    press(page, "Change to no")
    expect(page.get_by_text("You said no,")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    finish(page)


def test_a_signal_of_the_browser_is_a_no_without_a_button(open_browser: Open, shop: tuple[str, Path]) -> None:
    """Global Privacy Control: nothing to press that would do nothing, and the whole quiz."""
    base, _ = shop
    page = open_browser(extra_http_headers={"Sec-GPC": "1"}).new_page()
    page.goto(f"{base}/q/coffee")
    expect(page.get_by_text("Your browser says no for you")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(1)
    press(page, "Start")
    page.wait_for_url("**/brew")
    finish(page)


@pytest.mark.parametrize(
    ("cookies", "scripts"), [(True, True), (True, False), (False, False)], ids=["scripts", "no-scripts", "blocked"]
)
def test_what_was_chosen_survives_a_database_that_is_away(
    open_browser: Open,
    shop: tuple[str, Path],
    cookies: bool,  # noqa: FBT001
    scripts: bool,  # noqa: FBT001
) -> None:
    """One press sends it again, as often as it takes; it is stored as it was chosen."""
    base, database = shop
    page = begin(open_browser(cookies=cookies, scripts=scripts), base)
    again = "Try again" if scripts else "Send again"
    with locked(database):
        page.get_by_label("Moka pot").check()
        press(page, "Next")
        expect(page.get_by_text("We can't save just now").first).to_be_visible()
        press(page, again)
        expect(page.get_by_role("button", name=again)).to_be_visible()
    press(page, again)
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.get_by_label("Moka pot")).to_be_checked()
