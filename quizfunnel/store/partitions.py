"""Partitions by month on PostgreSQL: made ahead for months to come, and dropped whole when they are too old.

SQLite has none, and there these do nothing. A month whose rows lie in the partition of last resort already stays
there: it is purged row by row, and nothing is ever moved under a lock.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

from quizfunnel.store.transaction import writing
from quizfunnel.store.types import REST, month_of

AHEAD = 3  # months, this one among them


def parted_tables() -> tuple[str, ...]:
    """Return the names of the tables that are partitioned by month."""
    tables = SQLModel.metadata.sorted_tables
    return tuple(each.name for each in tables if each.dialect_options["postgresql"]["partition_by"])


def make_ahead(engine: Engine, *, now: datetime) -> list[str]:
    """Make the partitions of this month and the next ones that are not there; return their names."""
    if engine.dialect.name != "postgresql":
        return []
    made = []
    for table in parted_tables():
        for month in _months(now):
            with writing(engine) as connection:
                if _make(connection, table, month):
                    made.append(_name(table, month))
    return made


def drop_before(engine: Engine, table: str, month: int) -> list[str]:
    """Drop a table's partitions of months before `month`; return their names."""
    if engine.dialect.name != "postgresql":
        return []
    with writing(engine) as connection:
        old = [name for name in _partitions(connection, table) if int(name.rpartition("_")[2]) < month]
    for name in old:
        with writing(engine) as connection:
            connection.execute(text(f"DROP TABLE {name}"))
    return old


def _months(now: datetime) -> Iterator[int]:
    year, month = divmod(month_of(now), 100)
    for count in range(AHEAD):
        years, months = divmod(month - 1 + count, 12)
        yield (year + years) * 100 + months + 1


def _make(connection: Connection, table: str, month: int) -> bool:
    name = _name(table, month)
    in_rest = text(f"SELECT 1 FROM {table}{REST} WHERE month = {month} LIMIT 1")  # noqa: S608 - names of our own
    if name in _partitions(connection, table) or connection.execute(in_rest).first():
        return False
    # A table of its own that is attached afterwards: whoever writes to another month is not kept waiting.
    connection.execute(text(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)"))
    connection.execute(text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({month}) TO ({month + 1})"))
    return True


def _partitions(connection: Connection, table: str) -> list[str]:
    statement = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:parent AS regclass)")
    names = connection.execute(statement, {"parent": table}).scalars()
    return sorted(name for name in names if not name.endswith(REST))


def _name(table: str, month: int) -> str:
    return f"{table}_{month}"
