"""Visitors with two or more orders: the same from the log, the rollup and an export, and on every output."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quizfunnel.insight.export import writer
from quizfunnel.insight.export.writer import Wanted
from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.output.text_report import as_text
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.randomised.effect import ShareResult
from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.rollup import parquet
from quizfunnel.insight.rollup.parquet import ParquetLog
from quizfunnel.insight.rollup.refresh import Task, roll
from quizfunnel.kit.signing import Signer
from quizfunnel.log.definitions import WaitLimits
from quizfunnel.quiz.private import NOTHING_PRIVATE
from quizfunnel.stats.mean_difference import itt_diff
from quizfunnel.store.transaction import reading, writing
from quizfunnel.web.pages import StaffBar
from tests.cast import NOON
from tests.insight.reports import again
from tests.insight.shop import Books, live

T0 = NOON - timedelta(days=20)
HOUR = timedelta(hours=1)
TASK = Task.of_quiz(live(), simulated=False)


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give a log of 200 visitors an arm, of whom 40 invited ones and 25 of the holdout ordered twice."""
    books = Books(3)
    for arm, twice in (("invited", 40), ("holdout", 25)):
        for number in range(200):
            visitor = books.visitor(T0, arm=arm, share=0.5)
            books.order(visitor, T0 - HOUR)  # before the clock
            if number < 100:
                books.order(visitor, T0 + HOUR)
            if number < twice:
                books.order(visitor, T0 + 2 * HOUR)
            books.order(visitor, T0 + 3 * HOUR, cancelled=True)
            books.order(visitor, T0 + timedelta(days=8))  # after the window
    with writing(engine) as connection:
        books.write(connection)
    return engine


def repeated(report: Report) -> ShareResult:
    """Return the metric's result."""
    assert report.arms is not None
    (found,) = (each for each in report.arms.effect.outcomes if each.metric.name == "repeat_rate")
    return found


def test_who_orders_again_is_counted_from_the_log(shop: Engine) -> None:
    """Two purchases within the window; none before it, after it, or cancelled. The difference holds at any look."""
    report = again(shop)
    found = repeated(report)
    assert (found.invited.pair, found.holdout.pair) == ((40, 200), (25, 200))
    assert report.trial is not None
    assert found.difference == itt_diff((40, 200), (25, 200), planned=report.trial.planned)


@pytest.mark.thorough
def test_a_rollup_and_an_export_say_the_same(shop: Engine, signer: Signer, tmp_path: Path) -> None:
    """Read from stored cells, whichever engine counted them."""
    counted = repeated(again(shop))
    assert roll(shop, TASK, now=NOON) is not None
    assert again(shop, limits=WaitLimits(live=0)).rolled_up
    assert repeated(again(shop, limits=WaitLimits(live=0))) == counted
    with reading(shop) as connection:
        writer.write(connection, Wanted(tmp_path / "out", signer, lambda _version: NOTHING_PRIVATE))
    with parquet.opened(tmp_path / "out") as duck:
        task = TASK._replace(every=True)
        assert roll(shop, task, now=NOON, source=lambda scope: ParquetLog(duck, scope)) is not None
    assert repeated(again(shop, limits=WaitLimits(live=0))) == counted


def test_it_stands_on_page_json_csv_and_in_the_terminal(shop: Engine) -> None:
    """With both arms and the difference; a word of the glossary explains it; without a holdout it is not there."""
    report = again(shop)
    page = insight_page(report, address="/insight/coffee", staff=StaffBar())
    assert page.spending is not None
    assert page.spending.outcomes is not None
    (row,) = page.spending.outcomes.rows
    assert (row.label, row.cells[0][:5], row.cells[1][:5]) == ("Ordered twice or more", "20.0%", "12.5%")
    assert page.spending.outcomes.head[0].slug in {term.slug for term in page.methods.terms}
    (outcome,) = as_json(report)["arms"]["effect"]["outcomes"]
    assert (outcome["name"], outcome["invited"]["buyers"], outcome["holdout"]["buyers"]) == (row.label, 40, 25)
    assert "outcome,Invited,Ordered twice or more,200,40,0.2," in as_csv(report)
    said = as_text(report).partition("What else visitors did, in shares of visitors\n")[2]
    assert re.match(
        r"  Ordered twice or more +invited 20\.0% \(.*\), holdout 12\.5% \(.*\); points between: \+7\.50 ", said
    )
    guardrails = said.partition("What must not suffer, in shares of visitors\n")[2]
    assert [line.split("  ")[1] for line in guardrails.splitlines()[:2]] == [
        row.label for row in page.spending.guardrails.rows
    ]
    observed = again(shop, experiment=None)
    assert "What must not suffer" not in as_text(observed)
    assert insight_page(observed, address="/", staff=StaffBar()).spending is None
    assert "Ordered twice" not in as_csv(observed)
