"""Laws of the health check: the worst probe decides, and only what is down is a 5xx."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.web import health
from quizfunnel.web.health import Probe


@given(st.lists(st.lists(st.sampled_from(["ok", "degraded", "down"]), max_size=3), max_size=3))
def test_the_worst_state_decides(groups: list[list[str]]) -> None:
    """Down before degraded before ok, whichever probe says it; every probe is listed."""
    app = Flask("health", static_folder=None)
    health.install(app, [lambda states=states: [Probe("part", state) for state in states] for states in groups])  # type: ignore[misc]
    response = app.test_client().get("/healthz")
    states = [state for group in groups for state in group]
    worst = next((state for state in ("down", "degraded") if state in states), "ok")
    assert response.get_json()["state"] == worst
    assert [part["state"] for part in response.get_json()["parts"]] == states
    assert response.status_code == (503 if worst == "down" else 200)


@pytest.mark.parametrize("state", ["ok", "down"])
def test_a_probe_is_told_as_it_is(state: str) -> None:
    """Its name, its state and what to do, and nothing of ours beside."""
    app = Flask("health", static_folder=None)
    health.install(app, [lambda: [Probe("database", state, "look at its disk")]])
    response = app.test_client().get("/healthz")
    assert response.get_json()["parts"] == [{"name": "database", "state": state, "say": "look at its disk"}]
