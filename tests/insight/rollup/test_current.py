"""Laws of where a quiz stands: stored figures are those of the log, and a large log is not counted while one waits."""

from datetime import datetime, timedelta
from itertools import pairwise
from json import dumps, loads

import pytest
from sqlalchemy import Engine, func, insert, select, update

from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup import refresh, store, supplement
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.insight.rollup.refresh import Task, describe, roll
from quizfunnel.insight.rollup.tables import Rollup, RollupDay
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.log.scope import Scope
from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor
from quizfunnel.web.pages import StaffBar
from tests.cast import NOON
from tests.insight.oddities import varied
from tests.insight.shop import QUIZ, Books, live, shoppers

pytestmark = pytest.mark.thorough


LATER = NOON + timedelta(hours=5)
TASK = Task.of_quiz(live(), simulated=False)


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give a database with a log of every oddity, some of it of the last days."""
    books = varied(4)
    for row in books.rows[Assignment]:
        row["window_days"] = 7
    with writing(engine) as connection:
        books.write(connection)
    return engine


def report(engine: Engine, now: datetime = NOON, *, most: int = WAIT_LIMITS.live) -> Report:
    """Return the report as it is at `now`, where so many visitors may be counted while one waits."""
    with reading(engine) as connection:
        return build(connection, live(), simulated=False, now=now, extent=Extent(limits=WaitLimits(live=most)))


def a_buyer(engine: Engine, t0: datetime, bought: datetime) -> None:
    """Add a visitor who bought."""
    books = Books(99)
    books.order(books.visitor(t0), bought)
    with writing(engine) as connection:
        for table in (Visitor, Assignment, Order):
            connection.execute(insert(table), books.rows[table])


def without_source(found: Report) -> dict[str, object]:
    """Return every figure of a report, but not whence it is."""
    return {name: value for name, value in as_json(found).items() if name != "rolled_up"}


@pytest.mark.parametrize("most", [0, 30])
def test_stored_figures_are_those_of_the_log(shop: Engine, most: int) -> None:
    """The whole report, from the stored rollup and from the log itself, is the same to the last figure."""
    counted = report(shop)
    assert not counted.rolled_up
    roll(shop, TASK, now=NOON)
    found = report(shop, most=most)
    assert found.rolled_up
    assert without_source(found) == without_source(counted)


def test_of_a_large_log_the_open_days_are_counted_where_they_are_few(shop: Engine) -> None:
    """A purchase made just now is seen at once as waiting, although the rest is as of the rollup."""
    roll(shop, TASK, now=NOON)
    before = report(shop, LATER).waiting.purchases
    a_buyer(shop, LATER - timedelta(hours=1), LATER - timedelta(seconds=5))
    found = report(shop, LATER, most=100)
    assert (found.rolled_up, found.made_at) == (True, LATER)
    assert found.waiting.purchases == before + 1


def test_of_a_very_large_log_the_page_says_as_of_when(shop: Engine) -> None:
    """Where even the open days are too many nothing is counted: all is as of the rollup, and says so."""
    roll(shop, TASK, now=NOON)
    before = report(shop).waiting.purchases
    a_buyer(shop, NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    found = report(shop, LATER, most=0)
    assert (found.rolled_up, found.made_at, found.waiting.purchases) == (True, NOON, before)
    assert "As of" in insight_page(found, address="/", staff=StaffBar()).methods.made_at
    roll(shop, TASK, now=NOON)
    assert report(shop, LATER, most=0).waiting.purchases == before + 1


def test_without_a_rollup_the_log_is_counted_however_long(shop: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while the first one is under way: its cells are used once they are all there."""
    assert not report(shop, most=0).rolled_up
    monkeypatch.setattr(store, "settle", lambda *_given, **_named: None)
    roll(shop, TASK, now=NOON)
    assert not report(shop, most=0).rolled_up


def test_cells_of_another_release_are_not_read(shop: Engine) -> None:
    """Where cells mean something else since an upgrade, the log is counted until they are made again, all of them."""
    roll(shop, TASK, now=NOON)
    assert report(shop, most=0).rolled_up
    make_older(shop)
    assert not report(shop, most=0).rolled_up
    done = roll(shop, TASK, now=NOON)
    assert done is not None
    assert done.counted == done.days > 5
    assert report(shop, most=0).rolled_up


def make_older(engine: Engine) -> None:
    """Let the stored rollup be one that an earlier release made: it says so, and its days have other marks."""
    rollup, day = columns(Rollup), columns(RollupDay)
    with writing(engine) as connection:
        beside = loads(connection.execute(select(rollup.beside)).scalar_one()) | {"version": "earlier"}
        connection.execute(update(Rollup).values(beside=dumps(beside)))
        connection.execute(update(RollupDay).values(mark=func.substr(day.mark, 2) + "-"))


def test_the_limits_narrow_as_windows_close(shop: Engine) -> None:
    """Each look has all of the one before it, and the last one is what the arms are now."""
    found = report(shop)
    assert found.arms is not None
    looks = found.looks
    assert len(looks) > 5
    assert [look.day for look in looks] == sorted({look.day for look in looks})
    for earlier, later in pairwise(looks):
        assert all(one <= two for one, two in zip(earlier.invited, later.invited, strict=True))
    assert (looks[-1].invited, looks[-1].holdout) == (found.arms.invited.pair, found.arms.holdout.pair)
    assert looks[-1].ratio == found.arms.ratio
    assert as_csv(found)


def test_what_stands_beside_the_cells_is_kept_whole(shop: Engine) -> None:
    """Figures read from their stored text are the ones that were written."""
    with reading(shop) as connection:
        found = supplement.read(connection, Scope(QUIZ, "spring", simulated=False), {"brew": "Brew?"}, now=10**13)
    assert found.funnel.started > 10
    assert supplement.from_text(supplement.as_text(found)) == found


def test_the_adjusted_ratio_comes_with_a_rollup_alone(engine: Engine) -> None:
    """Before the first rollup it is not there; after it a small log has it too, as the rollup computed it."""
    books = Books(5)
    shoppers(books, 600, start=NOON - timedelta(days=30), days=20, base=0.3)
    with writing(engine) as connection:
        books.write(connection)
    assert report(engine).behaviour.alike.adjusted is None
    roll(engine, TASK, now=NOON)
    found = report(engine)
    assert not found.rolled_up
    assert found.behaviour.alike.adjusted is not None
    assert found.behaviour.alike.adjusted.crude == found.takers.states[0].ratio
    assert "adjusted" in as_csv(found)


def test_a_funnel_counted_in_parts_is_the_same(shop: Engine) -> None:
    """However few attempts are read at once."""
    with reading(shop) as connection:
        whole, few = (
            supplement.funnel(connection, TASK.scope, TASK.question_texts, now=to_millis(NOON), at_once=most)
            for most in (10**6, 3)
        )
    assert few == whole
    assert whole.started > 3


def test_nobody_leaves_no_rollup(engine: Engine) -> None:
    """Where nobody ever came there is nothing to say and nothing is stored; else a line says what was done."""
    assert roll(engine, TASK, now=NOON) is None
    a_buyer(engine, NOON - timedelta(days=40), NOON - timedelta(days=39))
    done = refresh.roll(engine, TASK, now=NOON)
    assert done is not None
    assert describe(TASK, done) == "coffee, real: 1 visitor of 1 day; 1 counted anew into 12 cells"
