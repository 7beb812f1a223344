"""Taking of a backup: the database as it is at one moment, in one file, while everybody goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine

from quizfunnel.backup import postgres, sqlite_copy
from quizfunnel.backup.errors import BackupError
from quizfunnel.backup.facts import Facts, facts
from quizfunnel.store.engine import database_path, open_engine


def take(engine: Engine, target: Path, *, overwrite: bool = False) -> Facts:
    """Write a backup of a database to `target` and return what is in it; a killed run leaves a `.part` beside."""
    target = target.absolute()
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder; make it, or name another one")
    if target.is_dir():
        raise BackupError(f"{target} is a folder; name a file in it")
    if target.exists() and not overwrite:
        raise BackupError(f"{target} is there already; name another file, or say --overwrite")
    part = target.with_name(f"{target.name}.part")
    source = database_path(engine.url)
    if source is not None and target.exists() and target.samefile(source):
        raise BackupError(f"{target} is the database itself; name another file")
    try:
        counted = _write(engine, source, part)
        sqlite_copy.put(part, target, over=overwrite)
    except BaseException:  # of what fails nothing is left: on a disk that is full above all
        sqlite_copy.remove(part)
        raise
    return counted


def _write(engine: Engine, source: Path | None, part: Path) -> Facts:
    if source is None:
        counted = facts(engine)
        postgres.dump(engine.url, part)
        return counted
    sqlite_copy.copy(source, part)
    with opened(part) as copied:
        counted = facts(copied)
    sqlite_copy.finish(part)
    return counted


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """Give an engine on an SQLite file that nobody else uses."""
    url = URL.create("sqlite", database=str(path)).render_as_string()
    engine = open_engine(url, pooled=False, making=False)
    try:
        yield engine
    finally:
        engine.dispose()
