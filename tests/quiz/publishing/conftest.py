"""One machine of a store, and another one beside it with the same database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from quizfunnel.kit.clock import SetClock
from tests.quiz.publishing.machines import Machine


@pytest.fixture
def machine(tmp_path: Path, engine: Engine, clock: SetClock) -> Machine:
    """Give a machine with the good coffee quiz."""
    one = Machine(tmp_path / "one", engine, clock)
    one.save()
    return one


@pytest.fixture
def other(tmp_path: Path, engine: Engine, clock: SetClock) -> Machine:
    """Give a second machine with the same files."""
    two = Machine(tmp_path / "two", engine, clock)
    two.save()
    return two
