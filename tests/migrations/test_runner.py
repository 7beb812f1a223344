"""Migrations give what the tables say, go back, take turns, and refuse what is not theirs."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.reflection import Inspector

from quizfunnel.migrations import runner
from quizfunnel.migrations.runner import MigrationError
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine
from tests.conftest import POSTGRES


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    """Give an engine on a database without a table."""
    engine = open_engine(empty_database_url, pooled=False)
    yield engine
    engine.dispose()


def tables_of(engine: Engine) -> dict[str, Any]:
    """Return everything that the database says of its tables, apart from Alembic's own."""
    found = inspect(engine)
    return {name: _table(found, name) for name in found.get_table_names() if name != "alembic_version"}


def _table(found: Inspector, name: str) -> dict[str, Any]:
    def by_name(items: Any) -> list[Any]:
        return sorted(items, key=lambda item: str(item.get("name")))

    return {
        "columns": [{**column, "type": str(column["type"])} for column in found.get_columns(name)],
        "key": found.get_pk_constraint(name),
        "foreign": by_name(found.get_foreign_keys(name)),
        "unique": by_name(found.get_unique_constraints(name)),
        "checks": by_name(found.get_check_constraints(name)),
        "indexes": [_index(each) for each in by_name(found.get_indexes(name))],
    }


def _index(found: Any) -> dict[str, Any]:
    """Return an index with the condition of a partial one as text."""
    return {**found, "dialect_options": {key: str(value) for key, value in found.get("dialect_options", {}).items()}}


def test_it_works(empty: Engine) -> None:
    """An empty database is brought to the newest version, and a second time nothing is to be done."""
    assert runner.version(empty) is None
    assert runner.upgrade(empty) == (None, runner.head(), None)
    assert runner.version(empty) == runner.head()
    assert runner.upgrade(empty) == (runner.head(), runner.head(), None)


def test_migrations_give_what_the_tables_say(empty: Engine) -> None:
    """Alembic finds no difference between the migrated database and the tables, and tells one where it is."""
    runner.upgrade(empty)
    runner.compare(empty, metadata)
    with empty.connect() as connection:
        connection.exec_driver_sql("DROP TABLE click")
        connection.commit()
    with pytest.raises(MigrationError):
        runner.compare(empty, metadata)


def test_migrated_equals_created(empty: Engine, engine: Engine) -> None:
    """Columns, keys, checks and indexes, with their names, are those that create_all makes."""
    runner.upgrade(empty)
    assert tables_of(empty) == tables_of(engine)


def test_every_constraint_has_a_name(empty: Engine) -> None:
    """A later step can drop whatever it must, since nothing is nameless on either database."""
    runner.upgrade(empty)
    for name, table in tables_of(empty).items():
        constraints = [table["key"], *table["foreign"], *table["unique"], *table["checks"]]
        assert all(constraint["name"] for constraint in constraints), name


def test_down_leaves_nothing_and_up_comes_back(empty: Engine) -> None:
    """Down to the base leaves no table; up again gives the same tables."""
    runner.upgrade(empty)
    before = tables_of(empty)
    assert runner.downgrade(empty).after is None
    assert tables_of(empty) == {}
    runner.upgrade(empty)
    assert tables_of(empty) == before


def test_processes_take_turns(empty_database_url: str) -> None:
    """Four migrations at once: one does the work, the others find it done, none fails."""

    def migrate(_: int) -> str | None:
        engine = open_engine(empty_database_url, pooled=False)
        try:
            return runner.upgrade(engine).before
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(migrate, range(4)))
    assert sorted(found, key=str) == sorted([None, *[runner.head()] * 3], key=str)


def test_a_database_of_others_is_left_alone(empty: Engine) -> None:
    """Tables that no migration made are named, and nothing is added to them."""
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE shoes (id INTEGER PRIMARY KEY)"))
    with pytest.raises(MigrationError, match=r"has tables \(shoes\).*QUIZFUNNEL_DATABASE_URL"):
        runner.upgrade(empty)
    assert set(tables_of(empty)) == {"shoes"}


def test_a_newer_database_is_left_alone(empty: Engine) -> None:
    """A version that this program does not know is refused with what to do."""
    runner.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-2031'"))
    with pytest.raises(MigrationError, match="newer release"):
        runner.upgrade(empty)


def test_a_failed_step_leaves_nothing_half_done(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails after making tables leaves the database as it was."""

    def fail_after(*given: Any, **named: Any) -> None:
        upgrade(*given, **named)
        raise RuntimeError("the disk went away")

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", fail_after)
    with pytest.raises(RuntimeError, match="the disk went away"):
        runner.upgrade(empty)
    assert inspect(empty).get_table_names() == []


def test_no_address_gives_away_its_password() -> None:
    """A database that cannot be reached is named without its password, and what to do is said."""
    away = open_engine("postgresql+psycopg://shop:hunter2@127.0.0.1:1/shop", pooled=False)
    with pytest.raises(MigrationError) as told:
        runner.upgrade(away)
    assert "hunter2" not in str(told.value)
    assert "cannot be opened" in str(told.value)
    assert "QUIZFUNNEL_DATABASE_URL" in str(told.value)


@pytest.mark.skipif(POSTGRES, reason="only SQLite is copied; PostgreSQL has its own backups")
def test_sqlite_is_copied_first(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a step changes a database with rows, its file is copied as it then was."""
    runner.upgrade(empty)
    with empty.connect() as connection:
        connection.execute(text("INSERT INTO quiz_version VALUES ('v', 'coffee', 'body', '2026-03-02', '{}')"))
    head = runner.head()
    monkeypatch.setattr(runner, "head", lambda: "next")
    outcome = runner.upgrade(empty)
    assert outcome.copy == Path(f"{empty.url.database}.before-next-was-{head}")
    assert outcome.copy is not None
    with closing(sqlite3.connect(outcome.copy)) as copy:
        assert copy.execute("SELECT quiz FROM quiz_version").fetchall() == [("coffee",)]
