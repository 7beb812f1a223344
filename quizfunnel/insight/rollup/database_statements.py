"""Prepared statements of the cells, over the database: built and compiled once for each scope and kind of question.

SQLite plans long statements badly, so that it gets the same one in steps: a selection that others read becomes a
temporary table with an index. Building and compiling takes longer than running them over the log of most stores.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, CompoundSelect, Connection, Select, bindparam, func
from sqlalchemy.schema import CreateTableAs

from quizfunnel.insight.cells import fingerprints, statement
from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup.database_sources import earlier_orders, entrants, sources
from quizfunnel.insight.rollup.database_sources import start as clock_start
from quizfunnel.log.clock import millis
from quizfunnel.log.scope import Scope
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.types import UtcDateTime

_INDEXED = {"visitor", "id"}
_KEPT = 64  # a store has some quizzes, each with few scopes and questions

Rows = list[tuple[Any, ...]]


class _Step(NamedTuple):
    """A temporary table that later statements read."""

    table: str
    create: Prepared
    indexed: tuple[str, ...]


@dataclass(frozen=True)
class _Steps:
    """Statements that are run one after the other, of which the last one gives the rows."""

    steps: tuple[_Step, ...]
    last: Prepared

    def rows(self, connection: Connection, **values: Any) -> Rows:
        """Run them over one state of the database."""
        if not self.steps:
            return self.last.run(connection, **values).fetchall()  # type: ignore[no-any-return]
        made: list[str] = []
        with _snapshot(connection):
            try:
                for table, create, indexed in self.steps:
                    create.run(connection, **values)
                    made.append(table)
                    for column in indexed:
                        connection.exec_driver_sql(f"CREATE INDEX temp.{table}_{column} ON {table} ({column})")
                return self.last.run(connection, **values).fetchall()  # type: ignore[no-any-return]
            finally:
                for table in made:  # the connection lives on, and the next question makes tables of these names
                    connection.exec_driver_sql(f"DROP TABLE temp.{table}")


class _Shape(NamedTuple):
    """A kind of question: statements of one shape differ by nothing but the values that they are run with."""

    scope: Scope
    since: bool
    until: bool
    explored: tuple[int, ...]
    fine: bool
    caps: tuple[tuple[str, int], ...]


def cells(
    connection: Connection,
    scope: Scope,
    question: CellQuery,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Rows:
    """Return the cells of the visitors whose clock started in [since, until)."""
    caps = tuple(sorted(question.caps.items()))
    shape = _Shape(scope, since is not None, until is not None, tuple(question.explored), question.fine, caps)
    steps = prepared_cells(shape, connection.dialect.name)
    return steps.rows(connection, now=question.now, since=since, until=until)


def day_fingerprints(connection: Connection, scope: Scope) -> Rows:
    """Return what `fingerprints.read` reads."""
    return _fingerprints(scope, connection.dialect.name).rows(connection)


def earlier(connection: Connection, scope: Scope) -> Rows:
    """Return how often orders of each value were made before the first visitor entered, by currency or measure."""
    first, orders = _earlier(scope)
    (start,) = first.run(connection).fetchone()
    return orders.run(connection, before=start).fetchall() if start else []


@lru_cache(maxsize=_KEPT)
def prepared_cells(shape: _Shape, dialect: str) -> _Steps:
    """Return the statements of one shape."""
    since = bindparam("since", type_=UtcDateTime()) if shape.since else None
    until = bindparam("until", type_=UtcDateTime()) if shape.until else None
    # the moment is bound anew at each run; the caps are part of the statement, which has a branch for each
    question = CellQuery(0, dict(shape.caps), shape.explored, shape.fine)
    return _steps(dialect, partial(statement.statement, sources(shape.scope, since=since, until=until), question))


@lru_cache(maxsize=_KEPT)
def _fingerprints(scope: Scope, dialect: str) -> _Steps:
    return _steps(dialect, partial(fingerprints.statement, sources(scope)))


@lru_cache(maxsize=_KEPT)
def _earlier(scope: Scope) -> tuple[Prepared, Prepared]:
    before = bindparam("before", type_=BigInteger())
    return Prepared(entrants(scope, millis(func.min(clock_start(scope))))), Prepared(earlier_orders(scope, before))


def _steps(dialect: str, build: Callable[..., CompoundSelect[Any]]) -> _Steps:
    """Return a statement that is built of selections which others read."""
    if dialect != "sqlite":  # PostgreSQL plans the whole, and may read a CTE once for all that read it
        return _Steps((), Prepared(build(keep=Select.cte)))
    steps: list[_Step] = []

    def keep(selection: Any, name: str) -> Any:
        create = CreateTableAs(selection, f"cells_{name}", temporary=True)
        before = f"CREATE TEMPORARY TABLE cells_{name} AS "
        indexed = tuple(sorted(_INDEXED & set(create.table.c.keys())))
        steps.append(_Step(f"cells_{name}", Prepared(selection, before=before), indexed))
        return create.table

    last = build(keep=keep)
    return _Steps(tuple(steps), Prepared(last))


@contextmanager
def _snapshot(connection: Connection) -> Iterator[None]:
    """Hold one state of an SQLite file for several statements."""
    # the driver begins a transaction before writes alone: reads of several statements would each see a newer file
    driver: Any = connection.connection.dbapi_connection
    if driver.in_transaction:
        yield
        return
    driver.execute("BEGIN")
    try:
        yield
    finally:
        driver.execute("COMMIT")
