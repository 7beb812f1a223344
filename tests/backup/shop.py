"""A shop's store for backups: its database, filled with shoppers who are told apart, and its commands."""

import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import Result

from quizfunnel.store.engine import open_engine
from tests import cast
from tests.commands import run
from tests.tables import make_tables


def make(folder: Path) -> Path:
    """Write the coffee store as the current one, with a database; return the database's file."""
    cast.write_store(folder)
    database = folder / "var" / "quizfunnel.sqlite3"
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    make_tables(engine)
    engine.dispose()
    return database


def add(database: Path, *ids: str) -> None:
    """Let visitors come."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO visitor (id, first_seen, kind, kind_reason, device, channel, landing_page, simulated) "
            "VALUES (?, '2026-03-02 12:00:00', 'shopper', '', '', '', '', 0)",
            [(id,) for id in ids],
        )


def visitors(database: Path) -> list[str]:
    """Return the visitors in a database, which must be sound and lie alone, without a log."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [id for (id,) in connection.execute("SELECT id FROM visitor ORDER BY id")]


def told(*arguments: str, exit_code: int = 0) -> str:
    """Run a command and return what it says, in one line."""
    result: Result = run(*arguments)
    assert result.exit_code == exit_code, result.output
    return " ".join(result.output.split())
