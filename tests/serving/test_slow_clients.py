"""Slow clients: however many there are, a page is answered while they wait, and they are ended after their time."""

import socket

import pytest

from tests.serving.clients import (
    FORM,
    ORIGIN,
    PATIENCE,
    connections,
    exchange,
    head,
    heard,
    quickest,
    read,
    wait_for_all,
)
from tests.serving.conftest import LARGE, Served

pytestmark = pytest.mark.slow

SLOW_BODY = head("POST", "/t/" + 32 * "0", FORM, "Content-Length: 500") + b"a"  # a beacon, which is read at once
PAGE = head("GET", "/q/coffee")


def test_64_slow_bodies_stop_no_page_and_end_with_408(served: Served) -> None:
    """A page is answered within a second while 64 forms are on their way, and none of those keeps its connection."""
    with connections(served.port, SLOW_BODY, 64) as slow:
        assert quickest(served.port, PAGE) < 1
        assert not heard(slow)
        wait_for_all(slow)
        replies = [read(each) for each in slow]
    assert {(reply.status, reply.closed) for reply in replies} == {(408, True)}
    assert b"That took too long to arrive" in replies[0].body
    assert "content-security-policy" in replies[0].headers


def test_a_body_that_trickles_has_the_same_deadline(served: Served) -> None:
    """A byte now and then buys no time: the deadline is the whole body's."""
    with connections(served.port, SLOW_BODY) as (slow,):
        while not heard([slow], 0.5):
            slow.sendall(b"b")
        assert read(slow).status == 408


def test_slow_heads_stop_no_page_and_are_ended(served: Served) -> None:
    """A page is answered within a second while 64 heads are on their way, and those connections are closed."""
    with connections(served.port, b"GET /q/coffee HTTP/1.1\r\nHost:", 64) as slow:
        assert quickest(served.port, PAGE) < 1
        assert not heard(slow)
        wait_for_all(slow)
        assert {each.recv(1) for each in slow} == {b""}


def test_idle_connections_stop_no_page_and_are_ended(served: Served) -> None:
    """A page is answered within a second beside 300 that were kept alive, and those are closed after a while."""
    with connections(served.port, head("GET", "/static/quiz.css"), 300) as idle:
        assert {read(each).status for each in idle} == {200}
        assert quickest(served.port, PAGE) < 1
        assert not heard(idle)
        wait_for_all(idle)
        assert {each.recv(1) for each in idle} == {b""}


def test_clients_that_do_not_read_stop_no_page(served: Served) -> None:
    """A page and a file are answered within a second beside 64 that read nothing of much; who reads on gets it all."""
    asked = head("GET", "/static/large.bin", "Connection: close")
    with connections(served.port, asked, 64) as slow:
        wait_for_all(slow)
        assert quickest(served.port, PAGE) < 1
        assert quickest(served.port, head("GET", "/static/quiz.css")) < 1
        reply = read(slow[0])
    assert (reply.status, len(reply.body)) == (200, LARGE)


def test_more_slow_bodies_than_a_backlog_stop_no_page(served: Served) -> None:
    """1,300 forms under way are some more connections and nothing else."""
    with connections(served.port, SLOW_BODY, 1_300):
        assert exchange(served.port, PAGE).status == 200


def test_what_is_sent_in_chunks_or_is_too_large_is_refused_at_once(served: Served) -> None:
    """411 without a length and 413 above the form's or the hook's size, before any of the body is read."""
    chunked = head("POST", "/q/coffee/start", ORIGIN, FORM, "Transfer-Encoding: chunked")
    cases = [(chunked + b"3\r\na=b\r\n", 411), (chunked + b"3\r\na=b\r\n0\r\n\r\n", 411)]
    cases += [(head("POST", path, f"Content-Length: {size}"), status) for path, size, status in SIZES]
    for sent, status in cases:
        reply = exchange(served.port, sent)
        assert (reply.status, reply.closed) == (status, True)


SIZES = [
    ("/q/coffee/start", 64 * 1024 + 1, 413),
    ("/hooks/standard", 1024 * 1024 + 1, 413),
    ("/t/x", 10**12, 413),
]


def test_a_hook_has_more_room_than_a_form(served: Served) -> None:
    """A body of half a mebibyte comes through to the hook's own answer: nobody set up a secret here."""
    body = bytes(512 * 1024)
    reply = exchange(served.port, head("POST", "/hooks/standard", f"Content-Length: {len(body)}") + body)
    assert reply.status == 404
    assert b"QUIZFUNNEL_STANDARD_SECRET is not set" in reply.body


def test_who_expects_a_100_is_told_to_go_on(served: Served) -> None:
    """`Expect: 100-continue`: the body is asked for where it is wanted, and refused unsent where it is not."""
    expects = (ORIGIN, FORM, "Expect: 100-continue")
    with connections(served.port, head("POST", "/q/coffee/start", *expects, "Content-Length: 3")) as (one,):
        assert one.recv(100).startswith(b"HTTP/1.1 100 ")
        one.sendall(b"a=b")
        assert read(one).status == 303
    assert exchange(served.port, head("POST", "/q/coffee/start", *expects, "Content-Length: 70000")).status == 413


def test_a_body_that_breaks_off_is_nobodys_answer(served: Served) -> None:
    """A client that goes away before its form is whole leaves a server that serves."""
    for _ in range(8):
        with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as gone:
            gone.sendall(SLOW_BODY)
    assert exchange(served.port, PAGE).status == 200
