"""The bridge against granian's own WSGI: what a client sees of a response is the same."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from quizfunnel.store.engine import open_engine
from tests.servers import LIMIT, free_port, get
from tests.serving.clients import FORM, ORIGIN, Reply, exchange, head
from tests.serving.conftest import Served
from tests.staff import COOKIE, session_of

pytestmark = pytest.mark.slow

_WSGI = (
    "--interface",
    "wsgi",
    "--http",
    "1",
    "--no-ws",
    "--blocking-threads",
    "1",
    "--factory",
    "--log-level",
    "error",
)
_REQUEST_ID = "^[0-9a-f]{16}$"
_VARIES = re.compile(
    r"[0-9a-f]{32}(\.[\w-]+)?|[0-9a-f]{11}(\.[0-9a-f]{16})*\.[\w-]{22}|(?<=qf_v=)[^;]+|qf_a_[^;]+|Expires=[^;]+|"
    + _REQUEST_ID
)
_FORWARDED = ("X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example")
REQUESTS = {
    "front": head("GET", "/"),
    "quiz": head("GET", "/q/coffee"),
    "quiz by HEAD": head("HEAD", "/q/coffee"),
    "quiz with a query": head("GET", "/q/coffee?utm_source=a%20b&x=%ff"),
    "start": head("POST", "/q/coffee/start", ORIGIN, FORM, "Content-Length: 3") + b"a=b",
    "start from elsewhere": head("POST", "/q/coffee/start", "Origin: https://evil.example", FORM, "Content-Length: 0"),
    "start without a body": head("POST", "/q/coffee/start", ORIGIN),
    "health": head("GET", "/healthz"),
    "file": head("GET", "/static/quiz.css"),
    "file by version": head("GET", "/static/quiz.css?v=1"),
    "file by HEAD": head("HEAD", "/static/quiz.css"),
    "large file": head("GET", "/static/large.bin"),
    "part of a file": head("GET", "/static/quiz.css", "Range: bytes=0-9"),
    "file not changed": head("GET", "/static/quiz.css", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
    "no file": head("GET", "/static/none.css"),
    "nothing": head("GET", "/nothing"),
    "not UTF-8": head("GET", "/q/%ff%fe"),
    "NUL": head("GET", "/static/%00"),
    "two slashes": head("GET", "//q/coffee"),
    "dots": head("GET", "/static/../pyproject.toml"),
    "all": head("OPTIONS", "*"),
    "another host": head("GET", "/q/coffee").replace(b"127.0.0.1", b"evil.example"),
    "absolute": head("GET", "http://evil.example/q/coffee"),
    "wrong method": head("DELETE", "/q/coffee"),
    "forwarded": head("GET", "/q/coffee", *_FORWARDED),
    "results for a stranger": head("GET", "/insight/coffee"),
    "hook": head("POST", "/hooks/standard", "Content-Length: 2") + b"{}",
    "beacon": head("POST", "/t/x", "Content-Length: 2") + b"{}",
    "part for htmx": head("GET", "/q/coffee", "HX-Request: true"),
}


@contextmanager
def by_wsgi(served: Served) -> Iterator[int]:
    """Give the port on which granian serves the same store by WSGI."""
    port = free_port()
    store = served.database.parents[1]
    env = {"QUIZFUNNEL_STORE": str(store), "QUIZFUNNEL_CONSENT": "off", "QUIZFUNNEL_DATABASE_URL": ""}
    command = [sys.executable, "-m", "granian", *_WSGI, "--port", str(port), "quizfunnel.app:worker"]
    process = subprocess.Popen(command, env=os.environ | env)
    try:
        get(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


def test_every_response_is_what_wsgi_gave(served: Served) -> None:
    """Status, headers and body are the same but for what is drawn anew each time."""
    cookie = f"Cookie: {COOKIE}={signed_in(served)}"
    results = {path: head("GET", path, cookie) for path in ("/insight/coffee", "/insight/coffee.csv", "/staff")}
    with by_wsgi(served) as port:
        different = {
            name: (ours, theirs)
            for name, sent in (REQUESTS | results).items()
            if (ours := seen(exchange(served.port, sent))) != (theirs := seen(exchange(port, sent)))
        }
    assert different == {}


def signed_in(served: Served) -> str:
    """Return the key of a session of somebody of the staff."""
    engine = open_engine(f"sqlite:///{served.database}", pooled=False)
    key = session_of(engine, at=datetime.now(UTC))
    engine.dispose()
    return key


def seen(reply: Reply) -> tuple[int, dict[str, str], str]:
    """Return what is the same each time."""
    headers = {name: _VARIES.sub("-", value) for name, value in reply.headers.items()}
    headers |= {"date": "", "expires": "", "allow": str(sorted(headers.get("allow", "").split(", ")))}
    return reply.status, headers, _VARIES.sub("-", reply.body.decode("utf-8", "replace"))
