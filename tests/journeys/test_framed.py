"""A quiz on the shop's page in a real browser, on the same site and on another one whose cookies are blocked."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.clock import SystemClock
from quizfunnel.settings import InvitationSettings, Settings, Shop
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import PageView
from tests.pages import BROWSER
from tests.servers import free_port
from tests.shop.fake_shop import FakeShop, served

pytestmark = pytest.mark.browser

AGREED = '<script>window.dataLayer = []; (window.qf = window.qf || []).push(["consent", true])</script>'
TALL = '<div style="height:60rem"></div>'
PLACE = TALL + '<div data-qf-quiz="coffee"><a href="{quiz}/q/coffee">Find your coffee</a></div>' + TALL
POPUP = '<a id="open" data-qf-quiz="coffee" href="{quiz}/q/coffee">Find your coffee</a>'


class Open:
    """A shop and its quiz, each served at an origin of its own."""

    def __init__(self, settings: Settings, place: str) -> None:
        """Take a place of the shop's page; the same shop's quiz is near, on a subdomain, and far, on another site."""
        quiz, shop = free_port(), free_port()
        self.ports = (quiz, shop)
        self.shop, self.fake = f"http://shop.localhost:{shop}", FakeShop()
        self.near, self.far = f"http://quiz.shop.localhost:{quiz}", f"http://quiz.other.localhost:{quiz}"
        changes = {
            "public_url": f"{self.near},{self.far}",
            "shop_url": self.shop,
            "shop": Shop(origins=(self.shop,), consent_adapter="call"),
            "consent": "ask",
        }
        self.app = create_app(settings.model_copy(update=changes), clock=SystemClock(), demo=False)
        self.fake.head, self._place = AGREED, place

    def lies(self, quiz: str) -> None:
        """Let the shop's page have the quiz of an origin."""
        self.fake.quiz, self.fake.place = quiz, self._place.format(quiz=quiz)

    def rows(self, table: Any) -> list[Any]:
        """Return every row of a table."""
        with reading(self.app.extensions["quizfunnel"].engine) as connection:
            return list(connection.execute(select(*columns(table))))


@contextmanager
def opened(settings: Settings, place: str) -> Iterator[Open]:
    """Serve a shop with this place, and its quiz."""
    both = Open(settings, place)
    with served(both.app, both.ports[0]), served(both.fake, both.ports[1]):
        yield both
    both.app.extensions["quizfunnel"].engine.dispose()


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """Give the tab of a shopper in whose pages no script fails, and nothing is amiss in the console."""
    context = browser.new_context(user_agent=BROWSER, reduced_motion="reduce")
    tab, broken = context.new_page(), list[str]()
    tab.on("pageerror", lambda error: broken.append(str(error)))
    tab.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    yield tab
    context.close()
    assert broken == []


def go_on(quiz: FrameLocator, answer: str) -> None:
    """Choose an answer and go on."""
    quiz.get_by_label(answer).check()
    quiz.get_by_role("button", name="Next").click()


def finish(quiz: FrameLocator) -> None:
    """Answer what comes after the first question, to the offer."""
    go_on(quiz, "After dinner")
    go_on(quiz, "Nothing")
    quiz.get_by_role("spinbutton").fill("30")
    quiz.get_by_role("button", name="Next").click()
    quiz.get_by_role("button", name="Skip").click()
    expect(quiz.get_by_role("heading", name="Your coffees", exact=True)).to_be_visible()


def heading(quiz: FrameLocator, text: str) -> None:
    """Expect the question of this text, and the focus on it."""
    expect(quiz.get_by_role("heading", name=text)).to_be_focused()


def test_a_place_of_the_page_on_another_site(browser: Browser, settings: Settings) -> None:
    """As high as it needs, back and forth in it, out of it into the whole window; counted, and told to the page."""
    with opened(settings, PLACE) as shop, visitor(browser) as tab:
        shop.lies(shop.far)
        tab.goto(f"{shop.shop}/coffee")
        tab.locator("[data-qf-quiz]").scroll_into_view_if_needed()
        frame, quiz = tab.locator("[data-qf-quiz] iframe"), tab.frame_locator("[data-qf-quiz] iframe")
        expect(quiz.get_by_role("button", name="Start")).to_be_visible()
        expect(tab.locator("[data-qf-quiz] > *")).to_have_count(1)
        inner = quiz.locator("body").evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
        expect(frame).to_have_css("height", f"{inner}px")
        tab.evaluate("postMessage({ qf: 'height', value: 9 }, '*')")  # from the page itself: not from the frame
        quiz.get_by_role("button", name="Start").click()
        heading(quiz, "How do you make coffee at home?")
        expect(frame).not_to_have_css("height", "9px")
        assert 0 <= frame.evaluate("frame => frame.getBoundingClientRect().top") < 600
        go_on(quiz, "Moka pot")
        heading(quiz, "When do you enjoy it most?")
        tab.evaluate("history.back()")
        expect(quiz.get_by_label("Moka pot")).to_be_checked()
        tab.evaluate("history.forward()")
        expect(quiz.get_by_label("After dinner")).to_be_visible()
        finish(quiz)
        tab.wait_for_function("dataLayer.some((each) => each.event == 'view_item_list')")
        assert "moment" in tab.evaluate("dataLayer.map((each) => each.content_id)")
        quiz.get_by_role("link", name="See it in the shop").first.click()
        tab.wait_for_url(re.compile("qf_click="))
        assert tab.url.startswith(f"{shop.shop}/")
        (attempt,), (view, *_) = shop.rows(Attempt), shop.rows(PageView)
        assert (attempt.entry, attempt.token_kind, attempt.visitor_id) == ("frame", "address", view.visitor_id)
        assert {row.source for row in shop.rows(Answer)} == {"client"}


def test_a_popup_on_the_shops_own_site(browser: Browser, settings: Settings) -> None:
    """Opened by a click alone, closed by Escape and Back, the focus back at its link, going on where it was left."""
    with opened(settings, POPUP) as shop, visitor(browser) as tab:
        shop.lies(shop.near)
        tab.goto(f"{shop.shop}/coffee")
        link, dialog, quiz = tab.locator("#open"), tab.get_by_role("dialog"), tab.frame_locator("dialog iframe")
        expect(link).to_have_attribute("data-qf-ready", "")
        expect(tab.locator("iframe")).to_have_count(0)
        before = tab.evaluate("history.length")
        link.click()
        quiz.get_by_role("button", name="Start").click()
        heading(quiz, "How do you make coffee at home?")
        go_on(quiz, "Moka pot")
        heading(quiz, "When do you enjoy it most?")
        tab.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(link).to_be_focused()
        link.press("Enter")
        expect(quiz.get_by_label("After dinner")).to_be_visible()
        assert tab.evaluate("history.length") == before + 1
        tab.evaluate("history.back()")
        expect(dialog).to_be_hidden()
        link.click()
        finish(quiz)
        tab.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()
        tab.wait_for_function("!history.state")
        tab.go_back()
        assert tab.url == "about:blank"  # where the shopper was before
        (attempt,), (view, *_) = shop.rows(Attempt), shop.rows(PageView)
        assert (attempt.entry, attempt.token_kind, attempt.visitor_id) == ("popup", "visitor", view.visitor_id)


def test_a_place_that_is_an_invitation_has_the_quiz_for_who_is_invited(browser: Browser, settings: Settings) -> None:
    """The quiz itself and no card, of several languages too; on a page that invites to nothing it stays empty."""
    shutil.copytree(shipped_folder() / "quizzes", settings.store / "quizzes", dirs_exist_ok=True)
    coffee = settings.store / "quizzes" / "coffee.yaml"
    coffee.write_text(coffee.read_text("utf-8").partition("\nexperiment:")[0], "utf-8")  # nobody is held out
    invites = {"/coffee": InvitationSettings(quiz="coffee")}
    place = '<div data-qf data-qf-quiz="another" style="min-height:8rem"></div>'
    with opened(settings.model_copy(update={"invitations": invites}), place) as shop, visitor(browser) as tab:
        shop.lies(shop.near)
        shop.fake.lang = "de"
        with tab.expect_response(f"{shop.near}/s"):
            tab.goto(f"{shop.shop}/tea")
        expect(tab.locator("[data-qf] > *")).to_have_count(0)
        tab.goto(f"{shop.shop}/coffee")
        expect(tab.frame_locator("[data-qf] iframe").get_by_role("heading", name="Finde deinen Kaffee")).to_be_visible()
        expect(tab.locator("[data-qf] > *")).to_have_count(1)


def test_where_no_frame_can_be_the_link_is(browser: Browser, settings: Settings) -> None:
    """Without JavaScript; and neither another site's page nor the shop's frames what is not for frames."""
    with opened(settings, PLACE) as shop, browser.new_page(user_agent=BROWSER, java_script_enabled=False) as tab:
        shop.lies(shop.far)
        tab.goto(f"{shop.shop}/coffee")
        tab.get_by_role("link", name="Find your coffee").click()
        expect(tab.get_by_role("button", name="Start")).to_be_visible()
        named = f"frame={shop.shop.replace(':', '%3A').replace('/', '%2F')}"
        evil = shop.shop.replace("shop.localhost", "evil.localhost")
        framed = {(shop.shop, f"/q/coffee?{named}"): 1}
        for page, path in (
            *framed,
            (evil, f"/q/coffee?{named}"),
            (shop.shop, "/q/coffee"),
            (shop.shop, "/staff/sign-in"),
        ):
            shop.fake.place = f'<iframe src="{shop.far}{path}"></iframe>'
            tab.goto(page)
            expect(tab.frame_locator("iframe").locator("[rel=icon]")).to_have_count(framed.get((page, path), 0))
