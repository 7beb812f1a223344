"""Laws of kill -9 during a backup and a restore: whatever has its name is whole, and the next run does all of it."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backup import shop
from tests.commands import ROOT
from tests.servers import LIMIT, wait_for

pytestmark = pytest.mark.slow

LARGE = 4_000  # visitors, each with a page of text: so large that a run takes a while


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a large database, written once; it is copied for each test."""
    folder = tmp_path_factory.mktemp("large")
    with contextlib.chdir(folder):
        database = shop.make(folder)
        shop.add(database, *(f"{number:05}" * 800 for number in range(LARGE)))
        shop.told("backup", "monday")
        shop.add(database, "zoe")
    return folder


@pytest.fixture
def database(written: Path, folder: Path) -> Path:
    """Give a large database, with a backup `monday` of what was there before the last visitor."""
    shutil.copytree(written, folder, dirs_exist_ok=True)
    return folder / "var" / "quizfunnel.sqlite3"


def kill(*arguments: str, once: Callable[[], bool]) -> bool:
    """Run a command and kill it once something has happened; tell whether that was before its end."""
    command = [sys.executable, "-m", "quizfunnel", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        wait_for(lambda: once() or process.poll() is not None or None, "nothing happens")
        process.kill()
        process.wait(LIMIT)
        return process.returncode != 0


def has(path: Path, size: int = 0) -> bool:
    """Tell whether a file is there and has got so large."""
    return path.exists() and path.stat().st_size >= size


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_a_backup_is_there_whole_or_not_at_all(database: Path, folder: Path, share: float) -> None:
    """Killed as it begins, in its midst and as it is proven; the next one takes no notice of what was left."""
    size, part, backup = int(share * database.stat().st_size), folder / "tuesday.part", folder / "tuesday"
    if kill("backup", "tuesday", once=lambda: has(part, size)):
        assert not backup.exists() or len(shop.visitors(backup)) == LARGE + 1
    shop.told("backup", "tuesday", "--overwrite")
    assert len(shop.visitors(backup)) == LARGE + 1
    assert not part.exists()


@pytest.mark.parametrize("share", [0, 0.5, 1, None], ids=["begun", "copying", "proving", "in place"])
def test_a_restore_leaves_the_old_database_whole_or_the_new_one(
    database: Path, folder: Path, share: float | None
) -> None:
    """Killed at any moment, the last one between the two names of the old one; what it has kept is whole as well."""
    staged = database.with_name(f"{database.name}.restoring")
    size = int((share or 0) * (folder / "monday").stat().st_size)
    set_aside = lambda: any(database.parent.glob("*.before-restore-*"))  # noqa: E731 - one of two moments
    kill("restore", "monday", once=set_aside if share is None else lambda: has(staged, size))
    assert len(shop.visitors(database)) in (LARGE, LARGE + 1)
    assert all(len(shop.visitors(kept)) == LARGE + 1 for kept in database.parent.glob("*.before-restore-*"))
    shop.told("restore", "monday")
    assert len(shop.visitors(database)) == LARGE
    assert not staged.exists()
    assert all(not kept.samefile(database) for kept in database.parent.glob("*.before-restore-*"))
