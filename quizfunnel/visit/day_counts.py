"""Daily counter (UTC): one more of a kind under a key, of which nothing else is kept."""

from datetime import date
from functools import lru_cache

from sqlalchemy import Connection
from sqlalchemy.sql.dml import Insert

from quizfunnel.store.upsert import add_up
from quizfunnel.visit.tables import DayCount


def count_one(connection: Connection, kind: str, key: str, *, day: date) -> None:
    """Count one more on a day."""
    row = {"kind": kind, "key": key, "day": day, "count": 1}
    connection.execute(_one_more(connection.dialect.name), row)


@lru_cache(maxsize=2)  # shoppers wait for it, and to make it anew costs ten times what it does
def _one_more(dialect: str) -> Insert:
    return add_up(dialect, DayCount, key=("kind", "key", "day"), added=("count",))
