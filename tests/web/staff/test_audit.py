"""Laws of the record: who, what, when, the newest first; a deed that fails leaves no line."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.staff import audit, people
from quizfunnel.web.staff.audit import Actor
from tests.cast import NOON


def test_it_works(engine: Engine) -> None:
    """A person is named, the command is nobody; the subject is as long as the column, the detail is as it was."""
    ana = write(engine, lambda c: people.add(c, "ana", "analyst", by=Actor(None, NOON)))
    later = Actor(ana.id, NOON + timedelta(seconds=1))
    write(engine, lambda c: audit.record(c, later, "quiz.publish", "ö" * 300, {"version": "é", "n": 2}))
    with reading(engine) as connection:
        newest, oldest = audit.recent(connection)
        assert audit.recent(connection, most=1) == [newest]
    assert (newest.at, newest.who, newest.action) == (later.at, "ana", "quiz.publish")
    assert (newest.subject, newest.detail) == ("ö" * 200, {"version": "é", "n": 2})
    assert (oldest.who, oldest.detail) == ("", {"role": "analyst"})


def test_a_deed_that_fails_leaves_no_line(engine: Engine) -> None:
    """The line is written in the deed's own transaction."""

    def fails(connection: Connection) -> None:
        people.add(connection, "ana", "analyst", by=Actor(None, NOON))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(engine, fails)
    with reading(engine) as connection:
        assert audit.recent(connection) == []


def test_every_action_has_words() -> None:
    """Whoever reads the record knows no code's names; a new action is told in words as well."""
    package = Path(audit.__file__).parents[2]
    text = "".join(path.read_text("utf-8") for path in package.rglob("*.py") if "migrations" not in path.parts)
    said_there = re.findall(r'audit\.record\(\w+, \w+, "([a-z.-]+)"', text)
    named = re.findall(r'^ACTION = "([a-z.-]+)"', text, re.MULTILINE)
    assert {*said_there, *named} == set(audit.WORDS)
