"""A writing transaction commits whole or leaves nothing."""

import pytest
from sqlalchemy import Engine, insert, select, update

from quizfunnel.store import patience
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor
from tests.cast import NOON
from tests.conftest import POSTGRES

ANNA = {
    "id": "a" * 32,
    "first_seen": NOON,
    "kind": "shopper",
    "kind_reason": "",
    "device": "",
    "channel": "",
    "landing_page": "",
    "simulated": False,
}


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    """A row written before an error is not there after it."""
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:  # noqa: PT012 - the write comes first
        connection.execute(insert(Visitor).values(**ANNA))
        _ = 1 / 0
    with reading(engine) as connection:
        assert connection.execute(select(columns(Visitor).id)).all() == []


def test_a_moment_comes_back_in_utc(engine: Engine) -> None:
    """A stored moment is read as the same aware moment."""
    with writing(engine) as connection:
        connection.execute(insert(Visitor).values(**ANNA))
    with reading(engine) as connection:
        assert connection.execute(select(columns(Visitor).first_seen)).scalar_one() == NOON


def test_a_read_inside_a_transaction_does_not_end_it(engine: Engine) -> None:
    """A read on its own within a transaction leaves the transaction open, and as it was."""
    with writing(engine) as connection:
        connection.execute(insert(Visitor).values(**ANNA))
        with reading(engine) as other:
            other.execute(select(columns(Visitor).id)).all()
    with reading(engine) as connection:
        assert len(connection.execute(select(columns(Visitor).id)).all()) == 1


@pytest.mark.skipif(POSTGRES, reason="about SQLite, which has one transaction a thread")
def test_a_durable_transaction_is_part_of_none(engine: Engine) -> None:
    """Within another one it could promise nothing; what fails leaves the level as it was."""
    with pytest.raises(RuntimeError, match="durable"), writing(engine), writing(engine, durable=True):
        pass
    with pytest.raises(ZeroDivisionError), writing(engine, durable=True):
        _ = 1 / 0
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1


@pytest.mark.skipif(not POSTGRES, reason="about PostgreSQL, which tells which row a statement waited for")
def test_an_outage_is_told_without_the_row_that_was_locked(engine: Engine) -> None:
    """The same outage reads the same whichever row it was met at, so that it is one line in the log."""
    with writing(engine) as connection:
        connection.execute(insert(Visitor).values(**ANNA))
    anna = update(Visitor).values(device="phone")
    with engine.begin() as holder:
        holder.execute(anna)
        with pytest.raises(DatabaseAway) as away, patience.at_most(0.1), writing(engine) as connection:
            connection.execute(anna)
    assert str(away.value) == "canceling statement due to lock timeout"
