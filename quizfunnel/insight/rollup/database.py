"""Database log: the log of one quiz in the store's database, to be rolled up."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine

from quizfunnel.insight.cells import fingerprints
from quizfunnel.insight.cells.fingerprints import DayFingerprint
from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup import database_statements
from quizfunnel.log.days import date_of
from quizfunnel.log.scope import Scope
from quizfunnel.stats.aggregates import ceiling
from quizfunnel.store.transaction import reading


@dataclass(frozen=True)
class DatabaseLog:
    """The log of one quiz in the store's database, to be rolled up."""

    connection: Connection
    scope: Scope
    at_once: int = 250_000  # visitors whose rows may lie in memory

    @cached_property
    def caps(self) -> Mapping[str, int]:
        """Return the value that 99 % of the orders before the experiment did not exceed, by currency."""
        return ceilings(database_statements.earlier(self.connection, self.scope))

    def day_fingerprints(self) -> Mapping[int, DayFingerprint]:
        """Return each day's mark."""
        return fingerprints.read(database_statements.day_fingerprints(self.connection, self.scope), caps=self.caps)

    def cells(self, first: int, last: int, *, now: int) -> list[tuple[Any, ...]]:
        """Return the cells of the days from `first` to `last`, ordered by day."""
        since, until = (datetime.combine(date_of(day), time(), UTC) for day in (first, last + 1))
        question = CellQuery(now, self.caps)
        rows = database_statements.cells(self.connection, self.scope, question, since=since, until=until)
        return sorted(rows, key=itemgetter(1))


@contextmanager
def without_statement_timeout(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading that may take its time over a statement."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":  # where the engine ends a statement after a minute
            connection.exec_driver_sql("SET statement_timeout = 0")
        yield connection


def ceilings(rows: Iterable[Any]) -> dict[str, int]:
    """Return the cap of each currency, from rows of (currency, net amount, how many orders)."""
    orders: dict[str, dict[int, int]] = {}
    for currency, net, count in rows:
        orders.setdefault(currency, {})[net] = count
    caps = {currency: ceiling(counts) for currency, counts in orders.items()}
    return {currency: cap for currency, cap in caps.items() if cap is not None}
