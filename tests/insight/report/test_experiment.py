"""An experiment of the store is counted by the same machinery as that of a quiz, and says what it compares."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, delete, insert, select, update

from quizfunnel.app import create_app
from quizfunnel.experiment import planning
from quizfunnel.experiment.design import STORE, Design, fingerprint
from quizfunnel.experiment.frozen import freeze
from quizfunnel.insight.output import experiment_report, text_report
from quizfunnel.insight.present import data_quality
from quizfunnel.insight.present.experiment_page import experiment_page
from quizfunnel.insight.report import experiment, figures, quiz
from quizfunnel.insight.report.figures import ExperimentReport
from quizfunnel.insight.rollup.refresh import Task, roll
from quizfunnel.insight.rollup.tables import RollupCell
from quizfunnel.journey.tables import Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.settings import Comparison, Holdout, Settings
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from quizfunnel.web.pages import StaffBar
from tests.cast import NOON, write_store
from tests.insight.logs import Logs
from tests.insight.shop import Books, live, shoppers
from tests.staff import sign_in

HOLDOUT = Holdout(name="everywhere", share=0.2)
SHORTER = Comparison(quizzes=("coffee", "short"), share=0.8)
OF_STORE, AMONG = planning.holdout_design(HOLDOUT), planning.comparison_design("shorter", SHORTER)
START = NOON - timedelta(days=30)

_a, _t = columns(Assignment), columns(Attempt)


def write(connection: Connection) -> None:
    """Write a shop's month, each of its draws also as the store's holdout and as a comparison of two quizzes."""
    books = Books(7)
    shoppers(books, 1500, start=START, days=25, base=0.2, gain=1.6)
    books.write(connection)
    for name, arms in (("everywhere", {}), ("shorter", {"invited": "second", "holdout": "first"})):
        rows = connection.execute(select(*_a).where(_a.experiment == "spring")).all()
        copies = [
            row._asdict() | {"quiz": STORE, "experiment": name, "arm": arms.get(row.arm, row.arm)} for row in rows
        ]
        connection.execute(insert(Assignment), copies)


@pytest.fixture
def database_url(logs: Logs, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with that log."""
    with logs.database(write, tmp_path) as url:
        yield url


def built(engine: Engine, design: Design) -> ExperimentReport:
    """Return the report as of noon."""
    with reading(engine) as connection:
        return experiment.build(connection, design, simulated=False, now=NOON)


def of_quiz(engine: Engine) -> figures.Report:
    """Return the report of the quiz's own experiment, of the same draws."""
    with reading(engine) as connection:
        return quiz.build(connection, live(), simulated=False, now=NOON)


@pytest.mark.thorough
@pytest.mark.parametrize("design", [OF_STORE, AMONG], ids=["holdout", "comparison"])
def test_the_figures_are_those_of_a_quiz_with_the_same_draws(engine: Engine, design: Design) -> None:
    """Arms, ratio, difference, money, guardrails, looks and who is waiting, to the last bit."""
    store, quiz = built(engine, design), of_quiz(engine)
    assert quiz.arms is not None
    assert store.arms.ratio == quiz.arms.ratio
    assert [store.arms.invited.pair, store.arms.holdout.pair] == [quiz.arms.invited.pair, quiz.arms.holdout.pair]
    assert store.arms.effect.difference == quiz.arms.effect.difference
    assert [each.earnings for each in store.arms.earned] == [each.earnings for each in quiz.arms.earned]
    assert [each.difference for each in store.arms.effect.guardrails] == [
        each.difference for each in quiz.arms.effect.guardrails
    ]
    assert (store.looks, store.mature, store.waiting) == (quiz.looks, quiz.mature, quiz.waiting)
    assert store.verdict.sentence == quiz.verdict.sentence
    assert store.health.share_e == quiz.health.share_e
    assert store.arms.invited.buyers > 50


@pytest.mark.thorough
@pytest.mark.parametrize("design", [OF_STORE, AMONG], ids=["holdout", "comparison"])
def test_a_rollup_gives_the_same(engine: Engine, design: Design) -> None:
    """From its stored cells alone as from the log."""
    before = built(engine, design)
    task = Task.of_store(design, simulated=False)
    assert roll(engine, task, now=NOON) is not None
    with reading(engine) as connection:
        assert connection.execute(select(RollupCell)).first() is not None
    after = built(engine, design)
    assert (after.arms, after.looks, after.waiting, after.health) == (
        before.arms,
        before.looks,
        before.waiting,
        before.health,
    )


def test_any_quiz_counts_for_the_store(engine: Engine) -> None:
    """Who took another quiz than the one of the page has started too."""
    before = built(engine, OF_STORE)
    with writing(engine) as connection:
        connection.execute(update(Attempt).values(quiz="tea"))
    assert built(engine, OF_STORE).arms.effect.takeup == before.arms.effect.takeup
    report = of_quiz(engine)
    assert report.arms is not None
    assert report.arms.effect.takeup.estimate == 0


@pytest.mark.thorough
def test_who_takes_the_other_quiz_has_crossed_over(engine: Engine) -> None:
    """Counted once a visitor, of both arms, and not what was taken before the clock started."""
    assert built(engine, AMONG).health.contaminated == len(_takers(engine, "second"))
    with writing(engine) as connection:
        connection.execute(update(Attempt).values(quiz="short"))
    assert built(engine, AMONG).health.contaminated == len(_takers(engine, "first"))
    with writing(engine) as connection:
        connection.execute(update(Attempt).values(quiz="coffee", started_at=START - timedelta(days=1)))
    assert built(engine, AMONG).health.contaminated == 0


def _takers(engine: Engine, arm: str) -> set[str]:
    """Return the visitors of an arm of the comparison who took a quiz."""
    with reading(engine) as connection:
        took = set(connection.execute(select(_t.visitor_id)).scalars())
        drawn = set(connection.execute(select(_a.visitor_id).where(_a.arm == arm)).scalars())
    return took & drawn


def test_arms_of_the_wrong_sizes_withhold_the_verdict(engine: Engine) -> None:
    """A comparison is sample-ratio checked like a holdout."""
    with writing(engine) as connection:
        few = select(_a.visitor_id).where(_a.experiment == "shorter", _a.arm == "second").limit(700)
        gone = list(connection.execute(few).scalars())
        connection.execute(delete(Assignment).where(_a.experiment == "shorter", _a.visitor_id.in_(gone)))
    report = built(engine, AMONG)
    assert report.verdict.kind == "withheld"
    assert "not of the sizes that were set" in report.verdict.sentence


def test_nobody_yet_is_a_report_too(engine: Engine) -> None:
    """With what is set, and no figure made up."""
    report = built(engine, AMONG._replace(experiment="later"))
    assert (report.mature, report.waiting.visitors, report.verdict.kind) == (0, 0, "unclear")
    assert report.trial.frozen is None
    assert report.trial.holdout_share == pytest.approx(0.2)


def test_what_was_frozen_is_what_is_planned(engine: Engine) -> None:
    """The report has the frozen design, and its size is where the limits are tightest."""
    wide = built(engine, OF_STORE)
    with writing(engine) as connection:
        freeze(connection, OF_STORE._replace(planned=1500), at=START, simulated=False)
    narrow = built(engine, OF_STORE)
    assert narrow.trial.frozen is not None
    assert narrow.trial.frozen.design.planned == narrow.trial.planned == 1500
    assert _width(narrow) < _width(wide)
    with reading(engine) as connection:
        shared = live(experiment={"name": "everywhere", "holdout_share": 0.2})
        report = quiz.build(connection, shared, simulated=False, now=NOON)
    assert report.trial is not None
    assert report.trial.frozen == narrow.trial.frozen  # the store's design is also that of its quizzes


def _width(report: ExperimentReport) -> float:
    found = report.arms.effect.difference
    return found.high - found.low


def test_who_came_in_by_another_quizs_page_did_not_come_directly(engine: Engine) -> None:
    """Under the store's holdout a visitor counts for the quiz by whose page it came in; here nobody is left over."""
    shared = live(experiment={"name": "everywhere", "holdout_share": 0.2})
    with reading(engine) as connection:
        report = quiz.build(connection, shared, simulated=False, now=NOON)
    assert report.mature == 0
    assert report.behaviour.direct.started == 0


def test_the_outputs_say_the_same(engine: Engine) -> None:
    """JSON has the verdict's sentence and the design, CSV every arm by its quiz, text the verdict first."""
    with writing(engine) as connection:
        freeze(connection, AMONG, at=START, simulated=False)
    report = built(engine, AMONG)
    said = experiment_report.as_json(report)
    assert said["verdict"] == report.verdict.sentence
    assert said["trial"]["frozen"]["design"]["quizzes"] == ["coffee", "short"]
    assert said["trial"]["frozen"]["fingerprint"] == fingerprint(AMONG.text())
    lines = list(csv.DictReader(io.StringIO(experiment_report.as_csv(report))))
    arms = {
        line["row"]: int(line["count"]) for line in lines if line["measure"] == "bought" and line["section"] == "arms"
    }
    assert arms == {"short": report.arms.invited.buyers, "coffee": report.arms.holdout.buyers}
    assert "Invited" not in experiment_report.as_csv(report)
    assert "Holdout" not in experiment_report.as_csv(report)
    plain = experiment_report.as_text(report).splitlines()
    assert plain[0].startswith("short against coffee (shorter): real visitors")
    assert plain[1] == report.verdict.sentence
    assert any(line.startswith("Share of coffee: ") for line in plain)


def test_a_comparison_speaks_of_its_quizzes(engine: Engine) -> None:
    """Above the glossary no arm is a holdout, and nobody is merely invited."""
    page = experiment_page(built(engine, AMONG), address="/insight/experiments/shorter", staff=StaffBar())
    assert page.verdict.question == "Does short sell more than coffee?"
    assert page.verdict.arms is not None
    assert [row.label for row in page.verdict.arms.rows] == ["short", "coffee"]
    assert page.spending is not None
    tables = [page.verdict.arms, page.verdict.effect, page.spending.guardrails, page.data_quality.match]
    tables += [each.table for each in page.spending.earned]
    assert all(tables)
    labels = [head.label for table in tables if table for head in table.head]
    labels += [text for table in tables if table for row in table.rows for text in (row.label, *row.cells)]
    words = " ".join(labels).lower()
    assert "holdout" not in words
    assert page.plan is not None
    assert page.plan.options is None
    assert "one draw for the whole store" not in words


@pytest.fixture
def client(engine: Engine, clock: SetClock, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """Give an analyst's browser at a store with both experiments."""
    write_store(tmp_path)
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "k" * 32)
    experiments: dict[str, Any] = {"holdout": HOLDOUT, "comparisons": {"shorter": SHORTER}}
    settings = Settings(store=tmp_path, database_url=url, auto_publish=True, **experiments)
    app = create_app(settings, clock=clock, demo=False)
    yield sign_in(app.test_client())
    app.extensions["quizfunnel"].engine.dispose()


@pytest.mark.parametrize("name", ["everywhere", "shorter"])
def test_it_has_a_page_that_opens(client: FlaskClient, engine: Engine, name: str) -> None:
    """Found from the list, valid, with the verdict, what was set, and its figures as CSV and JSON."""
    with writing(engine) as connection:
        for design in (OF_STORE, AMONG):
            freeze(connection, design, at=START, simulated=False)
    address = f"/insight/experiments/{name}"
    assert address in client.get("/insight").text
    found = client.get(address)
    assert found.status_code == 200
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(found.text)
    with reading(engine) as connection:
        design = {"everywhere": OF_STORE, "shorter": AMONG}[name]
        report = experiment.build(connection, design, simulated=False, now=NOON)
    assert report.verdict.sentence.replace("'", "&#39;") in found.text
    assert fingerprint(design.text()) in found.text
    assert client.get(f"{address}.json").get_json()["verdict"] == report.verdict.sentence
    assert client.get(f"{address}.csv").text == experiment_report.as_csv(report)


def test_a_quizs_page_names_the_experiments_that_it_is_part_of(client: FlaskClient, engine: Engine) -> None:
    """With what they mean for its own figures, and a question that says what was drawn."""
    with writing(engine) as connection:
        for design in (OF_STORE, AMONG):
            freeze(connection, design, at=START, simulated=False)
    found = client.get("/insight/coffee?data=real").text
    assert "/insight/experiments/everywhere?data=real" in found
    assert "who is invited to the other quiz counts here as invited, and as not having started this one" in found
    assert "Does inviting people to the store&#39;s quizzes sell more, to those who came in by this one?" in found
    assert "more buyers in a hundred who start" not in found.lower()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/insight/experiments/none", 404),
        ("/insight/experiments/none.json", 404),
        ("/insight/experiments/none.csv", 404),
        ("/insight/experiments/everywhere?data=both", 400),
        ("/insight/experiments/", 404),
    ],
)
def test_what_is_not_there_says_so(client: FlaskClient, address: str, status: int) -> None:
    """Never a 500."""
    assert client.get(address).status_code == status


def test_what_was_frozen_is_measured_whatever_the_settings_say(engine: Engine) -> None:
    """Swapped quizzes swap nothing; the page says that the settings differ."""
    with writing(engine) as connection:
        freeze(connection, AMONG, at=START, simulated=False)
    before = built(engine, AMONG)
    swapped = built(engine, AMONG._replace(quizzes=("short", "coffee"), holdout_share=0.5))
    assert (swapped.quizzes, swapped.arms, swapped.verdict) == (before.quizzes, before.arms, before.verdict)
    assert swapped.differs == ("holdout_share", "quizzes")
    alarms = {fact.name: fact.says for fact in data_quality.facts(swapped) if fact.alarm}
    assert alarms["Settings"].startswith("not what was frozen (holdout_share, quizzes)")
    assert "Settings" not in [fact.name for fact in data_quality.facts(before)]
    as_holdout = built(engine, OF_STORE._replace(experiment="shorter"))
    assert as_holdout.labels == before.labels


def test_an_experiment_that_ended_is_still_there(client: FlaskClient, engine: Engine) -> None:
    """Its windows close after it: taken out of the settings it is listed as ended, and counted on."""
    ended = AMONG._replace(experiment="longer")
    with writing(engine) as connection:
        freeze(connection, ended, at=START, simulated=False)
    assert "comparison longer, 80.0% are invited to short; ended" in client.get("/insight").text
    assert client.get("/insight/experiments/longer").status_code == 200
    with reading(engine) as connection:
        found = experiment.all_of_them(connection, Settings(holdout=HOLDOUT))
    assert list(found) == ["everywhere", "longer"]


def test_a_quiz_that_is_changed_under_way_is_told(engine: Engine) -> None:
    """The version that the comparison began with is none; the next one is."""
    with writing(engine) as connection:
        freeze(connection, AMONG, at=START, simulated=False)
        connection.execute(delete(QuizVersion).where(columns(QuizVersion).quiz == "short"))
    versions = [("first", START + timedelta(hours=1)), ("second", START + timedelta(days=3))]
    for id, at in versions:
        with writing(engine) as connection:
            row = {"id": id, "quiz": "short", "body": "", "published_at": at}
            connection.execute(insert(QuizVersion).values(row))
        assert built(engine, AMONG).edited == (("short",) if id == "second" else ())
    alarms = {fact.name for fact in data_quality.facts(built(engine, AMONG), gone=("coffee",)) if fact.alarm}
    assert alarms == {"Quiz changed", "Quiz missing", "Crossed over"}


def test_a_quiz_without_pages_of_its_own_says_where_it_is_measured(engine: Engine) -> None:
    """Its page does not look for an invitation that is not meant to be there."""
    with writing(engine) as connection:
        freeze(connection, AMONG, at=START, simulated=False)
        other = LiveQuiz("short", "w" * 64, live().quiz, live().catalog)
        report = quiz.build(connection, other, simulated=False, now=NOON)
    assert report.verdict.advice == (
        "No page invites to this quiz alone: what it does is measured in the comparison shorter.",
    )
    assert "Part of the comparison shorter of short against coffee" in text_report.as_text(report)


def test_who_a_comparison_invited_did_not_come_directly(engine: Engine) -> None:
    """To the second quiz's page they are known, though they have no arm in its own experiment."""
    with writing(engine) as connection:
        connection.execute(update(Attempt).values(quiz="short"))
        before = quiz.build(connection, _second(), simulated=False, now=NOON)
        connection.execute(delete(Assignment).where(_a.quiz == STORE))
        after = quiz.build(connection, _second(), simulated=False, now=NOON)
    assert before.behaviour.direct.visitors == 0
    assert after.behaviour.direct.started > 100


def _second() -> LiveQuiz:
    """Return the second quiz of the comparison, with an experiment of its own."""
    return LiveQuiz("short", "w" * 64, live().quiz, live().catalog)
