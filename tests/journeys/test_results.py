"""The analyst's page in a real browser: at both sizes, light and dark, by keyboard, without scripts, and in print."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine, insert, select

from quizfunnel.experiment.design import STORE, Design
from quizfunnel.experiment.frozen import freeze
from quizfunnel.insight.cells.segment import read
from quizfunnel.insight.present.experiment_page import experiment_page
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.report import experiment
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.insight.rollup.refresh import Task, roll
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from quizfunnel.web import environment
from quizfunnel.web.pages import StaffBar
from quizfunnel.web.render import render_text
from tests.cast import NOON
from tests.insight.shop import Books, live, shoppers
from tests.journeys.accessibility import violations
from tests.postgres import PostgresDatabases
from tests.stores import empty_database

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
HOST = "http://results.test"
ADDRESS = "/insight/coffee"
AMONG = "/insight/experiments/shorter"
SPRING = Design("coffee", "spring", 0.2, 7, 0.5, 0.02, 19_000)
SHORTER = Design(STORE, "shorter", 0.2, 7, 0.5, 0.02, 19_000, ("coffee", "coffee-short"))
SIZES = {"desk": (1280, 900), "phone": (320, 640)}

Serve = Callable[[Route], None]


@pytest.fixture(scope="module")
def engine(databases: PostgresDatabases | Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give one database for all: a page only reads."""
    with empty_database(databases, tmp_path_factory.mktemp("results")) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def serve(engine: Engine) -> Serve:
    """Give what answers a tab: the shipped files, and the page over a shop with history."""
    books = Books(5)
    shoppers(books, 600, start=NOON - timedelta(days=30), days=29, base=0.3)
    with writing(engine) as connection:
        books.write(connection)
        drawn = [row._asdict() for row in connection.execute(select(*columns(Assignment)))]
        roles = {"invited": "second", "holdout": "first"}
        copies = [row | {"quiz": STORE, "experiment": "shorter", "arm": roles[row["arm"]]} for row in drawn]
        connection.execute(insert(Assignment), copies)
        for design in (SPRING, SHORTER):
            freeze(connection, design, at=NOON - timedelta(days=30), simulated=False)
    roll(engine, Task.of_quiz(live(), simulated=False), now=NOON)
    app = Flask("results", static_folder=None)
    environment.install(app, (ROOT,))

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            route.fulfill(path=ROOT / url.path.removeprefix("/"))
            return
        if url.path == AMONG:
            with reading(engine) as connection:
                found = experiment.build(connection, SHORTER, simulated=False, now=NOON)
            with app.test_request_context():
                shown = experiment_page(
                    found, address=AMONG, staff=StaffBar(name="ana", role="analyst", may_take_figures=True)
                )
                html = render_text("insight/experiment.html", shown)
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        with reading(engine) as connection:
            report = build(connection, live(), simulated=False, now=NOON, extent=Extent(read(asked, ())))
        with app.test_request_context():
            page = insight_page(
                report, address=ADDRESS, staff=StaffBar(name="ana", role="analyst", may_take_figures=True)
            )
            route.fulfill(body=render_text("insight/quiz.html", page), content_type="text/html; charset=utf-8")

    return answer


def opened(browser: Browser, serve: Serve, size: str, *, dark: bool = False, scripts: bool = True) -> Page:
    """Return a tab on the page."""
    width, height = SIZES[size]
    scheme = "dark" if dark else "light"
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.route("**/*", serve)
    page = context.new_page()
    page.goto(HOST + ADDRESS)
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_can_be_read_by_all(browser: Browser, serve: Serve, size: str, *, dark: bool) -> None:
    """With everything unfolded axe finds nothing, the console is silent, and nothing scrolls sideways."""
    page = opened(browser, serve, size, dark=dark)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for address in (ADDRESS, f"{ADDRESS}?device=unknown&window=1", AMONG):
        page.goto(HOST + address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert violations(page, colours=size == "desk") == []  # they are the same at every width
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert said == []


def test_a_part_is_chosen_by_keyboard(browser: Browser, serve: Serve) -> None:
    """The form unfolds, is filled and sent without a pointer; the way back is a link."""
    page = opened(browser, serve, "desk")
    page.get_by_text("Look at a part of the visitors").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Window").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show this part").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Exploratory: a part of the visitors carries no verdict")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["window"] == ["1"]
    page.get_by_role("link", name="All visitors").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Does inviting people to the quiz sell more?")).to_be_visible()


def test_without_scripts_the_page_is_whole(browser: Browser, serve: Serve) -> None:
    """The part is a plain form, and figures unfold by themselves."""
    page = opened(browser, serve, "phone", scripts=False)
    page.get_by_text("Look at a part of the visitors").click()
    page.get_by_label("Came from").fill("2026-01-01")
    page.get_by_role("button", name="Show this part").click()
    expect(page.get_by_text("carries no verdict")).to_be_visible()
    page.get_by_role("link", name="All visitors").click()
    page.get_by_text("The same figures as a table").first.click()
    expect(page.get_by_role("table", name="Buyers of visitors so far, and the change between the arms")).to_be_visible()


def test_in_print_the_form_is_gone_and_nothing_is_cut(browser: Browser, serve: Serve) -> None:
    """On paper there is nothing to press, and no table is wider than the sheet."""
    page = opened(browser, serve, "desk")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 less its margins
    expect(page.get_by_text("Look at a part of the visitors")).to_be_hidden()
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    wide = "[...document.querySelectorAll('table')].filter(each => each.getBoundingClientRect().right > 719)"
    assert page.evaluate(f"{wide}.map(each => each.caption.textContent)") == []
