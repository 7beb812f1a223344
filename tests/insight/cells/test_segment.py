"""Laws of a part: an address says it, whole days and known words alone, and it carries no verdict anywhere."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from quizfunnel.insight.cells.segment import (
    WHOLE,
    Segment,
    Version,
    read,
    versions,
)
from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.present import filter_form
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.insight.rollup.refresh import Task, roll
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.store.transaction import reading
from quizfunnel.visit.tables import Assignment
from quizfunnel.web.pages import StaffBar
from tests.cast import NOON
from tests.insight.logs import Logs
from tests.insight.oddities import varied
from tests.insight.rows import row
from tests.insight.shop import live

pytestmark = pytest.mark.thorough


DAY = timedelta(days=1)
PARTS = {
    "device": Segment(device="phone"),
    "unknown channel": Segment(channel=""),
    "period": Segment(first=NOON.date() - 15 * DAY, last=NOON.date() - 9 * DAY),
    "a day": Segment(days=1),
    "a month": Segment(days=30),
    "all at once": Segment(first=NOON.date() - 19 * DAY, device="desktop", channel="paid", days=1),
}


@pytest.fixture(scope="module")
def day() -> date:
    """Give a day."""
    return date(2026, 3, 5)


def write(connection: Connection) -> None:
    """Write a log of every oddity, under one window."""
    books = varied(6)
    for each in books.rows[Assignment]:
        each["window_days"] = 7
    books.write(connection)


@pytest.fixture
def database_url(logs: Logs, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with that log."""
    with logs.database(write, tmp_path) as url:
        yield url


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give the database."""
    return engine


def report(engine: Engine, part: Segment = WHOLE, limits: WaitLimits = WAIT_LIMITS, **changes: Any) -> Report:
    """Return the report of a part."""
    with reading(engine) as connection:
        return build(connection, live(**changes), simulated=False, now=NOON, extent=Extent(part, limits))


def test_it_works(day: date) -> None:
    """An address without a word is everybody; one with every word is that part."""
    assert read({"data": "real"}, ()) == WHOLE
    asked = {"from": "2026-03-05", "to": "2026-03-05", "device": "phone", "channel": "unknown", "window": "30"}
    assert read(asked, ()) == Segment(day, day, "phone", "", 30)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"to": "2026-02-30"},
        {"from": "2026-03-05", "to": "2026-03-04"},
        {"window": "7.5"},
        {"window": "1000000"},
        {"version": "no such"},
    ],
)
def test_what_cannot_be_is_refused_in_words(asked: dict[str, str]) -> None:
    """Each refusal is a sentence."""
    with pytest.raises(ValueError, match=r"\.$"):
        read(asked, ())


def test_a_version_is_its_whole_days(day: date) -> None:
    """The first has all days before, the last all after; the day of the change is neither's, nor is one of a day."""
    at = datetime(2026, 3, 5, 15, tzinfo=UTC)
    found = versions([("b", at), ("a", at - 9 * DAY), ("c", at + timedelta(hours=1)), ("d", at + 7 * DAY)])
    assert found == (
        Version("a", None, day - DAY),
        Version("c", day + DAY, day + 6 * DAY),
        Version("d", day + 8 * DAY, None),
    )
    assert read({"version": "c"}, found)[:2] == (day + DAY, day + 6 * DAY)
    assert read({"version": "c", "from": "2026-03-08", "to": "2027-01-01"}, found)[:2] == (
        date(2026, 3, 8),
        day + 6 * DAY,
    )


def test_a_row_belongs_by_what_was_known_at_the_start(day: date) -> None:
    """Nothing that a visitor did later decides; the declared window is the one without another."""
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    one = row(1, day=number, device="phone", channel="", state="finished")
    assert all(part.holds(one) for part in (WHOLE, Segment(day, day, "phone", "")))
    others = (
        Segment(first=day + DAY),
        Segment(last=day - DAY),
        Segment(device=""),
        Segment(channel="paid"),
        Segment(days=1),
    )
    assert not any(part.holds(one) for part in others)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
@pytest.mark.parametrize("most", [0, pytest.param(30, marks=pytest.mark.once), 10**6])
def test_a_part_is_the_same_from_the_rollup_and_from_the_log(shop: Engine, part: Segment, most: int) -> None:
    """To the last figure."""
    counted = as_json(report(shop, part))
    roll(shop, Task.of_quiz(live(), simulated=False), now=NOON)
    assert as_json(report(shop, part, WaitLimits(live=most))) | {"rolled_up": False} == counted


def test_parts_add_up(shop: Engine) -> None:
    """The visitors of all devices together are all visitors, and so are those of two halves of time."""
    whole = report(shop)
    assert len(whole.segment.devices) > 1
    assert sum(report(shop, Segment(device=name)).mature for name in whole.segment.devices) == whole.mature
    middle = NOON.date() - 12 * DAY
    halves = (report(shop, Segment(last=middle)).mature, report(shop, Segment(first=middle + DAY)).mature)
    assert min(halves) > 0
    assert sum(halves) == whole.mature


@pytest.mark.parametrize("experiment", [{}, {"experiment": None}])
def test_a_part_carries_no_verdict(shop: Engine, experiment: dict[str, Any]) -> None:
    """Page, JSON and CSV say that it is exploratory, without chart or planner, and nothing that is of all visitors."""
    found = report(shop, Segment(device="phone"), **experiment)
    assert found.verdict.kind == "exploratory"
    page = insight_page(found, address="/insight/coffee", staff=StaffBar())
    assert page.filter.on
    assert (page.verdict.interval_chart, page.verdict.narrowing, page.plan, page.takers.adjusted) == (
        None,
        None,
        None,
        "",
    )
    whole = as_json(found)
    json.dumps(whole, allow_nan=False)
    assert (whole["verdict_kind"], whole["part"]["device"]) == ("exploratory", "phone")
    assert not {"funnel", "health", "alarms", "direct"} & set(whole)
    sections = {line[0] for line in csv.reader(io.StringIO(as_csv(found)))}
    assert not {"funnel", "left out", "orders", "alarm", "promise", "still there"} & sections


def test_the_form_gives_the_address_back(shop: Engine) -> None:
    """What is chosen is shown as chosen, and leads to the same part again."""
    known = (Version("v1", None, date(2026, 3, 1)), Version("v2", date(2026, 3, 3), None))
    found = report(shop, Segment(device="phone", channel="", days=1, first=date(2026, 3, 3), version="v2"))
    form = filter_form.form(found, "/insight/coffee", known)
    chosen = {select.name: [choice.value for choice in select.choices if choice.chosen] for select in form.selects}
    assert chosen == {"window": ["1"], "device": ["phone"], "channel": ["unknown"], "version": ["v2"]}
    assert (form.first, form.last) == ("", "")
    query = dict(pair.split("=") for pair in filter_form.query(found).removeprefix("?").split("&"))
    assert read(query, known) == found.part
    assert len(filter_form.form(found, "/insight/coffee", known[:1]).selects) == 3
