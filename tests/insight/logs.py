"""Logs in databases of their own: SQLite's file is written once for all tests of one log, and copied for each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from tests.postgres import PostgresDatabases
from tests.stores import empty_database

Write = Callable[[Connection], None]


class Logs:
    """Databases that hold a log, by the function that writes it."""

    def __init__(self, databases: PostgresDatabases | Path, folder: Path) -> None:
        """Take what empty databases come from, and a folder that lasts as long."""
        self._databases, self._folder = databases, folder
        self._written: dict[Write, Path] = {}

    @contextmanager
    def database(self, write: Write, folder: Path) -> Iterator[str]:
        """Give the URL of a database that holds a log, and that the test may change."""
        if isinstance(self._databases, Path):
            with empty_database(self._template(write), folder) as url:
                yield url
            return
        # PostgreSQL empties a database sooner than it copies one
        with self._databases.empty() as url:
            _write(url, write)
            yield url

    def _template(self, write: Write) -> Path:
        if write not in self._written:
            folder = self._folder / f"log-{len(self._written)}"
            folder.mkdir()
            with empty_database(self._databases, folder) as url:
                _write(url, write)
            (self._written[write],) = folder.glob("*.sqlite3")
        return self._written[write]


def _write(url: str, write: Write) -> None:
    engine = open_engine(url, pooled=False)
    with writing(engine) as connection:
        write(connection)
    engine.dispose()
