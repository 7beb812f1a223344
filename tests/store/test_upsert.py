"""An insert that finds its row there already leaves it, replaces it, or replaces it where a condition holds."""

from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.sql.dml import Insert

from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once, upsert
from quizfunnel.visit.tables import Visitor
from tests.cast import NOON

ANNA = {
    "id": "a" * 32,
    "first_seen": NOON,
    "kind": "shopper",
    "kind_reason": "",
    "device": "phone",
    "channel": "direct",
    "landing_page": "/b",
    "simulated": False,
}
LATER = ANNA | {"device": "desktop", "channel": "mail", "landing_page": "/c"}
_visitor = columns(Visitor)


def row(engine: Engine) -> tuple[str, str]:
    """Return the device and the channel of the only visitor."""
    with reading(engine) as connection:
        device, channel = connection.execute(select(_visitor.device, _visitor.channel)).one()
    return device, channel


def save(engine: Engine, statement: Insert, values: dict[str, Any]) -> object:
    """Write a row and return what the statement gives back of it."""

    def run(connection: Connection) -> object:
        done = connection.execute(statement, values)
        return done.first() if done.returns_rows else None

    return write(engine, run)


def test_the_first_row_stays(engine: Engine) -> None:
    """A row that is inserted once more changes nothing, and nothing is returned of it."""
    statement = insert_once(engine.dialect.name, Visitor).returning(_visitor.id)
    assert (save(engine, statement, ANNA), save(engine, statement, LATER)) == (("a" * 32,), None)
    assert row(engine) == ("phone", "direct")


def test_the_named_columns_are_replaced_and_no_others(engine: Engine) -> None:
    """A row of the same key takes the new values of `replaced` alone."""
    statement = upsert(engine.dialect.name, Visitor, key=("id",), replaced=("device",))
    for values in (ANNA, LATER):
        save(engine, statement, values)
    assert row(engine) == ("desktop", "direct")


def test_a_row_is_replaced_only_where_the_condition_holds(engine: Engine) -> None:
    """The condition is given the new row's columns beside those of the one that is there."""
    statement = upsert(
        engine.dialect.name,
        Visitor,
        key=("id",),
        replaced=("device", "landing_page"),
        where=lambda new: new.landing_page > _visitor.landing_page,
    )
    for values in (ANNA, LATER, ANNA):
        save(engine, statement, values)
    assert row(engine) == ("desktop", "direct")
