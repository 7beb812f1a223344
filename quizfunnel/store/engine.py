"""Engine of the database, with the settings that keep it safe and quick."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool, SingletonThreadPool

from quizfunnel.store import database_file, private_file
from quizfunnel.store.database_file import OpenFile
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.presence import Presence
from quizfunnel.store.write_lock import WriteLock

Accept: TypeAlias = Callable[[Any, Path], None]
"""Judges a connection of the driver to the file of that path; raises sqlite3.OperationalError."""

SYNCHRONOUS = "NORMAL"  # SQLite's: a commit survives the end of any process; only the durable ones, a loss of power


def open_engine(url: str, *, pooled: bool = True, making: bool | None = None, accept: Accept | None = None) -> Engine:
    """Return an engine for a `sqlite:///` or `postgresql+psycopg://` URL; nothing connects yet.

    SQLite: WAL, synchronous NORMAL, foreign keys on, a connection kept per thread. PostgreSQL: a
    pool, and limits on how long a statement or a lock may take. `pooled=False` closes every
    connection after use, for commands and migrations. Only an engine that is `making` makes a file where
    there is none: by default one that is not pooled. `accept` is shown each new connection to a file with
    its path, and raises OperationalError for one that must not be used: it may be replaced while the server runs.
    """
    if make_url(url).get_backend_name() == "sqlite":
        engine = _open_sqlite(url, pooled=pooled)
        if path := database_path(url):
            _NamedFile(path, making=not pooled if making is None else making, accept=accept).watch(engine)
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


class _NamedFile:
    """The file of a name, as every connection of an engine has it open."""

    def __init__(self, path: Path, *, making: bool, accept: Accept | None) -> None:
        self._path, self._making, self._accept = path, making, accept
        self._turn = Path(f"{path}-turn")  # a name that programs of every version share
        if making:
            path.parent.mkdir(parents=True, exist_ok=True)

    def watch(self, engine: Engine) -> None:
        """Look at the file whenever a connection is opened, taken and closed."""
        event.listen(engine, "do_connect", self._before)
        event.listen(engine, "connect", self._after)
        event.listen(engine, "checkout", _open_anew)
        event.listen(engine, "close", lambda _connection, record: _let_go(record))

    def _before(
        self, _dialect: object, record: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
    ) -> None:
        if not self._making:
            database_file.refuse_missing(self._path)
        with suppress(OSError):
            record.info["presence"] = Presence(self._path)
        with suppress(OSError):
            database_file.set_aside_foreign_log(self._path, self._turn)
        if self._making:
            private_file.make(self._path)
        record.info["file"] = OpenFile(self._path, self._turn)
        arguments[:] = [f"{self._path.as_uri()}?mode={'rwc' if self._making else 'rw'}"]
        options["uri"] = True

    def _after(self, connection: Any, record: ConnectionPoolEntry) -> None:
        try:
            record.info["file"].opened()
            if self._accept is not None:
                self._accept(connection, self._path)
        except BaseException:
            _let_go(record)
            connection.close()
            raise
        with suppress(OSError):  # a full or read-only disk: SQLite's own lock does, where there is anything to write
            record.info["lock"] = WriteLock(self._turn)


def _open_anew(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Close a connection whose file has lost its name; whoever asked for it is given one to the file that has it."""
    file: OpenFile = record.info["file"]
    if not file.is_named():
        file.save(connection, record.info.get("lock"))
        raise DisconnectionError(f"{file.path} is another file by now")


def _let_go(record: ConnectionPoolEntry) -> None:
    for name in ("lock", "presence"):
        held: WriteLock | Presence | None = record.info.pop(name, None)
        if held is not None:
            held.close()


def _set_pragmas(connection: Any, _record: object) -> None:
    pragmas = ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "temp_store=MEMORY")
    for pragma in (*pragmas, "secure_delete=ON"):  # zeros over what is deleted: a forgotten name is not in the file
        connection.execute(f"PRAGMA {pragma}")
