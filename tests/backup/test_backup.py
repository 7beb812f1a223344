"""Laws of `quizfunnel backup`: one whole file of one moment, taken while others write, and no other file harmed."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quizfunnel.migrations import runner
from quizfunnel.migrations.newest import version_in
from quizfunnel.store.engine import open_engine
from tests.backup import shop


@pytest.fixture
def database(folder: Path) -> Path:
    """Give the database of a shop that Anna came to."""
    database = shop.make(folder)
    shop.add(database, "anna")
    return database


def test_it_works(database: Path, folder: Path) -> None:
    """The file has what the database has, for its owner alone, with nothing beside it; the facts are said."""
    said = shop.told("backup", "monday.sqlite3")
    assert "1 visitor, 0 attempts, 0 answers, 0 orders Backup in monday.sqlite3, proven whole" in said
    assert shop.visitors(folder / "monday.sqlite3") == ["anna"]
    assert (folder / "monday.sqlite3").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.glob("monday*")] == ["monday.sqlite3"]


def test_it_is_of_one_moment_while_others_write(database: Path, folder: Path) -> None:
    """What stands in the log alone is in it; what is being written and not committed is not, and nobody waits."""
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        shop.add(database, "ben")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM visitor")
        shop.told("backup", "monday.sqlite3")
        writer.execute("ROLLBACK")
    assert shop.visitors(folder / "monday.sqlite3") == ["anna", "ben"]


def test_no_file_is_written_over_by_mistake(database: Path, folder: Path) -> None:
    """One that is there stays, unless it is meant; the database itself always does."""
    (folder / "monday.sqlite3").write_text("an older backup")
    assert "is there already; name another file, or say --overwrite" in shop.told(
        "backup", "monday.sqlite3", exit_code=2
    )
    assert (folder / "monday.sqlite3").read_text() == "an older backup"
    shop.told("backup", "monday.sqlite3", "--overwrite")
    assert shop.visitors(folder / "monday.sqlite3") == ["anna"]
    assert "is the database itself" in shop.told("backup", str(database), "--overwrite", exit_code=2)
    assert shop.visitors(database) == ["anna"]


@pytest.mark.parametrize(
    ("file", "why"), [("nowhere/monday", "nowhere is no folder"), ("quizzes", "quizzes is a folder; name a file in it")]
)
def test_a_place_that_takes_no_file_is_told(database: Path, file: str, why: str) -> None:
    """Before anything is read."""
    assert why in shop.told("backup", file, exit_code=2)


def test_a_damaged_database_gives_no_backup(database: Path, folder: Path) -> None:
    """What cannot be proven is no backup: better known on the day than on the day it is needed."""
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(b"\xff" * 8192)
    assert "damaged" in shop.told("backup", "monday.sqlite3", exit_code=2)
    assert not (folder / "monday.sqlite3").exists()


def test_a_disk_without_room_is_left_as_it_was(database: Path, folder: Path) -> None:
    """What fails leaves no beginning of a file behind, on a disk that is full already."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = 100_000
    assert database.stat().st_size > room
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        assert "look at the disk's room" in shop.told("backup", "monday.sqlite3", exit_code=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert list(folder.glob("monday*")) == []


def test_an_older_database_is_kept_as_it_is(database: Path, folder: Path) -> None:
    """A new release can take the backup that comes before its own migrations."""
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    runner.downgrade(engine, "0004")
    engine.dispose()
    shop.told("backup", "monday.sqlite3")
    with closing(sqlite3.connect(folder / "monday.sqlite3")) as connection:
        assert version_in(connection) == "0004"
    assert shop.visitors(folder / "monday.sqlite3") == ["anna"]


def test_without_a_database_there_is_none(folder: Path) -> None:
    """An empty one is not made for it."""
    assert "there is no database" in shop.told("backup", "monday.sqlite3", exit_code=2)
    assert not (folder / "var" / "quizfunnel.sqlite3").exists()
