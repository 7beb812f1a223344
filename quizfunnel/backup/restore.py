"""Restoring of a backup: made ready and proven aside, then put in place in one step while nobody has the database open.

Whoever kills it, by whatever means, finds the old database whole or the new one. Nobody can acknowledge an answer
into the file that goes: a server that runs refuses the restore, and one that starts waits until it is over.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from quizfunnel.backup import postgres, sqlite_copy
from quizfunnel.backup.errors import BackupError
from quizfunnel.backup.facts import Facts, facts
from quizfunnel.backup.take import opened
from quizfunnel.kit import files
from quizfunnel.migrations import runner
from quizfunnel.migrations.newest import version_in
from quizfunnel.privacy.replay import ReplayedErasures, replay_erasures
from quizfunnel.store import private_file
from quizfunnel.store.engine import database_path
from quizfunnel.store.presence import InUse, alone
from quizfunnel.store.transaction import write
from quizfunnel.web.staff import people
from quizfunnel.web.staff.audit import Actor


class Restored(NamedTuple):
    """Outcome of a restore: the backup's version, what is in it now, who was forgotten again, and the old database."""

    version: str
    facts: Facts
    erasures: ReplayedErasures
    kept: Path | None


def restore(url: URL, backup: Path, *, erasures: Path, now: datetime) -> Restored:
    """Put a backup in the place of a database; the one before it is kept beside it, with the moment in its name.

    Raises:
        BackupError: where the backup is not sound, or somebody has the database open.
        MigrationError: where it is of a newer release.
    """
    if not backup.is_file():
        raise BackupError(f"{backup} is no file; name a backup that quizfunnel backup has written")
    path = database_path(url)
    if path is None:
        raise BackupError(postgres.how_to_restore(url, backup))
    real = Path(os.path.realpath(path))
    if real.exists() and backup.samefile(real):
        raise BackupError(f"{backup} is the database itself; name a backup of it")
    real.parent.mkdir(parents=True, exist_ok=True)
    try:
        with alone(path), _nothing_left(_staged(real)):
            return _in_place_of(real, backup, erasures=erasures, now=now)
    except InUse:
        raise BackupError(
            f"{path} is open in another process, so nothing was changed: end the server and every other command of "
            "this store, and restore again"
        ) from None


def _in_place_of(path: Path, backup: Path, *, erasures: Path, now: datetime) -> Restored:
    staged = _staged(path)
    _remove_leftovers(path, staged)
    sqlite_copy.copy(backup, staged)
    with closing(sqlite3.connect(staged)) as connection:
        version = version_in(connection)
    if version is None:
        raise BackupError(f"{backup} has no tables of this program; name a backup that quizfunnel backup has written")
    with opened(staged) as engine:
        before = runner.upgrade(engine).copy
        forgotten = replay_erasures(engine, erasures, now=now)  # before anybody can read or export them
        by = Actor(None, now)  # a session or a link that was ended since would be good again
        write(engine, lambda connection: people.sign_everybody_out(connection, by=by))
        counted = facts(engine)
    if before is not None:
        sqlite_copy.remove(before)  # of a copy whose original is the backup
    sqlite_copy.finish(staged)
    sqlite_copy.prove(staged, of=backup)
    if path.exists():  # a group that was let in stays in
        staged.chmod(private_file.private(path.stat().st_mode))
    kept = _set_aside(path, path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%S.%fZ}"))
    sqlite_copy.put(staged, path, over=True)
    return Restored(version, counted, forgotten, kept)


def _staged(path: Path) -> Path:
    return path.with_name(f"{path.name}.restoring")


@contextmanager
def _nothing_left(staged: Path) -> Iterator[None]:
    """Leave no copy of a backup that was refused: it would hold people who are forgotten by now."""
    try:
        yield
    finally:
        for left in staged.parent.glob(f"{staged.name}*"):
            left.unlink()


def _remove_leftovers(path: Path, staged: Path) -> None:
    """Remove what a restore that was killed has left; a second name of the database itself would look like a copy."""
    for left in path.parent.glob(f"{staged.name}*"):
        left.unlink()
    for kept in path.parent.glob(f"{path.name}.before-restore-*"):
        if path.exists() and kept.samefile(path):
            kept.unlink()


def _set_aside(path: Path, kept: Path) -> Path | None:
    """Give a database a second name, and leave no log beside its first one; None where there is no database."""
    log, there = Path(f"{path}-wal"), path.exists()
    with suppress(sqlite3.DatabaseError):  # what cannot be brought into a damaged file is kept beside it
        if there:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for source, target in ((path, kept), (log, Path(f"{kept}-wal"))):
        if source.exists():
            _link(source, target)
    private_file.tighten(path)  # and the kept ones beside it
    files.fsync_folder(path.parent)
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return kept if there else None


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copy2(source, target)
