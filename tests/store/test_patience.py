"""Patience: what a request has waited before counts as waiting for the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, func, insert, select

from quizfunnel.store import patience
from quizfunnel.store.engine import open_engine
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from quizfunnel.visit.tables import Visitor
from tests.cast import NOON


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Leave this thread as patient as it was."""
    yield
    patience.begin(None)


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Hold what a writer needs, on a connection of another program."""
    other = open_engine(engine.url.render_as_string(hide_password=False), pooled=False)
    with other.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "LOCK TABLE visitor IN ACCESS EXCLUSIVE MODE")
            yield
            if sqlite:
                connection.exec_driver_sql("ROLLBACK")
    other.dispose()


def touch(engine: Engine) -> None:
    """Write."""
    with writing(engine) as connection:
        connection.execute(insert(Visitor).values(id="v" * 32, first_seen=NOON))


@pytest.mark.parametrize("waited", [0.0, WAIT_SECONDS / 2, WAIT_SECONDS, 10 * WAIT_SECONDS])
def test_what_was_waited_before_is_waited_no_more(engine: Engine, waited: float) -> None:
    """A request that came a second ago waits one more, and one that came long ago none; neither waits two seconds."""
    with held(engine):
        patience.begin(time.monotonic() - waited)
        begun = time.monotonic()
        with pytest.raises(DatabaseAway):
            touch(engine)
        took = time.monotonic() - begun
    left = max(0.0, WAIT_SECONDS - waited)
    assert left - 0.2 < took < left + 1.5


def test_who_has_no_patience_left_is_served_where_nobody_is_in_the_way(engine: Engine) -> None:
    """Late is not refused: only waiting ends. And the next one on the same connection is patient again."""
    patience.begin(time.monotonic() - 100)
    with writing(engine), pytest.raises(ZeroDivisionError):
        raise ZeroDivisionError
    patience.begin(None)
    with held(engine):
        begun = time.monotonic()
        with pytest.raises(DatabaseAway):
            touch(engine)
        assert time.monotonic() - begun > WAIT_SECONDS - 0.2
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(Visitor)).scalar() == 0
