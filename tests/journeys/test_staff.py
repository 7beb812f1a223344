"""Staff in a real browser, on a real server of two workers: the first link, colleagues with roles, and the way out."""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from quizfunnel.kit.clock import SystemClock
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import write
from quizfunnel.store.types import columns
from quizfunnel.web.tables import StaffSession
from tests.cast import write_store
from tests.commands import ROOT
from tests.journeys.accessibility import violations
from tests.servers import free_port, get, started
from tests.staff import COOKIE

pytestmark = pytest.mark.browser

PASSWORD = "tall ship on a blue sea"
EXPECTED = re.compile(r"status of (403|409|410|422)")  # the browser's own line about a refusal, which has a page


class Office(NamedTuple):
    """A running server: where it is, the link that its start printed, and its database."""

    base: str
    link: str
    database: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a new store that is served for the first time."""
    store, port = tmp_path_factory.mktemp("office"), free_port()
    write_store(store)
    env = {"PYTHONPATH": str(ROOT), "QUIZFUNNEL_STORE": str(store), "QUIZFUNNEL_DATABASE_URL": ""}
    command = [sys.executable, "-m", "quizfunnel", "serve", "--port", str(port), "--workers", "2"]
    with started(*command, cwd=store, env=env) as (_, lines):
        link = re.search(r"http\S+/staff/link/\S+", "".join(lines))
        assert link, lines
        get(f"http://127.0.0.1:{port}/healthz")
        yield Office(f"http://127.0.0.1:{port}", link[0], store / "var" / "quizfunnel.sqlite3")


class Desk:
    """One browser of a colleague, which looks at each page: axe, console, width."""

    def __init__(self, browser: Browser, office: Office, *, width: int = 1280, scripts: bool = True) -> None:
        """Open a tab; without scripts axe cannot run in it either, and it has the same elements."""
        viewport = {"width": width, "height": 800}
        context = browser.new_context(viewport=viewport, java_script_enabled=scripts)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self._office, self._scripts = office, scripts
        self._lines: list[str] = []
        self.page.on("console", lambda message: self._lines.append(message.text))
        self.page.on("pageerror", lambda error: self._lines.append(str(error)))

    def go(self, path: str) -> None:
        """Open an address of the store, or a whole one."""
        self.page.goto(path if path.startswith("http") else self._office.base + path)
        self.look()

    def send(self, button: str, **fields: str) -> None:
        """Fill in fields by their ids, press a button, and look at what comes."""
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        self.look()

    def heading(self) -> str:
        """Return the page's heading."""
        return self.page.inner_text("h1")

    def look(self) -> None:
        """Hold the page to what every page promises."""
        if self._scripts:
            assert violations(self.page) == []
        size = self.page.viewport_size or {"width": 0}
        box = self.page.locator("main").bounding_box() or {"x": 0, "width": 9999}
        assert box["x"] + box["width"] <= size["width"]
        assert [line for line in self._lines if not EXPECTED.search(line)] == []


def test_from_the_first_link_to_the_way_out(office: Office, browser: Browser) -> None:
    """A stranger is asked; the link works once; roles hold; what is over says so; a sign-out holds for both workers."""
    boss = Desk(browser, office)
    boss.go("/insight")
    assert boss.heading() == "Sign in"
    boss.go(office.link)
    boss.send("Set the password and sign in", password=PASSWORD, again="another ship on a sea")
    assert "The two passwords differ" in boss.page.inner_text("#e")
    boss.send("Set the password and sign in", password=PASSWORD, again=PASSWORD)
    assert boss.heading() == "Results"
    boss.go("/staff/people")
    boss.send("Add and make a link", name="Bo@Shop.example")
    link = boss.page.input_value("#link")

    bo = Desk(browser, office, width=375, scripts=False)
    bo.go(link)
    bo.send("Set the password and sign in", password=PASSWORD, again=PASSWORD)
    bo.go("/insight/coffee")
    assert "bo@shop.example, analyst" in bo.page.inner_text("nav")
    bo.go("/insight/setup")
    bo.page.get_by_role("link", name="How it is done").first.click()
    assert bo.heading() == "Catalogues that shops export"
    bo.go("/staff/people")
    assert bo.heading() == "Not for your role"
    bo.go(link)
    assert bo.heading() == "This link has been used"

    boss.go("/staff/people")
    boss.page.get_by_role("group").nth(1).locator("summary").click()
    boss.send("New link for bo@shop.example")
    link = boss.page.input_value("#link")
    age(office)
    bo.go(link)
    assert bo.heading() == "This link is over"

    boss.page.get_by_label("Role of admin", exact=True).select_option("analyst")
    boss.send("Change the role of admin")
    assert "admin is the last admin" in boss.page.inner_text("#e")
    for path in ("/staff", "/staff/audit", "/insight/setup", "/insight/docs/shopify"):
        boss.go(path)
    key = next(each["value"] for each in boss.page.context.cookies() if each["name"] == COOKIE)
    boss.send("Sign out")
    assert boss.heading() == "Sign in"
    thief = browser.new_context(extra_http_headers={"Cookie": f"{COOKIE}={key}"}).request
    assert {thief.get(f"{office.base}/insight").status for _ in range(20)} == {403}
    boss.send("Sign in", name="admin", password="not the password")
    assert "The name or the password is wrong." in boss.page.inner_text("#e")
    boss.send("Sign in", name="Admin", password=PASSWORD)
    assert boss.heading() == "Results"


def age(office: Office) -> None:
    """Let every link be over."""
    engine, link = open_engine(f"sqlite:///{office.database}", pooled=False), columns(StaffSession)
    now = SystemClock().now()
    past = {"created_at": now - timedelta(days=9), "expires_at": now - timedelta(days=6)}
    write(engine, lambda c: c.execute(update(StaffSession).where(link.digest.like("link-%")).values(**past)))
    engine.dispose()
