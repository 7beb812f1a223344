"""Migration runner: brings a database to a version, in one transaction, one process at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, inspect
from sqlalchemy.exc import DBAPIError

from quizfunnel.store import private_file
from quizfunnel.store.transaction import DatabaseAway, writing

_LOCK = 0x71756966756E6E65  # "quifunne": the advisory lock that every process of this program takes
_WAIT_SECONDS = 120  # how long another process's migration is waited for


class MigrationError(Exception):
    """A database that this program cannot bring to its version; the text says the remedy."""


class MigrationResult(NamedTuple):
    """Versions before and after a migration, and the copy that was made before; None is an empty database."""

    before: str | None
    after: str | None
    copy: Path | None = None


def head() -> str | None:
    """Return the version that this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def version(engine: Engine) -> str | None:
    """Return the version that the database has, None before the first migration."""
    with _told(engine), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> MigrationResult:
    """Bring the database to `head`; a second process waits and finds nothing to do.

    SQLite's file is copied first where there is anything in it. Either every step is done or none.
    """
    with _told(engine), _alone(engine) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        if before == head():
            return MigrationResult(before, before)
        _refuse_strange(connection, before)
        copy = _copy(engine, before) if before else None
        command.upgrade(_config(connection), "head")
        return MigrationResult(before, head(), copy)


def downgrade(engine: Engine, target: str = "base") -> MigrationResult:
    """Take the database back to `target`, an earlier version; what only later ones hold is lost."""
    with _told(engine), _alone(engine) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.downgrade(_config(connection), target)
        return MigrationResult(before, MigrationContext.configure(connection).get_current_revision())


def compare(engine: Engine, metadata: MetaData) -> None:
    """Raise MigrationError where the migrated database is not what the tables say."""
    with _told(engine), _alone(engine) as connection:
        command.check(_config(connection, metadata))


def generate(engine: Engine, metadata: MetaData, *, name: str) -> Path | None:
    """Write the step from the database at `head` to the tables, and return its file."""
    with _alone(engine) as connection:
        revision = f"{len(list(ScriptDirectory.from_config(_config()).walk_revisions())) + 1:04d}"
        script = command.revision(_config(connection, metadata), message=name, autogenerate=True, rev_id=revision)
    return Path(script.path) if script and not isinstance(script, list) else None


def _config(connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    config = Config(attributes={"connection": connection, "metadata": metadata})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that no other process's migration can share."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT_SECONDS * 1000}")
            # a table is rebuilt to be changed, which must not cascade; looked at again before the commit
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                _refuse_dangling(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                connection.invalidate()  # its pragmas must not go back to the pool
        return
    with writing(engine) as connection:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout='{_WAIT_SECONDS}s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout=0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


def _refuse_dangling(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise MigrationError(f"a row of {broken[0]} would refer to one of {broken[2]} that is not there")


def _refuse_strange(connection: Connection, before: str | None) -> None:
    if before is not None:
        return
    tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    if tables:
        raise MigrationError(
            f"the database has tables ({', '.join(tables[:3])}) but was not made by this program's migrations; "
            "name an empty one in QUIZFUNNEL_DATABASE_URL, or move this one away"
        )


def _copy(engine: Engine, before: str) -> Path | None:
    """Copy SQLite's file while the write lock is held, so that the copy is the last state before."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    if not name or name == ":memory:":
        return None
    target = Path(f"{name}.before-{head()}-was-{before}")
    private_file.make(target)
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Turn what the database or Alembic says into what to do about it."""
    where = engine.url.render_as_string(hide_password=True)
    try:
        yield
    except CommandError as error:
        raise MigrationError(
            f"{where}: {error}. Where it is of a newer release than this program: install that release, or put back "
            "the copy that was made before it"
        ) from error
    except (DatabaseAway, DBAPIError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise MigrationError(
            f"{where} cannot be opened: {reason}. Look whether its server runs and lets this user in, and at "
            "QUIZFUNNEL_DATABASE_URL"
        ) from error
