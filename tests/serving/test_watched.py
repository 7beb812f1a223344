"""Laws of a server that is watched: its workers' counts are one, its log is JSON, its refusals have ids too."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import cast
from tests.servers import LIMIT, free_port, get, started, wait_for
from tests.serving.clients import FORM, ORIGIN, exchange, head

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-prometheus"
PROXYS = "4f0c2c3a9d5e4a8bb1f70a4f5b6c7d8e"
PAGES = 20


class Watched(NamedTuple):
    """A running server, and what it said before it served."""

    port: int
    process: subprocess.Popen[str]
    said: list[str]

    def value(self, name: str, **labels: str) -> float:
        """Return a value of /metrics, 0 where there is none."""
        text = exchange(self.port, head("GET", "/metrics", f"Authorization: Bearer {TOKEN}")).body.decode()
        samples = (one for family in text_string_to_metric_families(text) for one in family.samples)
        return next((one.value for one in samples if (one.name, one.labels) == (f"quizfunnel_{name}", labels)), 0)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """Give a server of two workers behind a proxy, whose log is JSON."""
    cast.write_store(tmp_path)
    port = free_port()
    env = {
        "QUIZFUNNEL_STORE": str(tmp_path),
        "QUIZFUNNEL_METRICS_TOKEN": TOKEN,
        "QUIZFUNNEL_LOG_FORMAT": "json",
        "QUIZFUNNEL_LOG_REQUESTS": "true",
        "QUIZFUNNEL_PROXIES": "1",
        "QUIZFUNNEL_DATABASE_URL": "",
    }
    command = (sys.executable, "-m", "quizfunnel", "serve", "--workers", "2", "--port", str(port))
    with started(*command, cwd=tmp_path, env=env) as (process, said):
        get(f"http://127.0.0.1:{port}/healthz")
        yield Watched(port, process, said)


def test_two_workers_are_watched_as_one_server(watched: Watched) -> None:
    """Whichever worker is asked gives the sum, refusals have the proxy's id, every line of the log is an object."""
    for _ in range(PAGES):
        assert exchange(watched.port, head("GET", "/q/coffee", f"X-Request-Id: {PROXYS}")).status == 200
    page = {"method": "GET", "route": "/q/<slug>", "status": "200"}

    def all_say_the_sum() -> bool | None:
        return {watched.value("requests_total", **page) for _ in range(8)} == {PAGES} or None

    wait_for(all_say_the_sum, "a worker gives another sum than that of both")
    large = ("Content-Length: 99999999", f"X-Request-Id: {PROXYS}", ORIGIN, FORM)
    refused = exchange(watched.port, head("POST", "/q/coffee/start", *large))
    assert (refused.status, refused.headers["x-request-id"]) == (413, PROXYS)
    wait_for(lambda: watched.value("refused_total", status="413") == 1 or None, "the refusal is not counted")
    watched.process.terminate()
    said, _ = watched.process.communicate(timeout=LIMIT)
    lines = [json.loads(line) for line in [*watched.said, *said.splitlines()]]
    routes = [line["route"] for line in lines if line.get("request") == PROXYS and "route" in line]
    assert routes.count("/q/<slug>") == PAGES
    assert any("refused: a body of" in line["message"] and line["request"] == PROXYS for line in lines)
    assert any("quizfunnel staff add NAME" in line["message"] for line in lines)
    assert "/staff/link" not in "".join(watched.said)
