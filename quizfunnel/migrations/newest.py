"""Newest version of the database that this program has a step to, told without the library that takes the steps."""

import sqlite3
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def newest() -> str:
    """Return the version that this program works with, by its scripts' names; the same as `runner.head`."""
    return max(script.name.partition("_")[0] for script in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def version_in(connection: sqlite3.Connection) -> str | None:
    """Return the version that an SQLite database says it is of, None where it has no tables of this program."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    return str(row[0]) if row else None


def refuse_other(connection: sqlite3.Connection, path: Path) -> None:
    """Raise OperationalError for a database that is not of the newest version."""
    version = version_in(connection)
    if version != newest():
        state = f"is of version {version}" if version else "has no tables of this program"
        raise sqlite3.OperationalError(f"the database {path} {state}, and {newest()} is needed; run quizfunnel migrate")
