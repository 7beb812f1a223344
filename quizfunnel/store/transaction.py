"""Transactions, for reading and for writing: the only two ways to the database."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from quizfunnel.store import patience
from quizfunnel.store.database_file import OpenFile
from quizfunnel.store.engine import SYNCHRONOUS
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.write_lock import WriteLock
from quizfunnel.telemetry import counters

T = TypeVar("T")

_TRIES = 3
_LOOK_AGAIN = 0.005  # seconds of waiting for a turn, after which the file may have been lost
_NEARLY_ALL = WAIT_SECONDS - 0.1
_RETRIABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock
_AWAY = _RETRIABLE | {"55P03", "25006"}  # a lock that was not to be had, a database that is read-only
_NO_ROOM = "disk is full", "disk i/o error", "no space left", "could not extend file"
_BUSY = "is locked", "lock timeout"
_CLOSED = "readonly", "read-only"
_CORRUPT = sqlite3.DatabaseError  # itself and none of its kinds: the file is damaged, or no database


class DatabaseAway(Exception):  # noqa: N818 - it is a state of the world, not a mistake
    """The database is locked, full or out of reach; the same call may work in a moment."""


def remedy(away: DatabaseAway) -> str:
    """Return what to look at, by what the database said."""
    message = str(away).lower()
    if any(words in message for words in _NO_ROOM):
        return "look at the disk's room"
    if any(words in message for words in _BUSY):
        return "another process is writing; try again in a moment"
    if any(words in message for words in _CLOSED):
        return "look at who may write there"
    return "look at QUIZFUNNEL_DATABASE_URL"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for reading; raise DatabaseAway when there is none to be had."""
    with _translated("reading"), _connected(engine) as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, durable: bool = False) -> Iterator[Connection]:
    """Yield a connection inside one transaction that commits at the end or leaves nothing.

    On SQLite it is BEGIN IMMEDIATE: the write lock is taken before the first read, so that what
    was read still holds at the commit. A `durable` one is on the disk when it is over, and survives
    a loss of power; others survive the end of a process.
    """
    with _translated("writing"), _connected(engine) as connection:
        transaction = _in_file if engine.dialect.name == "sqlite" else _on_server
        with transaction(connection, patience.until(), durable=durable):
            yield connection


def _connected(engine: Engine) -> Connection:
    """Return a connection, and count it where there was a wait for one."""
    began = time.monotonic()
    connection = engine.connect()
    counters.waited(time.monotonic() - began, "connection")
    return connection


@contextmanager
def _on_server(connection: Connection, until: float, *, durable: bool) -> Iterator[None]:
    with connection.begin():
        if (left := until - time.monotonic()) < _NEARLY_ALL:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, int(left * 1000))}")  # 0: for ever
        if durable:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = on")  # whatever the server is set to
        yield


@contextmanager
def _in_file(connection: Connection, until: float, *, durable: bool) -> Iterator[None]:
    driver: Any = connection.connection.dbapi_connection
    if driver.in_transaction:  # a transaction inside another one is part of it
        if durable:
            raise RuntimeError("a durable transaction cannot be part of another one, which may be less")
        yield
        return
    lock: WriteLock | None = connection.connection.info.get("lock")
    file: OpenFile | None = connection.connection.info.get("file")
    looked = time.monotonic()  # at the file, when the connection was taken
    if lock is not None:
        lock.acquire(until - time.monotonic())
    try:
        with _synchronous(driver, full=durable):
            _begin(driver, until)
            counters.waited(waited := time.monotonic() - looked, "turn")
            if file is not None and waited > _LOOK_AGAIN:
                file.refuse_lost()
            yield
            driver.execute("COMMIT")
        if file is not None:
            file.refuse_lost()  # only what is found again is acknowledged
    finally:
        if lock is not None:
            lock.release()


@contextmanager
def _synchronous(driver: Any, *, full: bool) -> Iterator[None]:
    """Let a `full` transaction of SQLite wait for the disk at its commit; roll back what has failed."""
    if full:
        driver.execute("PRAGMA synchronous = FULL")  # SQLite takes it outside of a transaction alone
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        raise
    finally:
        if full:
            driver.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")


def _begin(driver: Any, until: float) -> None:
    """Take SQLite's write lock, waiting no longer than `until`."""
    if (left := until - time.monotonic()) >= _NEARLY_ALL:  # the connection's own limit does
        driver.execute("BEGIN IMMEDIATE")
        return
    driver.execute(f"PRAGMA busy_timeout = {max(0, int(left * 1000))}")
    try:
        driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000:.0f}")


def write(engine: Engine, verb: Callable[[Connection], T], *, durable: bool = False) -> T:
    """Run `verb` in one writing transaction, up to three times when another one got in its way."""
    for attempt in range(1, _TRIES + 1):
        try:
            with counters.AtCommit(), writing(engine, durable=durable) as connection:
                return verb(connection)
        except DatabaseAway as error:
            state = getattr(getattr(error.__cause__, "orig", None), "sqlstate", None)
            if state not in _RETRIABLE or attempt == _TRIES:
                raise
            time.sleep(0.01 * attempt)
    raise AssertionError("unreachable")


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError, sqlite3.OperationalError) as error:
        raise _away(_message(getattr(error, "orig", error)), what) from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated or state in _AWAY or type(error.orig) is _CORRUPT:
            raise _away(_message(error.orig), what) from error
        raise
    except sqlite3.DatabaseError as error:
        if type(error) is _CORRUPT:
            raise _away(str(error), what) from error
        raise


def _away(message: str, what: str) -> DatabaseAway:
    counters.count(counters.AWAY, what)
    return DatabaseAway(message)


def _message(error: BaseException | None) -> str:
    """Return an error's message without PostgreSQL's details, which name the row or process that it was met at."""
    return getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
