"""Rollups as they are stored, and as they would be made anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from quizfunnel.insight.cells import statement
from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup import database_statements, store
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.store import Done
from quizfunnel.insight.rollup.tables import Rollup, RollupCell
from quizfunnel.log.scope import Scope
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests.cast import NOON
from tests.insight.shop import QUIZ

ASKED = Scope(QUIZ, "spring", simulated=False)

COLUMNS = (*statement.KEY, *statement.SUMS, *statement.MOMENTS)


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
        return sorted(database_statements.cells(connection, asked, CellQuery(millis, caps)), key=str)
