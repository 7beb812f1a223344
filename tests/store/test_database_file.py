"""Laws of the database's file: what is open is what has the name, or nothing is read and nothing acknowledged."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from quizfunnel.store.engine import database_path, open_engine
from quizfunnel.store.presence import InUse, alone
from quizfunnel.store.transaction import DatabaseAway, reading, writing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the file of a database with one table."""
    path = tmp_path / "shop ?#.sqlite3"  # a name that a URI would read otherwise
    write(path, "begin")
    return path


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    """Give an engine as the server has it, with a connection open and a row that stands in the log alone."""
    engine = open_engine(f"sqlite:///{file}".replace("?", "%3F").replace("#", "%23"))
    add(engine, "open")
    yield engine
    engine.dispose()


def write(path: Path, row: str) -> None:
    """Write a database that has one row, and no log beside it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (?)", (row,))


def add(engine: Engine, row: str) -> None:
    """Add a row."""
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO t VALUES (:row)"), {"row": row})


def rows(engine: Engine) -> list[str]:
    """Return every row."""
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT a FROM t")).scalars())


def sound(path: Path) -> list[str]:
    """Return every row of the file of a name, as another program reads them, once it was proven sound."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row for (row,) in connection.execute("SELECT a FROM t")]


def test_a_deleted_file_is_away_and_not_made_anew(engine: Engine, file: Path) -> None:
    """Neither read nor written, by the name in words; SQLite by itself would go on, or begin an empty one."""
    file.unlink()
    for use in (lambda: add(engine, "lost"), lambda: rows(engine)):
        with pytest.raises(DatabaseAway, match=r"shop \?#.sqlite3 is not there; put it back"):
            use()
    assert not file.exists()


def test_a_file_that_was_moved_and_is_back_has_everything(engine: Engine, file: Path) -> None:
    """What stood in the log alone is there when the file has its name again, and work goes on."""
    moved = file.with_name("moved")
    file.rename(moved)
    with pytest.raises(DatabaseAway):
        add(engine, "lost")
    moved.rename(file)
    add(engine, "more")
    assert rows(engine) == ["begin", "open", "more"]


@pytest.mark.parametrize("asked_first", [True, False])
def test_another_file_of_the_name_is_opened_without_the_log_of_the_one_before(
    engine: Engine, file: Path, *, asked_first: bool
) -> None:
    """By whoever had the one before open, or by another process that opens it first: sound, and with its own rows."""
    other = file.with_name("other")
    write(other, "other")
    log = Path(f"{file}-wal")
    log.chmod(0o644)
    os.utime(log, (0, 0))
    other.replace(file)
    if not asked_first:
        script = "import sys; from quizfunnel.store.engine import *; open_engine(sys.argv[1], pooled=False).connect()"
        subprocess.run([sys.executable, "-c", script, str(engine.url)], check=True)
    add(engine, "more")
    assert rows(engine) == ["other", "more"]
    engine.dispose()
    assert sound(file) == ["other", "more"]
    (kept,) = file.parent.glob("*.of-file-*")
    assert kept.stat().st_mode & 0o077 == 0, "it holds what people wrote"
    assert kept.stat().st_mtime > 0, "its age is counted from now"


def test_what_is_written_while_the_file_is_lost_is_not_acknowledged(engine: Engine, file: Path) -> None:
    """The file goes between the first row and the commit: the commit is in no file that has the name."""
    with pytest.raises(DatabaseAway, match="moved, replaced or deleted"), writing(engine) as connection:  # noqa: PT012
        connection.execute(text("INSERT INTO t VALUES ('lost')"))
        file.unlink()


def test_a_log_that_was_deleted_costs_nothing(engine: Engine, file: Path) -> None:
    """What it held is saved into the database by whoever still has it open."""
    Path(f"{file}-wal").unlink()
    add(engine, "more")
    assert rows(engine) == ["begin", "open", "more"]
    engine.dispose()
    assert sound(file) == ["begin", "open", "more"]


def test_a_copy_of_the_whole_folder_keeps_its_log(engine: Engine, file: Path) -> None:
    """Files that were copied with their log belong together, though none is the one that was noted."""
    copy = file.parent / "copy"
    copy.mkdir()
    for part in file.parent.glob("shop*"):
        shutil.copyfile(part, copy / part.name)
    copied = open_engine(f"sqlite:///{copy / file.name}".replace("?", "%3F").replace("#", "%23"))
    assert rows(copied) == ["begin", "open"]
    copied.dispose()


def test_only_a_maker_makes_a_file(tmp_path: Path) -> None:
    """A server that finds none says so; a migration makes it, and its folder."""
    url = f"sqlite:///{tmp_path / 'var' / 'new.sqlite3'}"
    for engine in (open_engine(url), open_engine(url, pooled=False, making=False)):
        with pytest.raises(DatabaseAway, match="is not there"), reading(engine):
            pass
    assert not (tmp_path / "var").exists()
    with open_engine(url, pooled=False).connect():
        assert (tmp_path / "var" / "new.sqlite3").exists()


def test_what_has_no_file_has_no_path() -> None:
    """A server's database and one in memory."""
    assert database_path("postgresql+psycopg://shop@127.0.0.1/shop") is None
    assert database_path("sqlite://") is None


def test_a_file_that_is_not_accepted_is_not_used(tmp_path: Path) -> None:
    """Each new connection is judged, and the next file of the name anew; a refusal leaves nothing open."""
    path = tmp_path / "shop.sqlite3"

    def accept(connection: sqlite3.Connection, at: Path) -> None:
        if connection.execute("SELECT a FROM t").fetchone() != ("right",):
            raise sqlite3.OperationalError(f"{at.name} is not the right one")

    engine = open_engine(f"sqlite:///{path}", accept=accept)
    for row in ("wrong", "right", "wrong"):
        write(tmp_path / "other", row)
        (tmp_path / "other").replace(path)
        if row == "right":
            add(engine, "kept")
            assert rows(engine) == ["right", "kept"]
        else:
            with pytest.raises(DatabaseAway, match=r"shop.sqlite3 is not the right one"):
                add(engine, "lost")
            with alone(path):
                pass
    engine.dispose()


def test_whoever_has_it_open_is_known_to_be_there(engine: Engine, file: Path) -> None:
    """A restore waits for nobody: it is refused while a connection is open, and lets nobody open one while it works."""
    with pytest.raises(InUse), alone(file):
        pass
    engine.dispose()
    with alone(file), pytest.raises(DatabaseAway, match="being restored"):
        rows(engine)
    assert rows(engine) == ["begin", "open"]
