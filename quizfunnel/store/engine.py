"""Engine of the database, with the settings that keep it safe and quick."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool, SingletonThreadPool

from quizfunnel.store import database_file
from quizfunnel.store.database_file import OpenFile
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.write_lock import WriteLock

SYNCHRONOUS = "NORMAL"  # SQLite's: a commit survives the end of any process; only the durable ones, a loss of power


def open_engine(url: str, *, pooled: bool = True, making: bool | None = None, version: str = "") -> Engine:
    """Return an engine for a `sqlite:///` or `postgresql+psycopg://` URL; nothing connects yet.

    SQLite: WAL, synchronous NORMAL, foreign keys on, a connection kept per thread. PostgreSQL: a
    pool, and limits on how long a statement or a lock may take. `pooled=False` closes every
    connection after use, for commands and migrations. Only an engine that is `making` makes a file where
    there is none: by default one that is not pooled. One of a `version` connects to no file of another version:
    the file may be replaced while the server runs.
    """
    if make_url(url).get_backend_name() == "sqlite":
        engine = _open_sqlite(url, pooled=pooled)
        if path := database_path(url):
            _watch(engine, path, making=not pooled if making is None else making, version=version)
        return engine
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


def database_path(url: str | URL) -> Path | None:
    """Return the file of a database, None for one in memory or on a server."""
    parts = make_url(url)
    name = parts.database if parts.get_backend_name() == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" and not name.startswith("file:") else None


def _open_sqlite(url: str, *, pooled: bool) -> Engine:
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
    return engine


def _watch(engine: Engine, path: Path, *, making: bool, version: str) -> None:
    """Let every connection have the writers' lock, and be to the file that has the name `path`."""
    beside = Path(f"{path}-turn")  # a name that programs of every version share
    if making:
        path.parent.mkdir(parents=True, exist_ok=True)

    def before(_dialect: object, record: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]) -> None:
        if not making:
            database_file.refuse_missing(path)
        with suppress(OSError):
            database_file.set_aside_foreign_log(path, beside)
        record.info["file"] = OpenFile(path, beside)
        arguments[:] = [f"{path.as_uri()}?mode={'rwc' if making else 'rw'}"]
        options["uri"] = True

    def after(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["file"].opened()
        if version:
            database_file.refuse_version(connection, path, version)
        with suppress(OSError):  # a full or read-only disk: SQLite's own lock does, where there is anything to write
            record.info["lock"] = WriteLock(beside)

    event.listen(engine, "do_connect", before)
    event.listen(engine, "connect", after)
    event.listen(engine, "checkout", _open_anew)
    event.listen(engine, "close", lambda _connection, record: _close_lock(record))


def _open_anew(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Close a connection whose file has lost its name; whoever asked for it is given one to the file that has it."""
    file: OpenFile = record.info["file"]
    if not file.is_named():
        file.save(connection, record.info.get("lock"))
        raise DisconnectionError(f"{file.path} is another file by now")


def _close_lock(record: ConnectionPoolEntry) -> None:
    lock: WriteLock | None = record.info.pop("lock", None)
    if lock is not None:
        lock.close()


def _set_pragmas(connection: Any, _record: object) -> None:
    pragmas = ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "temp_store=MEMORY")
    for pragma in (*pragmas, "secure_delete=ON"):  # zeros over what is deleted: a forgotten name is not in the file
        connection.execute(f"PRAGMA {pragma}")
