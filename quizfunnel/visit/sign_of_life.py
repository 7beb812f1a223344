"""Sign of life: the one row by whose writing the health check tries whether the database takes a write."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection

from quizfunnel.store.upsert import upsert
from quizfunnel.visit.tables import RateCount

_ROW = {"kind": "health", "digest": "", "window": datetime(1970, 1, 1, tzinfo=UTC)}
_MOST = 1_000_000_000


def leave(connection: Connection) -> None:
    """Write the row anew, with another number than it has."""
    statement = upsert(connection.dialect.name, RateCount, key=tuple(_ROW), replaced=("count",))
    connection.execute(statement, _ROW | {"count": time.time_ns() // 1000 % _MOST})
