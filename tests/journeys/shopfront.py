"""A fake shop and the store that it is connected to, each served on the loopback, and browsers on the shop's pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pydantic import SecretStr

from quizfunnel.app import create_app
from quizfunnel.settings import InvitationSettings, Settings, Shop
from quizfunnel.shop.snippet import part, snippet
from tests import cast
from tests.servers import free_port, wait_for
from tests.shop.checkout import SOURCES
from tests.shop.fake_shop import FakeShop, served

STATIC = Path(__file__).parents[2] / "static"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
AGREED = '<script>(window.qf = window.qf || []).push(["consent", true])</script>'
SAME, CROSS = "quiz.shop.localhost", "quiz.other.localhost"
ANSWERED = 'window.qf && qf.answer && (!qf.answer.invite || window.mine || document.querySelector(".qf-card"))'
SHIFTS = """
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  window.shifted = (window.shifted || 0) + entry.value;
})).observe({type: "layout-shift", buffered: true});
"""
_OF_THE_NETWORK = ("Failed to load resource", "Refused to", "Access to fetch", "Loading the script", "Connecting to")


@dataclass
class Shopfront:
    """The shop, the store's application, and the ports of both."""

    app: Flask
    shop: FakeShop
    settings: Settings
    port: int
    quiz_port: int
    browser: Browser
    tabs: list["ShopTab"] = field(default_factory=list)

    def at(self, host: str = SAME, *, head: str = "", **more: Any) -> "ShopTab":
        """Open a new browser on the shop, whose quiz is at a host; `head` is the shop's own."""
        self.shop.quiz, self.shop.head = f"http://{host}:{self.quiz_port}", head
        tab = ShopTab(self, self.browser.new_context(user_agent=AGENT, **more))
        self.tabs.append(tab)
        return tab

    def close(self) -> list[str]:
        """Close every browser that was opened, and return what failed in a script; set the shop's pages back."""
        for tab in self.tabs:
            tab.context.close()
        broken = [line for tab in self.tabs for line in tab.broken]
        self.tabs.clear()
        self.shop.csp = self.shop.foot = self.shop.head = ""
        self.shop.lang = "en"
        return broken

    def variant(self, name: str = "", **shop: Any) -> bytes:
        """Return the snippet, or the part of a name, as another setting of the shop would make it."""
        changed = Shop.model_validate({**self.settings.shop.model_dump(), "consent_adapter": "", **shop})
        settings = self.settings.model_copy(update={"shop": changed})
        made = part(name, settings, [STATIC]) if name else snippet(settings, [STATIC])
        assert made is not None
        return made.text


class ShopTab:
    """A tab on the shop's pages: what it asked for, what failed in a script, and the cart of its browser."""

    def __init__(self, front: Shopfront, context: BrowserContext) -> None:
        """Open the tab."""
        self.front, self.context = front, context
        self.page: Page = context.new_page()
        self.page.add_init_script(SHIFTS)
        self.asked: list[Request] = []
        self.broken: list[str] = []
        self.page.on("request", self._ask)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", self._note)

    def open(self, path: str = "/coffee", *, until: str = ANSWERED) -> "ShopTab":
        """Open a page of the shop, until something holds there; "" until nothing is under way."""
        self.page.goto(f"http://shop.localhost:{self.front.port}{path}")
        self.page.wait_for_function(until) if until else self.page.wait_for_load_state("networkidle")
        return self

    def run(self, script: str, *, until: str = "true") -> Any:
        """Run a line of the shop's own script, until something holds on the page."""
        result = self.page.evaluate(script)
        self.page.wait_for_function(until)
        return result

    def carries(self, wanted: Callable[[str], object]) -> str:
        """Return the token in this browser's cart, as soon as it is one that is wanted."""

        def token() -> str | None:
            text = self.cart.get("qf_visitor")
            return text if text is not None and wanted(text) else None

        return wait_for(token, "the cart has no such token")

    def posts(self, path: str) -> list[Request]:
        """Return what was posted to an address of the quiz's."""
        return [each for each in self.asked if each.method == "POST" and each.url.endswith(path)]

    @property
    def invited(self) -> bool:
        """Tell whether the page shows an invitation."""
        return self.page.locator(".qf-card").count() > 0

    @property
    def kept(self) -> str:
        """Return what the shop's storage has of ours."""
        return str(self.page.evaluate("localStorage.qf || ''"))

    @property
    def cart(self) -> dict[str, Any]:
        """Return the attributes of this browser's cart."""
        ids = [each["value"] for each in self.context.cookies() if each["name"] == "cart"]
        attributes: dict[str, Any] = self.front.shop.carts[ids[0]]["attributes"]
        return attributes

    def _ask(self, request: Request) -> None:
        self.asked.append(request)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_OF_THE_NETWORK):
            self.broken.append(message.text)


@contextmanager
def opened(database_url: str, folder: Path, browser: Browser) -> Iterator[Shopfront]:
    """Serve a shop and the store that it is connected to, in which every second visitor is held out."""
    port, quiz_port = free_port(), free_port()
    cast.write_store(folder, experiment={"name": "spring", "holdout_share": 0.5, "window_days": 7})
    shop = {"origins": [f"http://shop.localhost:{port}"], "platform": "shopify", "consent_adapter": "call"}
    settings = Settings(
        store=folder,
        database_url=database_url,
        sources=SOURCES,
        secret_key=SecretStr(cast.KEY.decode()),
        consent="ask",
        auto_publish=True,
        public_url=f"http://{SAME}:{quiz_port},http://{CROSS}:{quiz_port}",
        shop=Shop.model_validate(shop | {"new_visitors_a_minute": 10_000}),
        invitations={"/coffee*": InvitationSettings(quiz="coffee")},
    )
    app = create_app(settings, demo=False)
    front = Shopfront(app, FakeShop(), settings, port, quiz_port, browser)
    with served(app, quiz_port), served(front.shop, port):
        yield front
    app.extensions["quizfunnel"].engine.dispose()
