"""A locked database: who needs it is told so two seconds after arrival, and nobody else waits."""

import time

import pytest

from quizfunnel.store.patience import WAIT_SECONDS
from tests.serving.clients import START, connections, exchange, head, heard, held, read, wait_for_all
from tests.serving.conftest import Served

pytestmark = pytest.mark.slow

WAITING = 8


def test_health_and_files_are_answered_while_answers_wait(served: Served) -> None:
    """While eight wait for the lock, /healthz and a static file are answered, and none of the eight is.

    Health says what its last try of a write came to, which may have been before the lock.
    """
    with held(served.database), connections(served.port, START, WAITING) as waiting:
        assert exchange(served.port, head("GET", "/healthz")).status in (200, 503)
        assert exchange(served.port, head("GET", "/static/quiz.css")).status == 200
        assert not heard(waiting)


def test_waiting_counts_from_arrival(served: Served) -> None:
    """Each of eight that came together is told after its own two seconds, not after those of the ones before it."""
    with held(served.database):
        begun = time.monotonic()
        with connections(served.port, START, WAITING) as waiting:
            wait_for_all(waiting)
            took = time.monotonic() - begun
            replies = [read(each) for each in waiting]
    assert {reply.status for reply in replies} == {503}
    assert {reply.headers["retry-after"] for reply in replies} == {"5"}
    assert b"Send again" in replies[0].body
    assert took < WAIT_SECONDS * WAITING / 2  # one after the other they would take all of it


def test_it_recovers(served: Served) -> None:
    """Who waited when the lock was given back is served."""
    with connections(served.port, b"") as (one,), held(served.database) as holder:
        one.sendall(START)
        exchange(served.port, head("GET", "/healthz"))
        holder.execute("ROLLBACK")
        assert read(one).status == 303
