"""Laws of `quizfunnel restore`: only a proven backup comes back, alone, and what was there before is kept."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quizfunnel.migrations import runner
from quizfunnel.privacy.forget import Keeper, forget_visitor
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, write
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.web.staff import links, people, sessions
from quizfunnel.web.staff.audit import Actor
from tests.backup import shop
from tests.staff import session_of

ANNA = "a" * 32


@pytest.fixture
def database(folder: Path) -> Path:
    """Give the database of a shop that Anna came to before its backup `monday`, and Ben after it."""
    database = shop.make(folder)
    shop.add(database, ANNA)
    shop.told("backup", "monday")
    shop.add(database, "ben")
    return database


def kept(database: Path) -> list[Path]:
    """Return the databases that restores have kept."""
    return sorted(path for path in database.parent.glob("*.before-restore-*") if not path.name.endswith("-wal"))


def test_it_works(database: Path) -> None:
    """The backup is in place, the one before it kept whole beside it, and the facts and what to do are said."""
    said = shop.told("restore", "monday")
    assert shop.visitors(database) == [ANNA]
    assert [shop.visitors(path) for path in kept(database)] == [[ANNA, "ben"]]
    assert f"1 visitor, 0 attempts, 0 answers, 0 orders The database before it is kept in {kept(database)[0]}" in said
    assert said.endswith("Restored; start the server")
    assert not list(database.parent.glob("*.restoring*"))


def test_it_is_undone_by_restoring_what_it_kept(database: Path) -> None:
    """Whoever took the wrong backup loses nothing."""
    shop.told("restore", "monday")
    shop.told("restore", str(kept(database)[0]))
    assert shop.visitors(database) == [ANNA, "ben"]


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o660, 0o660)])
def test_others_cannot_read_what_it_kept(before: int, after: int, database: Path) -> None:
    """Of the database that was replaced no more than of the one in its place; a group that may write stays in."""
    database.chmod(before)
    shop.told("restore", "monday")
    assert [path.stat().st_mode & 0o777 for path in (database, *kept(database))] == [after, after]


def test_a_database_that_is_gone_or_damaged_is_replaced(database: Path) -> None:
    """The hour in which a backup is needed; what is left of the damaged one is kept with its log."""
    with closing(sqlite3.connect(database)) as open_still, database.open("r+b") as file:
        open_still.execute("INSERT INTO day_count VALUES ('x', '', '2026-03-02', 1)")
        open_still.commit()
        file.write(b"\xff" * 100)
        os.link(f"{database}-wal", f"{database}-wal.linked")
    Path(f"{database}-wal.linked").rename(f"{database}-wal")
    shop.told("restore", "monday")
    assert shop.visitors(database) == [ANNA]
    assert kept(database)[0].read_bytes()[:4] == b"\xff" * 4
    database.unlink()
    assert "kept in" not in shop.told("restore", "monday")
    assert shop.visitors(database) == [ANNA]


def test_it_is_refused_while_a_server_has_the_database_open(database: Path) -> None:
    """Nothing that is acknowledged meanwhile could be lost with the file that goes."""
    server = open_engine(f"sqlite:///{database}")
    with server.connect():
        assert "is open in another process, so nothing was changed: end the server" in shop.told(
            "restore", "monday", exit_code=2
        )
    server.dispose()
    assert shop.visitors(database) == [ANNA, "ben"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "is no file"),
        (b"not a database" * 100, "is damaged, or no SQLite database"),
        (b"", "has no tables of this program"),
    ],
)
def test_what_is_no_backup_is_refused(database: Path, folder: Path, text: bytes | None, why: str) -> None:
    """With the reason, and the database as it was."""
    if text is not None:
        (folder / "wrong").write_bytes(text)
    assert why in shop.told("restore", "wrong", exit_code=2)
    assert shop.visitors(database) == [ANNA, "ben"]
    assert "is the database itself" in shop.told("restore", str(database), exit_code=2)


def test_a_damaged_backup_is_refused(database: Path, folder: Path) -> None:
    """Every page of it is looked at before the database is touched."""
    with (folder / "monday").open("r+b") as file:
        file.seek((folder / "monday").stat().st_size // 2)
        file.write(b"\xff" * 8192)
    assert "damaged" in shop.told("restore", "monday", exit_code=2)
    assert shop.visitors(database) == [ANNA, "ben"]
    assert not list(database.parent.glob("*.restoring*"))
    assert kept(database) == []


def test_a_backup_of_a_newer_release_is_refused(database: Path, folder: Path) -> None:
    """This program does not know what is in it."""
    with closing(sqlite3.connect(folder / "monday")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer release" in shop.told("restore", "monday", exit_code=2)
    assert shop.visitors(database) == [ANNA, "ben"]
    assert not list(database.parent.glob("*.restoring*"))


def test_an_older_backup_is_brought_to_this_version(database: Path, folder: Path) -> None:
    """Before it is in place, and nothing but the database and its old one is left."""
    engine = open_engine(f"sqlite:///{folder / 'monday'}", pooled=False)
    runner.downgrade(engine, "0004")
    engine.dispose()
    assert "Backup of version 0004" in shop.told("restore", "monday")
    shop.told("migrate")
    assert shop.visitors(database) == [ANNA]
    assert len(list(database.parent.glob("*.before-*"))) == 1


def test_whoever_was_erased_since_is_forgotten_again(database: Path, folder: Path) -> None:
    """A backup knows again whom the database has forgotten; the list outside of it does not forget."""
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    keeper = Keeper(engine, ErasureKey(folder / "var" / "erasures"))
    forget_visitor(keeper, ANNA, now=datetime.now(UTC), by="command")
    engine.dispose()
    said = shop.told("restore", "monday")
    assert "0 visitors" in said
    assert "Forgotten again: 1 erasures listed, 1 new here" in said
    assert shop.visitors(database) == []


def test_nobody_is_signed_in_by_a_backup(database: Path) -> None:
    """A session or a link that was ended since the backup is not good again."""
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    now = datetime.now(UTC)
    key = session_of(engine, at=now)
    link = write(engine, lambda c: links.issue(c, people.named(c, "ana"), by=Actor(None, now)))
    engine.dispose()
    shop.told("backup", "tuesday")
    shop.told("restore", "tuesday")
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    with reading(engine) as connection:
        assert sessions.find(connection, key, at=now) is None
        assert links.look(connection, link, at=now).state is links.LinkState.USED
    engine.dispose()
