"""Upserts: inserts that keep or replace the row that is there already, on either database."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlmodel import SQLModel

Excluded = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
"""The columns of the row that was to be inserted."""


def insert_once(dialect: str, table: type[SQLModel]) -> Insert:
    """Return an INSERT that leaves a row of the same key as it is."""
    return _insert(dialect, table).on_conflict_do_nothing()


def upsert(
    dialect: str,
    table: type[SQLModel],
    *,
    key: Sequence[str],
    replaced: Sequence[str],
    where: Callable[[Excluded], ColumnElement[bool]] | None = None,
) -> Insert:
    """Return an INSERT that writes the `replaced` columns over those of a row of the same `key`.

    With `where` only over a row that the condition holds for; it is given the columns of the new one.
    """
    new = _insert(dialect, table)
    return new.on_conflict_do_update(
        index_elements=list(key),
        set_={name: new.excluded[name] for name in replaced},
        where=where(new.excluded) if where else None,
    )


def add_up(dialect: str, table: type[SQLModel], *, key: Sequence[str], added: Sequence[str]) -> Insert:
    """Return an INSERT that adds the `added` columns to those of a row of the same `key`."""
    new = _insert(dialect, table)
    sums = {name: getattr(table, name) + new.excluded[name] for name in added}
    return new.on_conflict_do_update(index_elements=list(key), set_=sums)


def _insert(dialect: str, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
