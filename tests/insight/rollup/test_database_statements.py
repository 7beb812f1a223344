"""Laws of the prepared statements of the cells: built once, they are run for any moment and any days."""

from datetime import timedelta

from sqlalchemy import Engine

from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup import database_statements
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.scope import Scope
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import QUIZ, Books

ASKED = Scope(QUIZ, "spring", simulated=False)


def test_one_statement_serves_every_moment_and_every_day(engine: Engine) -> None:
    """Building it takes longer than running it over a small log: only another kind of question has another one."""
    books, day = Books(), timedelta(days=1)
    for age in (1, 2, 3, 10):
        books.visitor(NOON - age * day)
    with writing(engine) as connection:
        books.write(connection)
    question, later = CellQuery(to_millis(NOON), fine=False), CellQuery(to_millis(NOON + 30 * day), fine=False)
    with reading(engine) as connection:
        since = [
            database_statements.cells(connection, ASKED, question, since=NOON - age * day - day / 2) for age in (1, 3)
        ]
        built = database_statements.prepared_cells.cache_info().misses
        assert database_statements.cells(connection, ASKED, later, since=NOON - 4 * day) != since[1]
        assert database_statements.prepared_cells.cache_info().misses == built
    counted = [sum(row[15] for row in rows if row[4] == row[5]) for rows in since]
    assert counted == [1, 3]
