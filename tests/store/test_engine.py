"""The database is opened safely, says when it is away, and one writer waits for another."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy.exc import StatementError

from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.store import transaction
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway, reading, write, writing
from quizfunnel.visit.tables import PageView
from tests.cast import NOON
from tests.conftest import POSTGRES

only_sqlite = pytest.mark.skipif(POSTGRES, reason="about SQLite")


def version(id: str) -> dict[str, object]:
    """Return a row of quiz_version."""
    return {"id": id, "quiz": "coffee", "body": "", "published_at": NOON}


@only_sqlite
def test_sqlite_is_opened_with_what_keeps_it_safe(engine: Engine) -> None:
    """A write-ahead log, foreign keys held, and two seconds of patience."""
    with engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 2000)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_foreign_keys_are_held(engine: Engine) -> None:
    """A row that refers to nothing is refused on either database."""
    row = {"id": "p", "visitor_id": "nobody", "at": NOON, "path": "/"}
    with pytest.raises(Exception, match=r"(?i)foreign key"), writing(engine) as connection:
        connection.execute(insert(PageView).values(row))


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    """A naive moment could mean any; it is no moment."""
    naive = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="without a time zone"), writing(engine) as connection:
        connection.execute(insert(QuizVersion).values(version("v") | {"published_at": naive}))


def test_writers_wait_for_each_other(engine: Engine) -> None:
    """Eight at once, each reading what it then writes: none fails and no count is lost."""
    with writing(engine) as connection:
        connection.execute(insert(QuizVersion).values(version("0")))

    def add(_: int) -> None:
        def verb(connection: Connection) -> None:
            if engine.dialect.name != "sqlite":
                connection.execute(text("LOCK TABLE quiz_version IN EXCLUSIVE MODE"))
            count = connection.execute(select(func.count()).select_from(QuizVersion)).scalar_one()
            connection.execute(insert(QuizVersion).values(version(str(count))))

        write(engine, verb)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(8)))
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(QuizVersion)).scalar_one() == 9


@only_sqlite
def test_a_locked_database_is_away(engine: Engine, database_url: str) -> None:
    """A lock that outlasts the patience is told as DatabaseAway, and the next write works."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAway, match="locked"), writing(engine):
            pass
        other.execute("ROLLBACK")
    with writing(engine) as connection:
        connection.execute(insert(QuizVersion).values(version("v")))


def test_a_database_that_is_not_there_is_away() -> None:
    """Out of reach is the same answer as locked."""
    away = open_engine("postgresql+psycopg://shop@127.0.0.1:1/shop", pooled=False)
    with pytest.raises(DatabaseAway), reading(away):
        pass


class ConflictError(Exception):
    """Errors of the driver when another transaction got in the way."""

    sqlstate = "40001"


@pytest.mark.parametrize(("conflicts", "tries"), [(0, 1), (2, 3)])
def test_a_conflict_is_tried_again(conflicts: int, tries: int, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to three times the whole verb runs anew, from a clean transaction."""
    seen = run_with(conflicts, engine, monkeypatch)
    assert seen == tries


def test_a_third_conflict_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three tries the shopper is asked to try again."""
    with pytest.raises(DatabaseAway):
        run_with(3, engine, monkeypatch)


def run_with(conflicts: int, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a verb that meets so many conflicts; return how often it ran."""
    seen: list[int] = []
    monkeypatch.setattr(transaction.time, "sleep", lambda _seconds: None)  # type: ignore[attr-defined]

    def verb(_: Connection) -> int:
        seen.append(threading.get_ident())
        if len(seen) <= conflicts:
            cause = RuntimeError()
            cause.orig = ConflictError()  # type: ignore[attr-defined]
            raise DatabaseAway("conflict") from cause
        return len(seen)

    return write(engine, verb)
