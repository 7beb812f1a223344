"""Laws of the CSV's lines: what the page shows of arms, money, alarms and leaving is in them, figure for figure."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from quizfunnel.insight.output import csv_report
from quizfunnel.insight.report.figures import Report
from tests.cast import NOON
from tests.insight.reports import again, told
from tests.insight.shop import Books, shoppers


@pytest.fixture
def report(engine: Engine) -> Report:
    """Give the report of a shop with history."""
    books = Books(5)
    shoppers(books, 400, start=NOON - timedelta(days=30), days=25, base=0.3)
    return told(engine, books)


def test_it_works(report: Report) -> None:
    """Each line has a section, a row and a measure, and at most the eight columns of the head."""
    for line in (*csv_report.part_lines(report), *csv_report.whole_lines(report)):
        assert all(isinstance(word, str) and word for word in line[:3])
        assert len(line) <= 8


def test_the_arms_are_in_it(report: Report) -> None:
    """Difference, money and every look, with their limits."""
    found = {line[:3]: line[3:] for line in csv_report.part_lines(report)}
    assert report.arms is not None
    effect, (money,) = report.arms.effect, report.arms.earned
    assert found["arms", "Invited", "difference from Holdout at any time"][2:] == effect.difference
    section = "revenue a visitor, GBP minor units"
    assert found[section, "Invited", "as paid"] == (
        money.visitors[0],
        money.buyers[0],
        money.earnings.uncapped.invited,
    )
    assert sum(key[0] == "until" and key[2] == "ratio against Holdout" for key in found) == len(report.looks)
    last = report.looks[-1]
    assert found["until", last.day.isoformat(), "ratio against Holdout"][2:] == report.arms.ratio[:3]


def test_leaving_and_alarms_are_in_what_is_of_all(report: Report) -> None:
    """Every point of both curves, the promise, and each alarm."""
    found = list(csv_report.whole_lines(report))
    points = len(report.attempts.leaving.by_question) + len(report.attempts.leaving.by_second)
    assert sum(line[0] == "still there" for line in found) == points
    assert sum(line[0] == "alarm" for line in found) == len(report.attempts.alarms)
    assert next(line for line in found if line[0] == "promise")[3:5] == (
        report.attempts.promise.finishers,
        report.attempts.promise.kept,
    )


def test_without_a_holdout_no_line_is_of_arms(engine: Engine, report: Report) -> None:
    """Nothing is compared that was not drawn by lot."""
    assert report.arms is not None
    sections = {line[0] for line in csv_report.part_lines(again(engine, experiment=None))}
    assert not sections & {"arms", "guardrail", "shares", "until", "revenue"}
