"""Laws of the stored rollup: whatever happened to the log, it is what one that starts anew would store."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from quizfunnel.insight.cells import fingerprints, statement
from quizfunnel.insight.cells.row import CellRow, as_cells, currencies
from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup import database, store
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.database_sources import sources
from quizfunnel.insight.rollup.store import Done
from quizfunnel.insight.rollup.tables import Rollup, RollupCell
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.log.days import day_of
from quizfunnel.log.scope import Scope
from quizfunnel.orders.tables import Order, Refund
from quizfunnel.store.single_run import Busy, single_run
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import collect
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests.cast import NOON
from tests.insight.cells.test_statement import varied
from tests.insight.shop import QUIZ, Books

pytestmark = pytest.mark.thorough


ASKED = Scope(QUIZ, "spring", simulated=False)
COLUMNS = (*statement.KEY, *statement.SUMS, *statement.MOMENTS)

Change = Callable[[Connection, Random], None]


def refreshed(engine: Engine, now: datetime = NOON, asked: Scope = ASKED, *, every: bool = False) -> Done:
    """Refresh the stored rollup from the database's log."""
    with without_statement_timeout(engine) as connection:
        return store.refresh(engine, DatabaseLog(connection, asked), now=now, every=every)


def stored(engine: Engine, asked: Scope = ASKED) -> list[tuple[Any, ...]]:
    """Return what is stored, in a fixed order."""
    of, head = columns(RollupCell), columns(Rollup)
    mine = select(head.id).where(head.quiz == asked.quiz, head.experiment == (asked.experiment or ""))
    mine = mine.where(head.simulated == asked.simulated)
    with reading(engine) as connection:
        rows = connection.execute(select(*(of[name] for name in COLUMNS)).where(of.rollup_id.in_(mine))).all()
    return sorted(map(tuple, rows), key=str)


def anew(engine: Engine, now: datetime = NOON, asked: Scope = ASKED) -> list[tuple[Any, ...]]:
    """Return what the statement gives over the whole log."""
    with reading(engine) as connection:
        caps = DatabaseLog(connection, asked).caps
        millis = int(now.timestamp() * 1000)
        return sorted(database.cells(connection, sources(asked), CellQuery(millis, caps)), key=str)


def some(connection: Connection, draw: Random, column: Any) -> Any:
    """Return one of a column's values."""
    found = connection.execute(select(column).order_by(column)).scalars().all()
    return draw.choice(found)


def flag(connection: Connection, draw: Random) -> None:
    """Find a visitor to be a crawler, or no crawler after all."""
    kind = draw.choice(("bot", "shopper"))
    collect.mark(connection, some(connection, draw, columns(Visitor).id), kind=kind, reason="")


def late_order(connection: Connection, draw: Random) -> None:
    """Hear of an order long after it was placed."""
    books = Books(draw.getrandbits(60))
    books.order(some(connection, draw, columns(Visitor).id), NOON - timedelta(hours=draw.randrange(480)))
    connection.execute(insert(Order), books.rows[Order])


def refund(connection: Connection, draw: Random) -> None:
    """Give some or all of an order's money back."""
    order, id = some(connection, draw, columns(Order).order_id), f"{draw.getrandbits(64):x}"
    row = {"source": "standard", "refund_id": id, "order_id": order, "currency": "GBP", "at": NOON}
    connection.execute(insert(Refund), [row | {"amount_minor": draw.choice((100, 9000))}])


def change_order(connection: Connection, draw: Random) -> None:
    """Cancel an order, or hear that it was another's, of another amount or of another moment."""
    of = columns(Order)
    values: dict[str, Any] = draw.choice(
        (
            {"cancelled": True},
            {"test": True},
            {"total_minor": draw.randrange(9000)},
            {"currency": "EUR"},
            {"visitor_id": some(connection, draw, columns(Visitor).id)},
            {"conflict": True},
            {"placed_at": NOON - timedelta(hours=draw.randrange(480))},
        )
    )
    connection.execute(update(Order).where(of.order_id == some(connection, draw, of.order_id)).values(**values))


def late_answer(connection: Connection, draw: Random) -> None:
    """Receive an answer of long ago."""
    attempt = some(connection, draw, columns(Attempt).id)
    started = connection.execute(select(columns(Attempt).started_at).where(columns(Attempt).id == attempt)).scalar_one()
    active = draw.randrange(300_000)
    connection.execute(
        insert(Answer).values(
            attempt_id=attempt, question=f"late-{draw.getrandbits(40)}", revision=1, value="null", source="client",
            answered_at=started + timedelta(seconds=30), wall_ms=active, active_ms=active, active10_ms=0, wall_clock="",
        )
    )  # fmt: skip


def finish(connection: Connection, draw: Random) -> None:
    """Finish an attempt that was not, an hour after it was started."""
    of = columns(Attempt)
    left = connection.execute(select(of.id, of.started_at).where(of.finished_at.is_(None)).order_by(of.id)).all()
    if left:
        attempt, started = draw.choice(left)
        connection.execute(update(Attempt).where(of.id == attempt).values(finished_at=started + timedelta(hours=1)))


def come(connection: Connection, draw: Random) -> None:
    """Remember a visitor of long ago, with a look at a second page."""
    books = Books(draw.getrandbits(60))
    at = NOON - timedelta(hours=draw.randrange(480))
    books.view(books.visitor(at), at + timedelta(seconds=draw.choice((10, 40))))
    for table in (Visitor, Assignment, PageView):
        connection.execute(insert(table), books.rows[table])


def forget(connection: Connection, draw: Random) -> None:
    """Forget the start of a visitor's clock."""
    of = columns(Assignment)
    connection.execute(delete(Assignment).where(of.visitor_id == some(connection, draw, of.visitor_id)))


CHANGES: tuple[Change, ...] = (flag, late_order, refund, change_order, late_answer, finish, come, forget)


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give a database with a log of every oddity."""
    with writing(engine) as connection:
        varied(11).write(connection)
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
    store.settle(shop, ASKED, now=NOON, caps={}, beside=f'{{"version": {fingerprints.VERSION}}}')
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
