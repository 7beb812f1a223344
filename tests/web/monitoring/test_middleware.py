"""Laws of a request's id and of its line: in the response, in every line that it causes, and nothing of anybody."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.telemetry.log_lines import JSONLines
from tests.pages import Shopper

PROXYS = "4f0c2c3a9d5e4a8bb1f70a4f5b6c7d8e"


class Kept(logging.Handler):
    """Handler that keeps the lines as they would be written."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.setFormatter(JSONLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[list[str]]:
    """Give the lines of the log, as JSON, from now on."""
    handler, root, requests = Kept(), logging.getLogger(), logging.getLogger("quizfunnel.requests")
    before = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    requests.setLevel(logging.INFO)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.setLevel(before[1])


@contextmanager
def logging_app(settings: Settings, clock: SetClock, *, proxies: int = 0) -> Iterator[Flask]:
    """Give the application of a store that logs each request."""
    more = {"log_requests": True, "proxies": proxies}
    app = create_app(settings.model_copy(update=more), clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def logged(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give that application, without a proxy."""
    with logging_app(settings, clock) as app:
        yield app


def test_a_response_says_its_requests_id(app: Flask) -> None:
    """Pages, files, redirects and errors; each its own, and a stranger's is not taken."""
    client = app.test_client()
    paths = ("/q/coffee", "/static/quiz.css", "/healthz", "/insight", "/no-such-page", "/a/x/y")
    sent = {"X-Request-Id": PROXYS}
    ids = [client.get(path, headers=sent, buffered=True).headers["X-Request-Id"] for path in paths]
    assert all(re.fullmatch("[0-9a-f]{16}", id) for id in ids)
    assert len({*ids, PROXYS}) == len(paths) + 1


def test_a_proxys_id_is_the_responses_and_the_logs(settings: Settings, clock: SetClock, kept: list[str]) -> None:
    """One id leads from the proxy's log to ours."""
    with logging_app(settings, clock, proxies=1) as app:
        answer = app.test_client().get("/no-such-page", headers={"X-Request-Id": PROXYS})
    assert answer.headers["X-Request-Id"] == PROXYS
    assert [json.loads(line)["request"] for line in kept] == [PROXYS]


def test_every_line_of_a_request_bears_its_id(logged: Flask, kept: list[str]) -> None:
    """Its own line and that of a fault; and a line after it bears none."""

    def fail() -> str:
        raise ValueError("12 High Street")

    logged.add_url_rule("/fails", "fails", fail)
    answer = logged.test_client().get("/fails")
    logging.getLogger("quizfunnel.after").warning("after")
    lines = [json.loads(line) for line in kept]
    assert [line["logger"] for line in lines] == ["quizfunnel.web.errors", "quizfunnel.requests", "quizfunnel.after"]
    assert [line.get("request") for line in lines] == [*[answer.headers["X-Request-Id"]] * 2, None]
    assert (lines[1]["method"], lines[1]["route"], lines[1]["status"]) == ("GET", "/fails", 500)
    assert lines[1]["ms"] > 0
    assert "High Street" not in "".join(kept)


def test_a_quiz_leaves_nothing_of_anybody_in_the_log(logged: Flask, kept: list[str]) -> None:
    """A whole way through a quiz with a marked word in whatever a browser can send: paths, queries, forms, headers."""
    marks = {name: f"canary-{name.lower()}" for name in ("Referer", "X-Canary", "Accept-Language")}
    shopper = Shopper(logged, marks | {"User-Agent": "Mozilla/5.0 canary-agent Firefox/130.0"})
    shopper.client.set_cookie("canary", "canary-cookie")
    address = shopper.start()
    shopper.answer(address, "espresso", fields={"canary-field": "canary-value"})
    shopper.answer(address, "canary-choice")
    for path in (
        "/canary-path?canary-query=1",
        "/q/canary-quiz",
        "/a/canary-attempt/brew?t=canary-token",
        "/go/canary/x",
    ):
        shopper.get(path)
    shopper.post("/a/canary-attempt/brew?t=canary-token", {"answer": "canary-answer"})
    shopper.post("/hooks/standard", b'{"canary": "body"}', headers={"webhook-id": "canary-id"})
    logged.test_client().post("/consent", data={"canary": "1"}, headers={"Origin": "https://canary.example"})
    text = "".join(kept)
    assert len(kept) > 10
    attempt = address.split("/")[2]
    cookies = [cookie.value for cookie in (shopper.client._cookies or {}).values()]
    assert [secret for secret in (attempt, *cookies) if secret and secret in text] == []
    told = {line for line in kept if "canary" in line}
    # The origin that a write was refused for is named: whoever sets up a shop looks for it, and it is no person's.
    assert all("https://canary.example" in line for line in told)
