"""Fixtures of analysts' tests: a log that several tests read is written once, and copied."""

from pathlib import Path

import pytest

from tests.insight.logs import Logs
from tests.postgres import PostgresDatabases


@pytest.fixture(scope="session")
def logs(databases: PostgresDatabases | Path, session_folder: Path) -> Logs:
    """Give the logs of this session."""
    return Logs(databases, session_folder)
