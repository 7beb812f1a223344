"""The newest version is told without loading the migrations' library, and any other is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quizfunnel.migrations import runner
from quizfunnel.migrations.newest import newest, refuse_other


def test_the_newest_is_the_runners_head() -> None:
    """One by the scripts' names, the other by what is written in them."""
    assert newest() == runner.head()


@pytest.mark.parametrize(
    ("version", "told"),
    [(None, "has no tables of this program"), ("0001", "is of version 0001"), ("9999", "is of version 9999")],
)
def test_any_other_is_refused(version: str | None, told: str) -> None:
    """A database without our tables, an older one and one of a newer release."""
    with closing(sqlite3.connect(":memory:")) as connection:
        if version:
            connection.execute("CREATE TABLE alembic_version (version_num)")
            connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
        with pytest.raises(sqlite3.OperationalError, match=f"{told}, and {newest()} is needed; run quizfunnel migrate"):
            refuse_other(connection, Path("shop.sqlite3"))
        connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num)")
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (newest(),))
        refuse_other(connection, Path("shop.sqlite3"))
