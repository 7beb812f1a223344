"""The whole funnel in a real browser: from the invitation on a product page to the order on the analyst's page."""

import re
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.serving import make_server

from quizfunnel.app import create_app
from quizfunnel.experiment import arms, planning
from quizfunnel.journey.tables import Answer
from quizfunnel.orders.tables import Order
from quizfunnel.settings import Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit import identity
from quizfunnel.visit.tables import Assignment
from tests import cast
from tests.pages import BROWSER

pytestmark = pytest.mark.browser

SIZES = {"desk": (1280, 900), "phone": (320, 640)}


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[tuple[str, Flask]]:
    """Serve the demo store with the shipped quizzes on the loopback; give its address."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "quizzes").symlink_to(shipped_folder() / "quizzes")
    settings = Settings(
        store=tmp_path / "store",
        database_url=database_url,
        secret_key=SecretStr(cast.KEY.decode()),
        sources=cast.SOURCES,
        consent="off",
        shop_url="/shop",
        auto_publish=True,
    )
    app = create_app(settings, demo=True)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", app
    server.shutdown()
    thread.join()
    app.extensions["quizfunnel"].engine.dispose()


class Visit:
    """One browser context that looks at each page as it goes: axe, console, width."""

    def __init__(self, context: BrowserContext, base: str, *, scripts: bool = True) -> None:
        """Open a page; without scripts axe cannot run in it either, and it has the same elements."""
        self.scripts = scripts
        self.page: Page = context.new_page()
        self.base = base
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path: str) -> None:
        """Open an address of the shop."""
        self.page.goto(self.base + path)
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
        found = Axe().run(self.page).response["violations"] if self.scripts else []
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
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


def come(browser: Browser, demo: tuple[str, Flask], arm: str, *, scripts: bool = True, **options: Any) -> Visit:
    """Come to a product's page as a visitor of `arm`, who sees the invitation or does not."""
    base, app = demo
    context = browser.new_context(user_agent=BROWSER, java_script_enabled=scripts, **options)
    cookie = {"name": identity.cookie_name(secure=False), "value": visitor_of(app, arm), "url": base}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict of Playwright's own
    visit = Visit(context, base, scripts=scripts)
    visit.go("/shop/coffee/night-ferry-beans")
    assert visit.page.get_by_role("link", name="Help me choose").count() == (arm == "invited")
    return visit


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_invitation_to_the_analysts_page(
    browser: Browser,
    demo: tuple[str, Flask],
    size: str,
    scripts: bool,  # noqa: FBT001
) -> None:
    """Invitation, quiz, offer, shop, pretend checkout, and the purchase is seen waiting."""
    _, app = demo
    width, height = SIZES[size]
    visit = come(browser, demo, "invited", scripts=scripts, viewport={"width": width, "height": height})
    visit.press("Help me choose")
    assert "6 or 7 questions · about 1 minute · no e-mail" in visit.page.inner_text("main")
    visit.press("Start")
    for _ in range(8):
        if visit.page.url.endswith("/offer"):
            break
        visit.answer()
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Your coffees"
    assert visit.page.get_by_text("For espresso").count()
    visit.page.get_by_role("link", name=re.compile("in the shop")).first.click()
    visit.look()
    assert "qf_click" not in visit.page.url
    visit.press("Add to basket")
    visit.press("Go to the checkout")
    visit.press("Place the pretend order")
    assert "pretend order D-" in visit.page.inner_text("main")
    visit.press("Results: Coffee")
    assert re.search(r"Waiting: \d+ visitors?, 1 purchase", visit.page.inner_text("main")), visit.page.inner_text(
        "main"
    )
    with reading(app.extensions["quizfunnel"].engine) as connection:
        order = connection.execute(select(columns(Order).visitor_id, columns(Order).click_id)).one()
        sources = set(connection.execute(select(columns(Answer).source)).scalars())
    assert all(order)
    assert sources == ({"client"} if scripts else {"server"})


def test_a_holdout_visitors_order_is_matched(browser: Browser, demo: tuple[str, Flask]) -> None:
    """The cart carries the token in both arms: who never sees the quiz is matched as well, and sees the same shop."""
    _, app = demo
    visit = come(browser, demo, "holdout")
    visit.press("Add to basket")
    visit.press("Go to the checkout")
    visit.press("Place the pretend order")
    with reading(app.extensions["quizfunnel"].engine) as connection:
        buyer = connection.execute(select(columns(Order).visitor_id)).scalar_one()
        arm = connection.execute(
            select(columns(Assignment).arm).where(columns(Assignment).visitor_id == buyer)
        ).scalar_one()
    assert arm == "holdout"


def test_the_keyboard_alone_is_enough(browser: Browser, demo: tuple[str, Flask]) -> None:
    """Tab, digits, arrows and Enter lead from the promise to the offer."""
    base, _ = demo
    visit = Visit(browser.new_context(user_agent=BROWSER), base)
    visit.go("/q/coffee")
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


def test_back_reload_and_resume(browser: Browser, demo: tuple[str, Flask]) -> None:
    """The browser's Back shows the answer, a reload stays, a second visit goes on where one left."""
    base, _ = demo
    visit = Visit(browser.new_context(user_agent=BROWSER), base)
    visit.go("/q/coffee")
    visit.press("Start")
    visit.answer()
    second = visit.page.url
    visit.page.go_back()
    visit.page.wait_for_url("**/brew")
    expect(visit.page.locator("input[type=radio]").first).to_be_checked()
    visit.page.go_forward()
    visit.page.wait_for_url(second)
    visit.page.reload()
    visit.go("/q/coffee")
    visit.press("Go on")
    assert visit.page.url == second
