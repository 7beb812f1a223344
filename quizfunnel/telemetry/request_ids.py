"""Request ids: one for each request, in every line of the log that it causes and in its response.

One that comes with the request counts only where a proxy of the store's own stands in front; else whoever sends it
would choose what stands in the log.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from os import urandom
from typing import Any

HEADER = "X-Request-Id"
KEY = "quizfunnel.request_id"  # in the environ
NOBODYS = "quizfunnel.nobodys"  # in the environ of a request that nobody sent: it has no id, and is not counted
_SENT = "HTTP_X_REQUEST_ID"
_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def choose(environ: Mapping[str, Any], *, trusted: bool) -> str:
    """Return the id that a request has already, that a `trusted` proxy sent, or a new one."""
    known: str = environ.get(KEY, "")
    if known:
        return known
    sent: str = environ.get(_SENT, "") if trusted else ""
    return sent if sent and _FORM.fullmatch(sent) else urandom(8).hex()


def current() -> str:
    """Return the id of the request that this thread or task is about, "" for none."""
    return _current.get()


@contextmanager
def about(request_id: str) -> Iterator[None]:
    """Let lines that are logged within bear an id."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def begin(request_id: str) -> None:
    """Let lines that this thread logs from now on bear an id; "" for none."""
    _current.set(request_id)
