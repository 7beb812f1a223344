"""Middleware around the whole application: a request's id, its count and its time, and its line in the log."""

import logging
from collections.abc import Iterable
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from quizfunnel.telemetry import counters, request_ids
from quizfunnel.telemetry.log_lines import FIELDS

_log = logging.getLogger("quizfunnel.requests")
_REQUEST = "werkzeug.request"  # in the environ, once the application has made its own of it


def install(app: Flask, *, trusted: bool, logged: bool) -> None:
    """Count every request of `app`; one that a `trusted` proxy passed on keeps its id; `logged` ones are lines."""
    inner = app.wsgi_app

    def observed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if request_ids.NOBODYS in environ:
            return inner(environ, start_response)
        begun = perf_counter()
        status, route = "500", counters.NO_ROUTE
        id = environ[request_ids.KEY] = request_ids.choose(environ, trusted=trusted)
        request_ids.begin(id)

        def start(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, route
            status, route = line[:3], _route(environ)  # once the response is out, the request is no longer known
            return start_response(line, [*headers, (request_ids.HEADER, id)], exc_info)

        try:
            return inner(environ, start)
        finally:
            seconds, method = perf_counter() - begun, _method(environ)
            counters.count(counters.REQUESTS, method, route, status)
            counters.took(counters.SECONDS, seconds, route)
            if logged:
                _write(method, route, status, seconds)
            request_ids.begin("")

    app.wsgi_app = observed  # type: ignore[method-assign]


def _method(environ: WSGIEnvironment) -> str:
    method: str = environ["REQUEST_METHOD"]
    return method if method in counters.METHODS else counters.OTHER


def _route(environ: WSGIEnvironment) -> str:
    """Return the pattern that the address is of: the address itself may open somebody's attempt."""
    request = environ.get(_REQUEST)
    rule = request and request.url_rule
    return rule.rule if rule else counters.NO_ROUTE


def _write(method: str, route: str, status: str, seconds: float) -> None:
    ms = round(seconds * 1000, 1)
    fields = {"method": method, "route": route, "status": int(status), "ms": ms}
    _log.info("%s %s %s in %s ms", method, route, status, ms, extra={FIELDS: fields})
