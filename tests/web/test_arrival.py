"""Arrival: what the server says of a request before a view sees it."""

import time

import pytest
from flask import Flask

from quizfunnel.store import patience
from quizfunnel.store.patience import WAIT_SECONDS


def test_a_request_says_when_it_came(app: Flask) -> None:
    """The server's word on a request's arrival is what the database is waited by; without it, the wait's beginning."""
    for arrived in (time.monotonic() - 5, None):
        environ = {} if arrived is None else {"quizfunnel.arrived": arrived}
        assert app.test_client().get("/q/coffee", environ_overrides=environ).status_code == 200
        expected = time.monotonic() if arrived is None else arrived
        assert patience.until() - expected == pytest.approx(WAIT_SECONDS, abs=0.5)
    patience.begin(None)


@pytest.mark.parametrize(("refused", "headers"), [(408, {}), (411, {}), (413, {}), (503, {"Retry-After": "5"})])
def test_a_refusal_of_the_server_is_answered_before_any_view(app: Flask, refused: int, headers: dict[str, str]) -> None:
    """Whatever was asked for, from wherever: the status is the server's, the words are ours."""
    for method, path in (("POST", "/q/coffee/start"), ("POST", "/hooks/standard"), ("GET", "/nowhere")):
        answer = app.test_client().open(path, method=method, environ_overrides={"quizfunnel.refused": refused})
        assert answer.status_code == refused
        assert headers.items() <= dict(answer.headers).items()
        assert (b"<h1>" in answer.data) == (path != "/hooks/standard")
