"""Cells from the store's database. SQLite plans long statements badly, so that it gets the same one in steps."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, text
from sqlalchemy.schema import CreateTableAs

from quizfunnel.insight.cells import fingerprints, statement
from quizfunnel.insight.cells.fingerprints import DayFingerprint
from quizfunnel.insight.cells.statement import CellQuery, Keep, Sources
from quizfunnel.insight.rollup.database_sources import earlier_orders, entrants, sources
from quizfunnel.insight.rollup.database_sources import start as clock_start
from quizfunnel.log.clock import millis
from quizfunnel.log.days import date_of
from quizfunnel.log.scope import Scope
from quizfunnel.stats.aggregates import ceiling
from quizfunnel.store.transaction import reading

_INDEXED = {"visitor", "id"}


@dataclass(frozen=True)
class DatabaseLog:
    """The log of one quiz in the store's database, to be rolled up."""

    connection: Connection
    scope: Scope
    at_once: int = 250_000  # visitors whose rows may lie in memory

    @cached_property
    def caps(self) -> Mapping[str, int]:
        """Return the value that 99 % of the orders before the experiment did not exceed, by currency."""
        start = self.connection.execute(entrants(self.scope, millis(func.min(clock_start(self.scope))))).scalar()
        return ceilings(self.connection.execute(earlier_orders(self.scope, before=start)).all()) if start else {}

    def day_fingerprints(self) -> Mapping[int, DayFingerprint]:
        """Return each day's mark."""
        with _keeping(self.connection) as keep:
            rows = self.connection.execute(fingerprints.statement(sources(self.scope), keep=keep)).all()
        return fingerprints.read(map(tuple, rows), caps=self.caps)

    def cells(self, first: int, last: int, *, now: int) -> list[tuple[Any, ...]]:
        """Return the cells of the days from `first` to `last`, ordered by day."""
        since, until = (datetime.combine(date_of(day), time(), UTC) for day in (first, last + 1))
        of_days = sources(self.scope, since=since, until=until)
        return sorted(cells(self.connection, of_days, CellQuery(now, self.caps)), key=itemgetter(1))


def cells(connection: Connection, sources: Sources, question: CellQuery) -> list[tuple[Any, ...]]:
    """Return the rows of `statement.statement` over a database's log."""
    with _keeping(connection) as keep:
        return list(map(tuple, connection.execute(statement.statement(sources, question, keep=keep)).all()))


@contextmanager
def without_statement_timeout(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading that may take its time over a statement."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET statement_timeout = 0")
        yield connection


def ceilings(rows: Iterable[Any]) -> dict[str, int]:
    """Return the cap of each currency, from rows of (currency, net amount, how many orders)."""
    orders: dict[str, dict[int, int]] = {}
    for currency, net, count in rows:
        orders.setdefault(currency, {})[net] = count
    caps = {currency: ceiling(counts) for currency, counts in orders.items()}
    return {currency: cap for currency, cap in caps.items() if cap is not None}


@contextmanager
def _keeping(connection: Connection) -> Iterator[Keep]:
    """Give what names a selection: a temporary table with an index on SQLite, which else would scan for every row."""
    if connection.dialect.name != "sqlite":
        yield Select.cte
        return
    made: list[str] = []

    def keep(selection: Any, name: str) -> Any:
        table = f"cells_{name}"
        create = CreateTableAs(selection, table, temporary=True)
        connection.execute(create)
        made.append(table)
        for column in _INDEXED & set(create.table.c.keys()):
            connection.execute(text(f"CREATE INDEX temp.{table}_{column} ON {table} ({column})"))
        return create.table

    with _snapshot(connection):
        try:
            yield keep
        finally:
            for table in made:
                connection.execute(text(f"DROP TABLE temp.{table}"))


@contextmanager
def _snapshot(connection: Connection) -> Iterator[None]:
    """Hold one state of an SQLite file for several statements."""
    driver: Any = connection.connection.dbapi_connection
    if driver.in_transaction:
        yield
        return
    driver.execute("BEGIN")
    try:
        yield
    finally:
        driver.execute("COMMIT")
