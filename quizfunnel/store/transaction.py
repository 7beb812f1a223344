"""Reading and writing: the only two ways to the database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

T = TypeVar("T")

_TRIES = 3
_RETRIABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


class DatabaseAway(Exception):  # noqa: N818 - it is a state of the world, not a mistake
    """The database is locked, full or out of reach; the same call may work in a moment."""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading; raise DatabaseAway when there is none to be had."""
    with _translated(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one transaction that commits at the end or leaves nothing.

    On SQLite it is BEGIN IMMEDIATE: the write lock is taken before the first read, so that what
    was read still holds at the commit.
    """
    with _translated(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise
        else:
            with connection.begin():
                yield connection


def write(engine: Engine, verb: Callable[[Connection], T]) -> T:
    """Run `verb` in one writing transaction, up to three times when another one got in its way."""
    for attempt in range(1, _TRIES + 1):
        try:
            with writing(engine) as connection:
                return verb(connection)
        except DatabaseAway as error:
            state = getattr(getattr(error.__cause__, "orig", None), "sqlstate", None)
            if state not in _RETRIABLE or attempt == _TRIES:
                raise
            time.sleep(0.01 * attempt)
    raise AssertionError("unreachable")


def _roll_back(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None and getattr(driver, "in_transaction", False):
        connection.exec_driver_sql("ROLLBACK")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise DatabaseAway(str(getattr(error, "orig", error))) from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated or state in _RETRIABLE or state == "55P03":
            raise DatabaseAway(str(error.orig)) from error
        raise
