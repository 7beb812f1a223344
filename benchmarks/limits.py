"""The bare servers that the product is held against: the least that a Flask app on the same server can do.

`bare` answers a GET with a short text. `floor` takes the same form as the product's answer step,
writes one row with the database driver itself and commits, and sends a page part of the same size.
"""

import os
import sqlite3
import threading

from flask import Flask, request

from quizfunnel.serving.bridge import Bridge
from quizfunnel.serving.limits import BodyLimit, Limits, queues

_PART = "<main id=step>" + "x" * 1800 + "</main>"
_LIMIT = BodyLimit(64 * 1024, 5)
_local = threading.local()


def bridged_bare() -> Bridge:
    """Return `bare` on the product's own bridge."""
    return Bridge(bare(), Limits(forms=_LIMIT, hooks=_LIMIT, queues=queues(2)))


def bridged_floor() -> Bridge:
    """Return `floor` on the product's own bridge."""
    return Bridge(floor(), Limits(forms=_LIMIT, hooks=_LIMIT, queues=queues(2)))


def bare() -> Flask:
    """Return a Flask app with one route that does nothing."""
    app = Flask("bare", static_folder=None)

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


def floor() -> Flask:
    """Return a Flask app that commits one row for every form it takes."""
    app = Flask("floor", static_folder=None)

    @app.post("/a/<attempt>/<question>")
    def answer(attempt: str, question: str) -> str:
        connection = _connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO answer (attempt, question, value) VALUES (?, ?, ?)",
            (attempt, question, request.form["answer"]),
        )
        connection.execute("COMMIT")
        return _PART

    return app


def _connection() -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(_local, "connection", None)
    if found is None:
        found = _local.connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], timeout=2, isolation_level=None)
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=NORMAL")
        found.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, attempt, question, value)")
    return found
