"""Laws of the database's file mode: the owner's alone, whatever the umask, and a group's that is meant to write."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from quizfunnel.store import private_file
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Let files be made for everybody, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """Return the rights to a file."""
    return path.stat().st_mode & 0o777


def test_a_new_database_is_its_owners_with_the_log_beside_it(tmp_path: Path) -> None:
    """Also by way of a link that leads to no file yet."""
    (tmp_path / "link").symlink_to(tmp_path / "linked")
    for name, real in (("shop", "shop"), ("link", "linked")):
        engine = open_engine(f"sqlite:///{tmp_path / name}", making=True)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE t (a)"))
        assert [mode(tmp_path / f"{real}{suffix}") for suffix in ("", "-wal", "-shm")] == [0o600] * 3
        engine.dispose()


@pytest.mark.parametrize(
    ("before", "after"), [(0o644, 0o600), (0o640, 0o600), (0o664, 0o660), (0o660, 0o660), (0o600, 0o600)]
)
def test_others_lose_what_they_had(before: int, after: int, tmp_path: Path) -> None:
    """The log and earlier copies too; a group that may write was let in, and one file of a change is one line."""
    files = [tmp_path / f"shop{suffix}" for suffix in ("", "-wal", "-shm", ".before-restore-1", ".before-0005")]
    for file in files:
        file.touch()
        file.chmod(before)
    tightened = private_file.tighten(tmp_path / "shop")
    assert {mode(file) for file in files} == {after}
    assert len({each.path for each in tightened}) == (0 if before == after else len(files))
    assert all(f"(mode {before:o}) and is closed to them now" in each.text() for each in tightened)


def test_a_file_of_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that its owner runs; a database that is not there is nothing to tighten."""

    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError

    assert private_file.tighten(tmp_path / "none" / "shop") == []
    (tmp_path / "shop").touch(mode=0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    (kept,) = private_file.tighten(tmp_path / "shop")
    assert "chmod 600 it, as its owner" in kept.text()
