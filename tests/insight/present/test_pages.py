"""Laws of the pages: fields and names agree, the markup is sound, and no word claims what was not measured."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

import html5lib
import pytest
from flask import Flask
from jinja2 import meta, nodes
from sqlalchemy import Engine

from quizfunnel.insight.behaviour.funnel import End
from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.behaviour.takers import counted
from quizfunnel.insight.behaviour.watch import concerns, promise
from quizfunnel.insight.cells.segment import Segment
from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.output.text_report import as_text
from quizfunnel.insight.present.pages import (
    ExperimentPage,
    InsightPage,
    ListPage,
    QuizEntry,
    UncountedPage,
)
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.randomised.verdict import withheld
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.insight.words.terms import TERMS, terms
from quizfunnel.stats.causal import EValue, negative_control
from quizfunnel.stats.intervals import Interval
from quizfunnel.store.transaction import reading
from quizfunnel.web import environment
from quizfunnel.web.pages import StaffBar
from quizfunnel.web.render import render_text
from tests.cast import NOON
from tests.insight.reports import again, told
from tests.insight.shop import Books, live, shoppers

pytestmark = pytest.mark.once  # the statements of reports are those of tests/insight/report

ROOT = Path(__file__).parents[3]
GLOBALS = {"asset", "money", "demo"}
IMPORTED = {"charts"}
CAUSAL = re.compile(
    r"\b(caus\w*|effects?|affect\w*|sells?|sold|lift\w*|uplift\w*|because|due to|leads? to|led to|driv\w+|improv\w+|"
    r"increas\w+|boost\w*|impact\w*|thanks to|makes? (?:people|visitors)|results? in|converts?|works)\b",
    re.IGNORECASE,
)
FIXED = "No holdout is running, so the cause is unknown. Start one."


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give an application that knows the shipped templates and nothing else."""
    app = Flask("insight", static_folder=None)
    environment.install(app, (ROOT,), demo=True)
    return app


@pytest.fixture
def books() -> Books:
    """Give a shop with some history, simulated."""
    books = Books(7)
    shoppers(books, 300, start=NOON - timedelta(days=20), days=20, base=0.2, simulated=True)
    return books


def drawn(app: Flask, template: str, page: object) -> str:
    """Return the text of a page."""
    with app.test_request_context():
        return render_text(template, page)


def words(html: str) -> str:
    """Return what a person reads or hears on a page: text, and the words in attributes."""
    root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    said = list(root.itertext())
    for element in root.iter():
        said += [element.get(name, "") for name in ("title", "aria-label", "alt", "placeholder")]
    return " ".join(" ".join(said).split())


def page_of(engine: Engine, **changes: Any) -> InsightPage:
    """Return the page over what is written."""
    return insight_page(
        again(engine, simulated=True, **changes),
        address="/insight/coffee",
        staff=StaffBar(name="ana", role="analyst", may_take_figures=True),
    )


def parts_of(app: Flask, template: str) -> set[str]:
    """Return a template with all that it extends and includes."""
    tree = app.extensions["templates"].parse((ROOT / "templates" / template).read_text("utf-8"))
    return {template}.union(*(parts_of(app, name) for name in meta.find_referenced_templates(tree) if name))


def trees_of(app: Flask, template: str) -> list[nodes.Template]:
    """Return a template and its parts as Jinja reads them, but for the charts, which are macros."""
    env = app.extensions["templates"]
    parts = parts_of(app, template) - {"insight/_charts.html"}
    return [env.parse((ROOT / "templates" / name).read_text("utf-8")) for name in sorted(parts)]


@pytest.mark.parametrize(
    ("template", "declared"),
    [
        ("insight/quiz.html", InsightPage),
        ("insight/experiment.html", ExperimentPage),
        ("insight/list.html", ListPage),
        ("insight/uncounted.html", UncountedPage),
    ],
)
def test_names_are_the_declared_fields(app: Flask, template: str, declared: type) -> None:
    """A template uses every field of its page, and nothing else but the globals."""
    names: set[str] = set()
    for tree in trees_of(app, template):
        names |= meta.find_undeclared_variables(tree)
    assert names - GLOBALS - IMPORTED == {field.name for field in fields(declared)}


@pytest.mark.parametrize(
    ("template", "declared"), [("insight/quiz.html", InsightPage), ("insight/experiment.html", ExperimentPage)]
)
def test_names_of_a_section_are_its_fields(app: Flask, template: str, declared: type) -> None:
    """A template uses every field of each section of its page, and asks a section for nothing else."""
    hints = get_type_hints(declared)
    for name, hint in hints.items():
        section = next(
            (kind for kind in (hint, *get_args(hint)) if getattr(kind, "__name__", "").endswith("Section")), None
        )
        if section is None:
            continue
        used = {
            node.attr
            for tree in trees_of(app, template)
            for node in tree.find_all(nodes.Getattr)
            if isinstance(node.node, nodes.Name) and node.node.name == name
        }
        assert used == {field.name for field in fields(section)}, name


def test_a_page_is_sound(app: Flask, engine: Engine, books: Books) -> None:
    """Valid markup, one h1 that is the title, no duplicate id, no inline style or script, named charts and tables."""
    told(engine, books, simulated=True)
    for page in (page_of(engine), page_of(engine, experiment=None)):
        html = drawn(app, "insight/quiz.html", page)
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        root = parser.parse(html)
        headings = root.findall(".//h1")
        assert [" ".join("".join(heading.itertext()).split()) for heading in headings] == [page.title]
        assert root.findtext(".//title") == page.title
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=|javascript:", html)
        for element in root.iter():
            for name in ("aria-labelledby", "aria-describedby"):
                assert all(part in ids for part in (element.get(name) or "").split())
            if element.tag == "a" and (element.get("href") or "").startswith("#"):
                assert (element.get("href") or "")[1:] in ids
        assert all(table.find("caption") is not None for table in root.iter("table"))


def test_without_a_holdout_no_word_is_causal(app: Flask, engine: Engine, books: Books) -> None:
    """Page, JSON, CSV and text say nothing of causes but the one fixed sentence."""
    told(engine, books, simulated=True)
    report = again(engine, simulated=True, experiment=None)
    page = insight_page(report, address="/insight/coffee", staff=StaffBar())
    for text in (words(drawn(app, "insight/quiz.html", page)), as_text(report), as_csv(report), str(as_json(report))):
        assert FIXED in text
        assert CAUSAL.findall(text.replace(FIXED, "")) == []


def test_the_word_list_would_notice(app: Flask, engine: Engine, books: Books) -> None:
    """With a holdout the page does ask what the quiz does, so the list finds its words there."""
    told(engine, books, simulated=True)
    text = words(drawn(app, "insight/quiz.html", page_of(engine)))
    assert "Does inviting people to the quiz sell more?" in text
    assert "This is not the effect of the quiz." in text
    assert CAUSAL.findall(text)


def test_simulated_figures_say_so(app: Flask, engine: Engine, books: Books) -> None:
    """Every page over simulated visitors says it in words, and one over real ones says that."""
    told(engine, books, simulated=True)
    assert "of simulated visitors" in words(drawn(app, "insight/quiz.html", page_of(engine)))
    real = insight_page(again(engine), address="/insight/coffee", staff=StaffBar())
    text = words(drawn(app, "insight/quiz.html", real))
    assert "of real visitors only" in text
    assert "of simulated visitors:" not in text


def test_what_is_not_there_yet_is_said(app: Flask, engine: Engine, books: Books) -> None:
    """The negative control is named as not available yet."""
    told(engine, books, simulated=True)
    assert re.search(r"negative control\): not available yet", words(drawn(app, "insight/quiz.html", page_of(engine))))


def test_without_a_holdout_alarms_and_earlier_orders_claim_nothing(app: Flask, engine: Engine, books: Books) -> None:
    """A page with every figure that it can have without a holdout stays free of causal words."""
    told(engine, books, simulated=True)
    report = again(engine, simulated=True, experiment=None)
    asked = enumerate(report.attempts.funnel.steps)
    steps = tuple(replace(step, reached=1000, left=10 + 400 * (n == 1)) for n, step in asked)
    funnel = replace(report.attempts.funnel, steps=steps, by_second=(End(40, 0, 100), End(90, 0, 900)))
    alarms = concerns(funnel, minutes=1, categories={})
    alike = replace(
        report.behaviour.alike,
        takers=counted("Takers", 30, 100),
        others=counted("Others", 30, 900),
        control=negative_control((30, 100), (30, 900)),
        adjusted=Adjusted(Interval(2.0, 1.5, 3.0), Interval(3.0, 2.0, 4.0), EValue(3.4, 2.4), 0.1, 0.0),
    )
    found = replace(
        report,
        attempts=replace(report.attempts, funnel=funnel, promise=promise(funnel, minutes=1), alarms=alarms),
        behaviour=replace(report.behaviour, alike=alike),
    )
    assert {alarm.kind for alarm in alarms} == {"gap", "promise"}
    page = insight_page(found, address="/insight/coffee", staff=StaffBar())
    for text in (words(drawn(app, "insight/quiz.html", page)), as_text(found), as_csv(found), str(as_json(found))):
        assert "2.00x" in text or "2.0" in text
        assert CAUSAL.findall(text.replace(FIXED, "")) == []
    assert (page.verdict.effect, page.verdict.narrowing, page.spending, page.plan) == (None, None, None, None)


@pytest.mark.parametrize("experiment", [{}, {"experiment": None}])
def test_a_part_is_sound_and_claims_nothing(
    app: Flask, engine: Engine, books: Books, experiment: dict[str, Any]
) -> None:
    """A filtered page is valid, says that it is exploratory, and without a holdout has no causal word."""
    told(engine, books, simulated=True)
    with reading(engine) as connection:
        report = build(
            connection, live(**experiment), simulated=True, now=NOON, extent=Extent(Segment(device="", days=1))
        )
    html = drawn(
        app,
        "insight/quiz.html",
        insight_page(
            report, address="/insight/coffee", staff=StaffBar(name="ana", role="analyst", may_take_figures=True)
        ),
    )
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    text = words(html)
    assert "Exploratory: a part of the visitors carries no verdict" in text
    assert not re.search(r"We can't tell yet|Yes, between|It sells less", text)
    if experiment:
        assert CAUSAL.findall(text) == []


def test_every_section_stands_in_its_order(app: Flask, engine: Engine, books: Books) -> None:
    """Trust, verdict, money, who takes the quiz, where people leave, alarms, the planner and the words."""
    told(engine, books, simulated=True)
    html = drawn(app, "insight/quiz.html", page_of(engine))
    assert re.findall(r'<h2 id="([a-z]+)"', html) == [
        "health", "verdict", "money", "who", "where", "alarms", "plan", "counted",
    ]  # fmt: skip


def test_a_verdict_that_is_withheld_draws_no_interval(app: Flask, engine: Engine, books: Books) -> None:
    """Where the arms cannot be compared no chart of them is shown, nor their difference in anything."""
    told(engine, books, simulated=True)
    report = again(engine, simulated=True)
    broken = replace(report.experiment, verdict=withheld("We can't tell yet", "The draw is broken."))
    report = replace(report, experiment=broken)
    page = insight_page(report, address="/insight/coffee", staff=StaffBar())
    section = page.verdict
    assert (section.interval_chart, section.narrowing, section.effect, page.spending) == (None, None, None, None)
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(drawn(app, "insight/quiz.html", page))


def test_the_figures_of_a_chart_stand_in_a_table_too(engine: Engine, books: Books) -> None:
    """Whoever cannot see a chart finds its rows beside it."""
    told(engine, books, simulated=True)
    page = page_of(engine)
    rows = {row.label: row.cells for table in (page.takers.bands, page.takers.states) for row in table.rows}
    for bar in page.takers.bands_chart.bars:
        assert bar.says.split(" of ")[0] in " ".join(rows[bar.label])
    asked = {row.label for row in page.funnel.steps.rows}
    assert len(asked & {bar.label for bar in page.funnel.chart.bars}) >= 5
    for bar in (*page.takers.bands_chart.bars, *page.funnel.chart.bars):
        assert 0 <= bar.width <= 400
    chart = page.verdict.interval_chart
    assert chart is None or 0 <= chart.low <= chart.high <= 400


def test_every_word_is_explained_in_one_sentence() -> None:
    """Names are unique on a page, each says one sentence, and none causal is shown without a holdout."""
    for randomised in (False, True):
        names = [term.name for term in terms(randomised=randomised)]
        assert len(names) == len(set(names))
    for term in TERMS:
        assert term.says.endswith(".")
        assert term.says.count(". ") == 0


def test_other_pages_are_sound(app: Flask) -> None:
    """The list, empty or not, and the page of what is not counted yet are valid and have one h1."""
    listed = ListPage(
        "en", "Results", (QuizEntry("/insight/a", "Ä quiz", "de", "no holdout is running"),), (), StaffBar()
    )
    empty = ListPage("en", "Results", (), (), StaffBar(name="ana"))
    long = UncountedPage("en", "Not counted yet", "Long.", "quizfunnel report a", "/insight/a", "0 3 * * *", StaffBar())
    pages = {"insight/list.html": (listed, empty), "insight/uncounted.html": (long,)}
    for template, page in ((name, page) for name, each in pages.items() for page in each):
        html = drawn(app, template, page)
        html5lib.HTMLParser(strict=True).parse(html)
        assert html.count("<h1") == 1
