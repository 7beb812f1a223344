"""Books of the demo shop: baskets, orders, and which messages about them have arrived, in a SQLite file of its own."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from quizfunnel.demo.shop import basket
from quizfunnel.demo.shop.basket import Basket, Verb

KEPT = timedelta(days=30)  # a basket that nobody has touched
_WAIT_SECONDS = 5

_TABLES = """
CREATE TABLE IF NOT EXISTS basket (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, items TEXT NOT NULL, attributes TEXT NOT NULL, touched REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS made_order (
    id TEXT PRIMARY KEY, basket_id TEXT NOT NULL, body BLOB NOT NULL, made REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due REAL, delivered REAL, answer TEXT NOT NULL DEFAULT ''
) STRICT;
"""


class Message(NamedTuple):
    """One message about an order that is to be sent, and how often that was tried, this time included."""

    order: str
    body: bytes
    tries: int


class MadeOrder(NamedTuple):
    """One order as its customer may see it: whether its message has arrived, and whether it will be tried again."""

    id: str
    delivered: bool
    waiting: bool


class Books:
    """The file; each method is one transaction, and every thread may call it."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with self._open() as connection:
            connection.executescript(_TABLES)

    def basket(self, id: str) -> Basket:
        """Return a basket, an empty one where there is none of this id."""
        with self._open() as connection:
            return _basket(connection, id)

    def change(self, id: str, verb: Verb, *, now: datetime) -> Basket:
        """Keep what `verb` makes of a basket, and return it."""
        with self._open() as connection:
            changed = verb(_basket(connection, id))
            _keep(connection, id, changed, now)
            return changed

    def place(self, id: str, make_body: Callable[[Basket], bytes | None], *, order: str, now: datetime) -> bool:
        """Make the order that a basket was to become, and empty it; False where `make_body` finds nothing to order.

        The same order sent again is made already, and True; another order than the basket's is not made.
        """
        with self._open() as connection:
            query = "SELECT 1 FROM made_order WHERE id = ? AND basket_id = ?"
            if connection.execute(query, (order, id)).fetchone():
                return True
            current = _basket(connection, id)
            body = make_body(current) if current.order == order else None
            if body is None:
                return False
            row = (order, id, body, now.timestamp(), now.timestamp())
            connection.execute("INSERT INTO made_order (id, basket_id, body, made, due) VALUES (?, ?, ?, ?, ?)", row)
            _keep(connection, id, basket.empty(), now)
            return True

    def order(self, id: str, basket: str) -> MadeOrder | None:
        """Return an order of a basket's owner, None where there is none."""
        query = "SELECT delivered IS NOT NULL, due IS NOT NULL FROM made_order WHERE id = ? AND basket_id = ?"
        with self._open() as connection:
            row = connection.execute(query, (id, basket)).fetchone()
        return row and MadeOrder(id, bool(row[0]), bool(row[1]))

    def due(self, now: datetime) -> list[str]:
        """Return the orders whose messages are to be sent by now, the oldest first."""
        with self._open() as connection:
            query = "SELECT id FROM made_order WHERE due <= ? ORDER BY due"
            return [row[0] for row in connection.execute(query, (now.timestamp(),))]

    def next_due(self) -> float | None:
        """Return when the next message is to be sent, in seconds since 1970; None where none waits."""
        with self._open() as connection:
            due: float | None = connection.execute("SELECT MIN(due) FROM made_order").fetchone()[0]
        return due

    def claim(self, order: str, *, now: datetime, again: datetime) -> Message | None:
        """Take a due message to send it, due again at `again` should no answer be kept; None where another has it."""
        claim = "UPDATE made_order SET tries = tries + 1, due = ? WHERE id = ? AND due <= ? RETURNING body, tries"
        with self._open() as connection:
            row = connection.execute(claim, (again.timestamp(), order, now.timestamp())).fetchone()
        return row and Message(order, *row)

    def answered(self, order: str, answer: str, *, delivered: datetime | None, again: datetime | None) -> None:
        """Keep the answer to a message: that it has arrived, or when it is to be sent again, if ever."""
        moments = [moment and moment.timestamp() for moment in (delivered, again)]
        with self._open() as connection:
            update = "UPDATE made_order SET answer = ?, delivered = ?, due = ? WHERE id = ? AND delivered IS NULL"
            connection.execute(update, (answer, *moments, order))

    def forget_old(self, now: datetime) -> None:
        """Take out the baskets that nobody has touched for long."""
        with self._open() as connection:
            connection.execute("DELETE FROM basket WHERE touched < ?", ((now - KEPT).timestamp(),))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give a connection within a transaction that begins by writing, so that two never read the same basket."""
        with closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection


def _basket(connection: sqlite3.Connection, id: str) -> Basket:
    row = connection.execute("SELECT order_id, items, attributes FROM basket WHERE id = ?", (id,)).fetchone()
    return Basket(row[0], json.loads(row[1]), json.loads(row[2])) if row else basket.empty()


def _keep(connection: sqlite3.Connection, id: str, kept: Basket, now: datetime) -> None:
    row = (id, kept.order, json.dumps(dict(kept.items)), json.dumps(dict(kept.attributes)), now.timestamp())
    connection.execute("INSERT OR REPLACE INTO basket VALUES (?, ?, ?, ?, ?)", row)
