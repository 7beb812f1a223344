"""A store that is served by one worker, as `quizfunnel serve` serves it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import cast
from tests.servers import free_port, get, started

LARGE = 8_000_000


class Served(NamedTuple):
    """A running server: its port, its process and its database's file."""

    port: int
    process: subprocess.Popen[str]
    database: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give the coffee store served by one worker, for all tests of a module; static/large.bin is a large file."""
    with serving(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Served]:
    """Give a server of the test's own, which may end it."""
    with serving(tmp_path) as server:
        yield server


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve the coffee store from `folder`."""
    cast.write_store(folder)
    (folder / "static").mkdir()
    (folder / "static" / "large.bin").write_bytes(bytes(LARGE))
    port = free_port()
    env = {"QUIZFUNNEL_STORE": str(folder), "QUIZFUNNEL_CONSENT": "off", "QUIZFUNNEL_DATABASE_URL": ""}
    command = (sys.executable, "-m", "quizfunnel", "serve", "--workers", "1", "--port", str(port))
    with started(*command, cwd=folder, env=env) as (process, _):
        get(f"http://127.0.0.1:{port}/healthz")
        yield Served(port, process, folder / "var" / "quizfunnel.sqlite3")
