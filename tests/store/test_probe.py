"""Laws of the write probe: whatever keeps answers from being kept is told within five seconds, and goes by itself."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from quizfunnel.migrations.newest import newest
from quizfunnel.store.engine import database_path, open_engine
from quizfunnel.store.probe import PROBE_LIMITS, SECONDS, ProbeLimits, WriteProbe
from quizfunnel.store.transaction import reading
from quizfunnel.visit import sign_of_life
from tests.conftest import POSTGRES
from tests.store.outages import locked, read_only

only_sqlite = pytest.mark.skipif(POSTGRES, reason="about SQLite's file")


class Time:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Give a clock."""
    return Time()


@pytest.fixture
def probe(engine: Engine, time: Time) -> WriteProbe:
    """Give the probe of a database in order."""
    return working(engine, time, PROBE_LIMITS)


def working(engine: Engine, time: Time, limits: ProbeLimits) -> WriteProbe:
    """Return the probe of a database that it has found in order."""
    probe = WriteProbe(engine, sign_of_life.leave, version=newest(), now=time, limits=limits)
    assert probe.failure() == ""
    time.now += SECONDS
    return probe


def test_a_lock_is_told_and_goes(engine: Engine, time: Time) -> None:
    """While somebody else writes for long nothing can be kept; after it, it can, without anybody's doing."""
    probe = working(engine, time, ProbeLimits(wait_seconds=0.05))
    with locked(engine):
        assert "lock" in probe.failure()
    assert "lock" in probe.failure()  # believed for five seconds, so that asking costs nothing
    time.now += SECONDS
    assert probe.failure() == ""


def test_writing_is_tried_once_in_five_seconds(engine: Engine, time: Time) -> None:
    """However often anybody asks."""
    tries: list[float] = []
    probe = WriteProbe(engine, lambda _: tries.append(time.now), now=time)
    for _ in range(11):
        probe.failure()
        time.now += 1
    assert tries == [100.0, 105.0, 110.0]


@only_sqlite
def test_a_disk_without_room_is_told_and_goes(engine: Engine, probe: WriteProbe, time: Time) -> None:
    """The system takes no more bytes: what is there can be read, nothing is kept; with room again it goes by itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        failure = probe.failure()
        with reading(engine) as connection:
            assert connection.execute(text("SELECT count FROM rate_count")).one()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "disk" in failure
    time.now += SECONDS
    assert probe.failure() == ""


@pytest.mark.skipif(not POSTGRES, reason="about a server")
def test_a_standby_is_told(engine: Engine, probe: WriteProbe) -> None:
    """A server that takes no writing is down, whatever it lets be read."""
    with read_only(engine):
        assert "read-only" in probe.failure()


def test_a_database_without_tables_is_told(empty_database_url: str) -> None:
    """In the database's own words, never as an error of ours."""
    with open_engine(empty_database_url, pooled=False).connect():
        engine = open_engine(empty_database_url)
    assert "rate_count" in WriteProbe(engine, sign_of_life.leave).failure()
    engine.dispose()


def test_an_older_version_is_told(engine: Engine) -> None:
    """The program would miss what later migrations make; one ahead of it is another machine's, which goes first."""
    set_version(engine, "0001")
    told = WriteProbe(engine, sign_of_life.leave, version=newest()).failure()
    assert ("run quizfunnel migrate" in told) is POSTGRES  # a file's engine refuses it itself
    set_version(engine, "9999")
    assert WriteProbe(engine, sign_of_life.leave, version=newest()).failure() == ""
    set_version(engine, newest())  # the database is the next test's, too


def set_version(engine: Engine, version: str) -> None:
    """Let a database say that it is of a version."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def spoil(path: Path) -> None:
    """Write over everything but the first page, as a failing disk might."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def spoil_all(path: Path) -> None:
    """Write over the whole file."""
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)


def empty(path: Path) -> None:
    """Leave nothing of the file but its name."""
    with path.open("r+b") as file:
        file.truncate(0)


@only_sqlite
@pytest.mark.parametrize("harm", [spoil, spoil_all, empty, Path.unlink])
@pytest.mark.parametrize("most", [PROBE_LIMITS.whole_bytes, 0], ids=["whole", "samples"])
def test_a_file_that_is_harmed_is_told(engine: Engine, time: Time, harm: Callable[[Path], None], most: int) -> None:
    """Damaged within, overwritten, emptied or gone, while connections are open that have read it before."""
    probe = working(engine, time, ProbeLimits(whole_bytes=most))
    path = database_path(engine.url)
    assert path
    harm(path)
    assert probe.failure() != ""


@only_sqlite
def test_another_file_of_the_name_is_tried_anew(engine: Engine, probe: WriteProbe, tmp_path: Path, time: Time) -> None:
    """One that is no database of ours is told; the right one back is taken."""
    path = database_path(engine.url)
    assert path
    kept = path.rename(tmp_path / "kept")
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE t (a)")
    assert probe.failure() != ""
    kept.replace(path)
    time.now += SECONDS
    assert probe.failure() == ""


@pytest.fixture(autouse=True)
def _closed(engine: Engine) -> Iterator[None]:
    """Leave no connection of a file that is gone."""
    yield
    engine.dispose()
