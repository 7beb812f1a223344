"""Fixtures for every test: a database of its own, a clock that stands still, a signer.

QUIZFUNNEL_TEST_DATABASE=postgresql runs those that have a database on a PostgreSQL server that the session starts.
"""

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from weakref import WeakSet

import hypothesis
import psycopg
import pytest
from coverage import Coverage
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.settings import Settings
from quizfunnel.store.engine import open_engine
from tests import cast, compiled
from tests.postgres import PostgresDatabases, served
from tests.stores import demo_app, empty_database, store_settings
from tests.tables import make_tables

# A shared machine is slow at times: a test says what holds, not how fast. Nothing is kept between runs.
hypothesis.settings.register_profile("project", deadline=None, database=None)
hypothesis.settings.load_profile("project")

TESTS = Path(__file__).parent
POSTGRES = os.environ.get("QUIZFUNNEL_TEST_DATABASE") == "postgresql"


# Folders without a test that has a database: on PostgreSQL they are not even imported, some with a learner's libraries.
WITHOUT_DATABASE = (
    *("benchmarks", "catalog", "contrib", "journeys", "kit", "outbound", "recommend", "settings", "stats"),
    *("telemetry", "tools"),
)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out on PostgreSQL what would do there what it does without it, before it is imported."""
    below = collection_path.relative_to(TESTS).parts if collection_path.is_relative_to(TESTS) else ()
    return True if POSTGRES and below[:1] and below[0] in WITHOUT_DATABASE else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and never look through what was collected: thousands of tests stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run on PostgreSQL what has a database of these fixtures; the rest would do there what it does without it."""
    left_out = (item for item in items if item.path.relative_to(TESTS).parts[0] in WITHOUT_DATABASE)
    left_out = (item for item in left_out if not any(map(item.get_closest_marker, ("slow", "browser"))))
    if wrong := next(filter(runs_on_postgresql, left_out), None):
        raise pytest.UsageError(f"{wrong.nodeid} has a database: take its folder out of WITHOUT_DATABASE in {__file__}")
    if POSTGRES:
        config.hook.pytest_deselected(items=[item for item in items if not runs_on_postgresql(item)])
        items[:] = [item for item in items if runs_on_postgresql(item)]


def runs_on_postgresql(item: pytest.Item) -> bool:
    """Tell whether a test asks, by itself or through another fixture, for a database that this session chooses.

    One that runs the statements of other tests once more, over more rows, is told by its mark.
    """
    return "databases" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("once")


_MEASURED: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run unmeasured what goes over the same lines again, which measured takes twice to three times as long."""
    if is_measured(item):
        return (yield)
    tracer, of_threads, child = sys.gettrace(), threading.gettrace(), os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(of_threads)
        sys.settrace(tracer)
        if child is not None:
            os.environ["COVERAGE_PROCESS_CONFIG"] = child


def is_measured(item: pytest.Item) -> bool:
    """Tell whether a test is one whose coverage counts.

    Of a test's parameters that is the first, of a module's whole servers the first, and of its sweeps none, unless
    it has nothing else.
    """
    function, module = item.nodeid.partition("[")[0], str(item.path)
    again = function in _MEASURED
    if item.get_closest_marker("slow"):
        function = f"{module} slow"
        again = function in _MEASURED
    elif item.get_closest_marker("thorough"):
        whole = "thorough" in [mark.name for mark in getattr(item.parent, "own_markers", ())]
        again = not whole or module in _MEASURED
    _MEASURED.update((function, module))
    return not again


def pytest_sessionfinish() -> None:
    """Keep what was measured: a worker that takes more than ten seconds to end is killed, and would lose it."""
    if (measured := Coverage.current()) is not None:
        measured.stop()
        measured.save()


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> Iterator[None]:
    """Let the applications and engines of this process share what they compile."""
    with compiled.shared():
        yield


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """Give a folder for the session: not below pytest's own, of which a run keeps three, whoever uses the others."""
    with tempfile.TemporaryDirectory(prefix="quizfunnel-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(session_folder: Path) -> Path:
    """Give SQLite's empty database with every table, of which others are copies: migrations take longer than a copy."""
    template = session_folder / "template.sqlite3"
    engine = open_engine(f"sqlite:///{template}", pooled=False)
    make_tables(engine)
    engine.dispose()
    return template


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, session_folder: Path) -> Iterator[PostgresDatabases | Path]:
    """Give the server of this session, or the template of SQLite's databases."""
    if POSTGRES:
        with served(session_folder) as server:
            yield server
        return
    template: Path = request.getfixturevalue("sqlite_template")
    yield template


@pytest.fixture
def database_url(databases: PostgresDatabases | Path, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database with every table and no row."""
    with empty_database(databases, tmp_path) as url:
        yield url


@pytest.fixture
def empty_database_url(databases: PostgresDatabases | Path, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without a table."""
    if isinstance(databases, Path):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with databases.fresh(copied="template0") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give an engine on a fresh database with every table and no row."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands at noon."""
    return SetClock(cast.NOON)


@pytest.fixture
def signer() -> Signer:
    """Give a signer with one key."""
    return Signer([cast.KEY])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give the folder of a store that sells the cast's coffee."""
    folder = tmp_path / "store"
    cast.write_store(folder)
    return folder


@pytest.fixture
def settings(store: Path, database_url: str) -> Settings:
    """Give the settings of that store, which has its own legal ground for remembering visitors."""
    return store_settings(store, database_url)


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the whole application of that store."""
    app = create_app(settings, clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture(autouse=True)
def _connections() -> Iterator[None]:
    """Close what a test leaves open of PostgreSQL's: an application of its own holds connections until nobody looks."""
    opened: WeakSet[psycopg.Connection] = WeakSet()

    def note(connection: object, _record: object) -> None:
        if isinstance(connection, psycopg.Connection):
            opened.add(connection)

    event.listen(Pool, "connect", note)
    yield
    event.remove(Pool, "connect", note)
    for connection in opened:
        connection.close()


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Leave the environment as it was: the demo's command names its own store in it, for every server after."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty current folder and an environment without settings."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def demo(settings: Settings, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """Give the application of the demo store over the shipped quizzes; it has every route there is."""
    with demo_app(settings, clock, tmp_path / "demo") as app:
        yield app
