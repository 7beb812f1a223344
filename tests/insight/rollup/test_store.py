"""Laws of the stored rollup: whatever happened to the log, it is what one that starts anew would store."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, Engine, insert, select

from quizfunnel.insight.cells import fingerprints, statement
from quizfunnel.insight.cells.row import CellRow, as_cells, currencies
from quizfunnel.insight.rollup import store
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.tables import RollupCell
from quizfunnel.log.days import day_of
from quizfunnel.orders.tables import Order
from quizfunnel.store.single_run import Busy, single_run
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from tests.cast import NOON
from tests.insight.changes import CHANGES, Change
from tests.insight.logs import Logs
from tests.insight.oddities import varied
from tests.insight.rollups import ASKED, COLUMNS, anew, refreshed, stored
from tests.insight.shop import Books

pytestmark = pytest.mark.thorough


def write(connection: Connection) -> None:
    """Write a log of every oddity."""
    varied(11).write(connection)


@pytest.fixture
def database_url(logs: Logs, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with that log."""
    with logs.database(write, tmp_path) as url:
        yield url


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give the database."""
    return engine


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
def test_no_change_of_the_log_is_missed(shop: Engine, change: Change) -> None:
    """After any change, however old its moment, a refresh stores what making everything anew would."""
    refreshed(shop)
    draw = Random(5)  # noqa: S311 - a test's draw
    for _ in range(3):
        with writing(shop) as connection:
            change(connection, draw)
        refreshed(shop)
        assert stored(shop) == anew(shop)


def test_time_alone_opens_days_when_windows_close(shop: Engine) -> None:
    """As the clock goes on, visitors mature in the stored cells as in those that are made anew; and back again."""
    seen = set()
    for hours in (0, 1, 30, 24 * 3, 24 * 12, 24 * 60, 24 * 2):
        now = NOON + timedelta(hours=hours)
        seen.add(refreshed(shop, now).counted)
        assert stored(shop) == anew(shop, now)
    assert len(seen) > 2


def test_what_has_not_changed_is_not_counted_again(shop: Engine) -> None:
    """A second refresh finds nothing to do; one of all days counts every day; both store the same."""
    first = refreshed(shop, NOON + timedelta(days=90))
    assert first.counted == first.days > 10
    before = stored(shop)
    second = refreshed(shop, NOON + timedelta(days=91))
    assert (second.counted, second.gone, second.cells) == (0, 0, 0)
    assert refreshed(shop, NOON + timedelta(days=91), every=True).counted == first.days
    assert stored(shop) == before


def test_a_late_order_opens_its_day_alone(shop: Engine) -> None:
    """Of closed days only that of the visitor's t0 is counted again."""
    books, later = Books(3), NOON + timedelta(days=90)
    with writing(shop) as connection:
        visitor, t0 = connection.execute(select(columns(Assignment).visitor_id, columns(Assignment).t0)).first()  # type: ignore[misc]
        refreshed(shop, later)
        books.order(visitor, t0 + timedelta(days=2))
        connection.execute(insert(Order), books.rows[Order])
    assert refreshed(shop, later).counted == 1


def test_a_refresh_cut_short_leaves_whole_days(shop: Engine) -> None:
    """Where it ends after some days, these are new, the others as they were, and the next one does the rest."""
    refreshed(shop)
    later = NOON + timedelta(days=90)

    def stop(done: int, _of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), without_statement_timeout(shop) as connection:
        store.refresh(shop, DatabaseLog(connection, ASKED), now=later, progress=stop)
    done = refreshed(shop, later)
    assert 0 < done.counted < done.days
    assert stored(shop) == anew(shop, later)


def test_simulated_real_and_other_experiments_are_kept_apart(shop: Engine) -> None:
    """Each has its own cells; a refresh of one leaves the others as they are."""
    kinds = [ASKED, ASKED._replace(simulated=True), ASKED._replace(experiment=None)]
    for asked in kinds:
        refreshed(shop, asked=asked)
    assert [stored(shop, asked) for asked in kinds] == [anew(shop, asked=asked) for asked in kinds]


def test_only_one_may_be_under_way(database_url: str, engine: Engine) -> None:
    """A second one is refused while the first one works, and may begin once it has ended."""
    with single_run(engine, store.WORK), pytest.raises(Busy), single_run(engine, store.WORK):
        pass
    with single_run(engine, store.WORK), single_run(engine, "another work"):
        pass


def test_stored_rows_add_up_by_any_columns(shop: Engine) -> None:
    """Rows read by some columns hold the sums of the stored ones, and become the cells of statistics."""
    refreshed(shop)
    store.settle(shop, ASKED, now=NOON, caps={}, supplement=json.dumps({"version": fingerprints.VERSION}))
    of = columns(RollupCell)
    with reading(shop) as connection:
        head = store.kept(connection, ASKED)
        assert head is not None
        declared = (of.fine == statement.KINDS, of.days == of.declared)
        every = store.rows(connection, head.id, *declared)
        few = store.rows(connection, head.id, *declared, by=("day", "arm", "currency"))
        fine = store.rows(connection, head.id, of.fine == statement.FINE)
    assert len(few) < len(every) < len(fine)
    for name in ("visitors", "buyers", "revenue", "prior_squared"):
        totals = {sum(getattr(row, name) for row in rows) for rows in (every, few, fine)}
        assert len(totals) == 1
    (main, _) = currencies(every)
    cells = as_cells(fine, currency=main)
    assert sum(sums.visitors for sums in cells.values()) == sum(row.visitors for row in every)
    assert sum(sums.revenue for sums in cells.values()) == sum(row.revenue for row in every if row.currency == main)
    assert day_of(NOON) == max(row.day for row in every) + (0 if any(row.day == day_of(NOON) for row in every) else 1)


def test_a_row_has_the_statements_columns() -> None:
    """The typed row and the statement name the same columns in the same order."""
    assert CellRow._fields == COLUMNS


def test_however_few_are_counted_at_once(shop: Engine) -> None:
    """Days counted in many small batches give what all of them at once give."""
    with without_statement_timeout(shop) as connection:
        done = store.refresh(shop, DatabaseLog(connection, ASKED, at_once=25), now=NOON)
    assert done.counted == done.days
    assert stored(shop) == anew(shop)
