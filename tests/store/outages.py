"""Outages of a database: locked by another writer or read-only, so that it can be read, or not there at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NoReturn

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.event import listen, remove

from quizfunnel.schema import metadata
from quizfunnel.store.engine import database_path


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Let another connection hold every table against writers."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(engine.url.database or "", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    with engine.begin() as holder:
        holder.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))
        yield


@contextmanager
def read_only(engine: Engine) -> Iterator[None]:
    """Refuse every writing of this thread (SQLite) or of every new connection (PostgreSQL)."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as own:  # a thread's connection is its only one
            own.exec_driver_sql("PRAGMA query_only = ON")
            yield
            own.exec_driver_sql("PRAGMA query_only = OFF")
        return
    _default_to_reading(engine, "on")
    yield
    _default_to_reading(engine, "off")


@contextmanager
def unreachable(engine: Engine) -> Iterator[None]:
    """Take the file away (SQLite), or let nobody connect (PostgreSQL)."""
    if path := database_path(engine.url):
        away = path.rename(path.with_name("away"))
        yield
        away.rename(path)
        return

    def refuse(*_: object) -> NoReturn:
        raise psycopg.OperationalError("connection refused")

    listen(engine, "do_connect", refuse)
    engine.dispose()
    yield
    remove(engine, "do_connect", refuse)


def _default_to_reading(engine: Engine, state: str) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}')
    engine.dispose()
