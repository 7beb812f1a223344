"""The whole funnel in a real browser: from the invitation on a product page to the order on the analyst's page."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from quizfunnel.experiment import arms, planning
from quizfunnel.journey.tables import Answer
from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit import identity
from quizfunnel.visit.tables import Assignment
from tests.demo.pairs import Pair, serving_both
from tests.journeys.accessibility import violations
from tests.pages import BROWSER
from tests.stores import store_settings

pytestmark = pytest.mark.browser

PAGE = "/shop/coffee/night-ferry-beans"
WITHOUT_CARD = """() => {
  const body = document.body.cloneNode(true);
  body.querySelector(".qf-card")?.remove();
  body.querySelector("[data-qf]").removeAttribute("style");
  return body.innerHTML;
}"""
SIZES = {"desk": (1280, 900), "phone": (320, 640)}


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    """Serve the demo's quizzes and its shop on the loopback."""
    with serving_both(store_settings(tmp_path, database_url), tmp_path) as pair:
        yield pair


class Visit:
    """One browser context that looks at each page as it goes: axe, console, width."""

    def __init__(self, context: BrowserContext, *, scripts: bool = True) -> None:
        """Open a page; without scripts axe cannot run in it either, and it has the same elements."""
        self.scripts = scripts
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)
        self.look()

    def press(self, name: str) -> None:
        """Press a button or follow a link, and wait for where it leads."""
        before = self.page.url
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()
        self.page.wait_for_url(lambda url: url != before)
        self.look()

    def look(self) -> None:
        """Hold the page to what every page promises."""
        self.page.wait_for_load_state()
        if self.scripts:
            assert violations(self.page) == []
        width = self.page.viewport_size or {"width": 0}
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width["width"]
        assert self.said == []

    def answer(self) -> None:
        """Give the first answer there is and go on."""
        page = self.page
        if page.locator("input[type=radio]").count():
            page.locator("input[type=radio]").first.check()
        elif page.locator("input[type=checkbox]").count():
            page.locator("input[type=checkbox]").first.check()
        else:
            number = page.locator("input[type=number]")
            number.fill(number.get_attribute("max") or "")
        before = page.url
        page.get_by_role("button", name="Next").click()
        page.wait_for_url(lambda url: url != before)
        self.look()


def visitor_of(app: Flask, arm: str) -> str:
    """Return the cookie of a visitor whom the coffee quiz's experiment draws into `arm`."""
    live = app.extensions["journey"].shelf.live("coffee")
    design, signer = planning.quiz_design("coffee", live.quiz), app.extensions["quizfunnel"].signer
    assert design is not None
    ids = (f"{number:032x}" for number in count())
    id = next(id for id in ids if arms.arm(signer.digest("arm", arms.draw_text(design, id)), design) == arm)
    return identity.sign_cookie(signer, id)


def come(browser: Browser, demo: Pair, arm: str, **options: Any) -> Visit:
    """Come to a product's page as a visitor of `arm`, whom the snippet invites or does not."""
    context = browser.new_context(user_agent=BROWSER, **options)
    cookie = {"name": identity.cookie_name(secure=False), "value": visitor_of(demo.app, arm), "url": demo.quiz}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict of Playwright's own
    visit = Visit(context)
    with visit.page.expect_response(f"{demo.shop}/cart/update.js"):
        visit.go(demo.shop + PAGE)
    expect(visit.page.get_by_role("link", name="Help me choose")).to_have_count(int(arm == "invited"))
    visit.look()
    return visit


def order(visit: Visit) -> None:
    """Order the product whose page is open."""
    visit.press("Add to basket")
    visit.press("Go to the checkout")
    visit.press("Place the pretend order")
    assert "pretend order D-" in visit.page.inner_text("main")
    assert "the quiz server has it" in visit.page.inner_text("main")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_shop_to_the_analysts_page(
    browser: Browser,
    demo: Pair,
    size: str,
    scripts: bool,  # noqa: FBT001
) -> None:
    """Invitation, quiz, offer, shop, pretend checkout, and the purchase is seen waiting.

    Without scripts nobody is invited and no order is linked; the quiz is reached by a link, and the shop works.
    """
    width, height = SIZES[size]
    if scripts:
        visit = come(browser, demo, "invited", viewport={"width": width, "height": height})
        visit.press("Help me choose")
    else:
        context = browser.new_context(
            user_agent=BROWSER, java_script_enabled=False, viewport={"width": width, "height": height}
        )
        visit = Visit(context, scripts=False)
        visit.go(demo.shop + PAGE)
        assert visit.page.get_by_role("link", name="Help me choose").count() == 0
        visit.go(f"{demo.quiz}/q/coffee")
    assert "6 or 7 questions · about 1 minute · no e-mail" in visit.page.inner_text("main")
    visit.press("Start")
    for _ in range(8):
        if visit.page.url.endswith("/offer"):
            break
        visit.answer()
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Your coffees"
    assert visit.page.get_by_text("For espresso").count()
    visit.page.get_by_role("link", name=re.compile("in the shop")).first.click()
    visit.page.wait_for_url(f"{demo.shop}/**")
    visit.look()
    order(visit)
    visit.press("Results: Coffee")
    waiting = re.search(r"Waiting: \d+ visitors?, 1 purchase", visit.page.inner_text("main"))
    assert bool(waiting) is scripts, visit.page.inner_text("main")
    with reading(demo.app.extensions["quizfunnel"].engine) as connection:
        kept = connection.execute(select(columns(Order).visitor_id, columns(Order).click_id)).one()
        sources = set(connection.execute(select(columns(Answer).source)).scalars())
    assert [part is not None for part in kept] == [scripts] * 2
    assert sources == ({"client"} if scripts else {"server"})


def test_a_holdout_visitors_order_is_matched(browser: Browser, demo: Pair) -> None:
    """The cart carries the token in both arms: who never sees the quiz is matched as well, and sees the same shop."""
    visit = come(browser, demo, "holdout")
    assert visit.page.evaluate(WITHOUT_CARD) == come(browser, demo, "invited").page.evaluate(WITHOUT_CARD)
    order(visit)
    with reading(demo.app.extensions["quizfunnel"].engine) as connection:
        buyer = connection.execute(select(columns(Order).visitor_id)).scalar_one()
        arm = connection.execute(
            select(columns(Assignment).arm).where(columns(Assignment).visitor_id == buyer)
        ).scalar_one()
    assert arm == "holdout"


def test_the_keyboard_alone_is_enough(browser: Browser, demo: Pair) -> None:
    """Tab, digits, arrows and Enter lead from the promise to the offer."""
    visit = Visit(browser.new_context(user_agent=BROWSER))
    visit.go(f"{demo.quiz}/q/coffee")
    page = visit.page
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/brew")
    page.keyboard.press("Tab")  # the link that skips to the content
    page.keyboard.press("Tab")  # into the question, where digits choose
    for _ in range(8):
        if page.url.endswith("/offer"):
            break
        before = page.url
        if page.locator("input[type=radio], input[type=checkbox]").count():
            page.keyboard.press("1")
        else:
            page.locator("input[type=number]").focus()
            page.keyboard.type(page.locator("input[type=number]").get_attribute("max") or "")
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(before)
    assert page.url.endswith("/offer")
    visit.look()


def test_back_reload_and_resume(browser: Browser, demo: Pair) -> None:
    """The browser's Back shows the answer, a reload stays, a second visit goes on where one left."""
    visit = Visit(browser.new_context(user_agent=BROWSER))
    visit.go(f"{demo.quiz}/q/coffee")
    visit.press("Start")
    visit.answer()
    second = visit.page.url
    visit.page.go_back()
    visit.page.wait_for_url("**/brew")
    expect(visit.page.locator("input[type=radio]").first).to_be_checked()
    visit.page.go_forward()
    visit.page.wait_for_url(second)
    visit.page.reload()
    visit.go(f"{demo.quiz}/q/coffee")
    visit.press("Go on")
    assert visit.page.url == second
