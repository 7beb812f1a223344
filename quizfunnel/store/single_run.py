"""Single run: a lock on a database for work of which one may be under way; a second run does not wait for it."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system: two at once then do the same work twice
    fcntl = None  # type: ignore[assignment]


class Busy(Exception):  # noqa: N818 - it is a state of the world, not a mistake
    """The same work is under way already."""


@contextmanager
def single_run(engine: Engine, name: str) -> Iterator[None]:
    """Hold the work `name` on a database, or raise Busy; the system releases it when a process is killed."""
    if engine.dialect.name == "postgresql":
        with _on_server(engine, name):
            yield
        return
    file = engine.url.database
    if fcntl is None or not file or file == ":memory:":
        yield
        return
    with _on_file(Path(f"{file}-{name}")):
        yield


@contextmanager
def _on_server(engine: Engine, name: str) -> Iterator[None]:
    key = zlib.crc32(f"quizfunnel {name}".encode())
    with engine.connect() as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({key})").scalar_one():
            raise Busy(name)
        connection.rollback()  # the lock is the session's: no transaction stays open for hours
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key})")


@contextmanager
def _on_file(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path.name) from None
        yield
    finally:
        os.close(handle)
