"""Write probe of the database: whether it can be read and written now, tried at most once in five seconds.

A file that is damaged or another one than it was is told by what is read of it; a full disk and a held lock by
nothing but a write. Each try has a connection of its own: one that is open goes on with pages that it has read before.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, Engine, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from quizfunnel.store import patience
from quizfunnel.store.engine import database_path, open_engine
from quizfunnel.store.transaction import DatabaseAway, reading, write

SECONDS = 5.0  # for which a try is believed


class ProbeLimits(NamedTuple):
    """Limits of one try: seconds of waiting for a lock, and the largest file that is proven page by page.

    Of a larger file a page of each table is read.
    """

    wait_seconds: float = 0.5  # whoever asks for health has a time limit of its own
    whole_bytes: int = 32 * 1024 * 1024


PROBE_LIMITS = ProbeLimits()


class WriteProbe:
    """Probe of one database; safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        mark: Callable[[Connection], None],
        *,
        version: str = "",
        now: Callable[[], float] = time.monotonic,
        limits: ProbeLimits = PROBE_LIMITS,
    ) -> None:
        """Take an engine, what writes one row, and the version that the database needs at least."""
        self._engine, self._mark, self._version, self._now = engine, mark, version, now
        self._limits = limits
        self._path = database_path(engine.url)
        url = engine.url.render_as_string(hide_password=False)
        self._beside = open_engine(url, pooled=False, making=False) if self._path else engine
        self._told: tuple[float, str] | None = None
        self._lock = threading.Lock()

    def failure(self) -> str:
        """Return what keeps the database from serving, "" where nothing does."""
        try:
            with reading(self._engine):  # of a file that has lost its name there is no connection: told at once
                pass
        except DatabaseAway as away:
            return str(away)
        with self._lock:
            if self._told is None or self._now() - self._told[0] >= SECONDS:
                self._told = self._now(), self._try()
            return self._told[1]

    def _try(self) -> str:
        try:
            with patience.at_most(self._limits.wait_seconds):
                self._read()
                write(self._beside, self._mark)
        except DatabaseAway as away:
            return str(away)
        except SQLAlchemyError as error:  # such as a table that is not there
            return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return ""

    def _read(self) -> None:
        """Raise DatabaseAway where the database is damaged, as far as a moment's reading tells."""
        if self._path is None:
            self._refuse_old()
            return
        with reading(self._beside) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            if pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one() <= self._limits.whole_bytes:
                fault = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if fault != "ok":
                    raise DatabaseAway(f"the database file {self._path} is damaged: {fault}")
            else:
                for name in inspect(connection).get_table_names():
                    connection.execute(select(text("*")).select_from(table(name)).limit(1)).first()

    def _refuse_old(self) -> None:
        """Raise DatabaseAway for a server's database that lacks a migration; one may be ahead, waiting for us."""
        if not self._version:
            return
        with reading(self._engine) as connection:
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if version is None or version < self._version:
            raise DatabaseAway(f"is of version {version}, and {self._version} is needed; run quizfunnel migrate")
