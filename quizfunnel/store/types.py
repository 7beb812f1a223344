"""Column types and names of constraints that are the same on every database."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, Table, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# A migration can only drop what has a name, and the two databases would invent different ones. Every
# tables.py imports this module before its first table, and names its CHECKs itself.
SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python whichever database holds it; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its signature
        """Refuse a naive moment and turn any other into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its signature
        """Give SQLite's naive moments their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PARTITIONED = {"postgresql_partition_by": "RANGE (month)"}
"""Table arguments of rows that are kept for a while only: PostgreSQL drops a month of them at once."""

REST = "_rest"  # ends the name of the partition that holds what no month's partition does


def is_partition(table: str) -> bool:
    """Tell whether a table is a partition of another, by its name: that of last resort, or a month's."""
    return re.search(r"_(rest|\d{6})$", table) is not None


def month_of(moment: datetime) -> int:
    """Return a moment's month, in UTC, as the keys of partitioned tables hold it: 202603."""
    utc = moment.astimezone(UTC)
    return utc.year * 100 + utc.month


class month(GenericFunction[int]):  # noqa: N801 - it reads as a function in a statement
    """The month of a stored moment, as `month_of` gives it."""

    type = Integer()
    inherit_cache = True


@compiles(month, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(strftime('%Y%m', {compiler.process(element.clauses, **more)}) AS INTEGER)"


@compiles(month, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(to_char({compiler.process(element.clauses, **more)} AT TIME ZONE 'UTC', 'YYYYMM') AS INTEGER)"


def month_of_at(context: Any) -> int:
    """Return the month of a row that is being written, by its `at`: a column's default."""
    return month_of(context.get_current_parameters()["at"])


@event.listens_for(SQLModel.metadata, "after_create")
def _add_rest(_: MetaData, connection: Connection, *, tables: Iterable[Table], **_more: Any) -> None:
    """Give partitioned tables their partition of last resort, so that a row of any month can be written."""
    for table in tables:
        if connection.dialect.name == "postgresql" and table.dialect_options["postgresql"]["partition_by"]:
            connection.exec_driver_sql(f"CREATE TABLE {table.name}{REST} PARTITION OF {table.name} DEFAULT")


def columns(table: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """Return the columns of a table's class for Core statements, which SQLModel's attributes are not typed for."""
    of_table: ReadOnlyColumnCollection[str, Column[Any]] = table.__table__.c  # type: ignore[attr-defined]
    return of_table
