"""Engine of the database, with the settings that keep it safe and quick."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool, SingletonThreadPool

from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.write_lock import WriteLock

SYNCHRONOUS = "NORMAL"  # SQLite's: a commit survives the end of any process; only the durable ones, a loss of power


def open_engine(url: str, *, pooled: bool = True) -> Engine:
    """Return an engine for a `sqlite:///` or `postgresql+psycopg://` URL; nothing connects yet.

    SQLite: WAL, synchronous NORMAL, foreign keys on, a connection kept per thread. PostgreSQL: a
    pool, and limits on how long a statement or a lock may take. `pooled=False` closes every
    connection after use, for commands and migrations.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, pooled=pooled)
    return create_engine(
        url,
        poolclass=QueuePool if pooled else NullPool,
        hide_parameters=True,  # what shoppers answered and bought has no place in a log
        **({"pool_pre_ping": True, "pool_timeout": WAIT_SECONDS} if pooled else {}),
        connect_args={
            "connect_timeout": int(WAIT_SECONDS),
            "options": f"-c timezone=UTC -c lock_timeout={WAIT_SECONDS:.0f}s -c statement_timeout=60s",
        },
    )


def _open_sqlite(url: str, *, pooled: bool) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=SingletonThreadPool if pooled else NullPool,
        hide_parameters=True,
        **({"pool_size": 64} if pooled else {}),
        # Transactions are begun and ended by our own statements. A rollback whenever a connection is
        # given back would end the transaction around a read inside it: they share the thread's connection.
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        connect_args={"timeout": WAIT_SECONDS},
    )
    event.listen(engine, "connect", _set_pragmas)
    if database and database != ":memory:":
        beside = Path(f"{database}-turn")  # a name that programs of every version share
        event.listen(engine, "connect", lambda _connection, record: _open_lock(record, beside))
        event.listen(engine, "close", lambda _connection, record: _close_lock(record))
    return engine


def _open_lock(record: ConnectionPoolEntry, path: Path) -> None:
    with suppress(OSError):  # a full or read-only disk: SQLite's own lock does, where there is anything to write
        record.info["lock"] = WriteLock(path)


def _close_lock(record: ConnectionPoolEntry) -> None:
    lock: WriteLock | None = record.info.pop("lock", None)
    if lock is not None:
        lock.close()


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
