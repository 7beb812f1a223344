"""Laws of health and readiness: the worst probe decides, 503 is what is down or not ready, strangers read states."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.web import health
from quizfunnel.web.health import Probe
from tests.staff import sign_in

STATES = st.lists(st.lists(st.sampled_from(["ok", "degraded", "down"]), max_size=3), max_size=3)
AWAY = {"REMOTE_ADDR": "203.0.113.7"}


def app_of(*probes: Probe, staff: bool = True) -> Flask:
    """Return an app with these probes."""
    app = Flask("health", static_folder=None)
    health.install(app, [lambda: probes], to_staff=lambda: staff)
    return app


@given(groups=STATES, ready=st.booleans())
def test_the_worst_state_decides(groups: list[list[str]], ready: bool) -> None:  # noqa: FBT001
    """Down before degraded before ok, whichever probe says it; ready is who is not down and has what it needs."""
    app = Flask("health", static_folder=None)
    probes = [lambda states=states: [Probe("part", state, ready=ready) for state in states] for states in groups]
    health.install(app, probes, to_staff=lambda: True)
    states = [state for group in groups for state in group]
    worst = next((state for state in ("down", "degraded") if state in states), "ok")
    healthy, readied = (app.test_client().get(path) for path in ("/healthz", "/readyz"))
    assert healthy.get_json()["state"] == readied.get_json()["state"] == worst
    assert [part["state"] for part in healthy.get_json()["parts"]] == states
    assert healthy.status_code == (503 if worst == "down" else 200)
    good = worst != "down" and (ready or not states)
    assert (readied.status_code, readied.get_json()["ready"]) == (200 if good else 503, good)


def test_a_stranger_reads_states_alone() -> None:
    """Each part once, with its worst state: neither words nor numbers tell of quizzes that nobody may know yet."""
    parts = (Probe("quiz file", "ok", "a"), Probe("quiz file", "degraded", "secret.yaml"), Probe("database", "ok"))
    for path in ("/healthz", "/readyz"):
        answer = app_of(*parts, staff=False).test_client().get(path)
        assert answer.get_json()["parts"] == [
            {"name": "quiz file", "state": "degraded"},
            {"name": "database", "state": "ok"},
        ]
        assert "secret" not in answer.text


def test_what_is_down_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """With its words, which a stranger is not told; one line for many who ask."""
    client = app_of(Probe("database", "down", "a disk of this test is full"), staff=False).test_client()
    with caplog.at_level(logging.WARNING):
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 503
    assert [record.getMessage() for record in caplog.records] == [
        "health: database is down: a disk of this test is full"
    ]


def test_what_is_up_again_is_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    """And what is down anew within the minute, so that the last line is the truth."""
    app, probes = Flask("health", static_folder=None), [Probe("database", "ok")]
    health.install(app, [lambda: probes], to_staff=lambda: False)
    down = Probe("database", "down", "a lock of this test")
    with caplog.at_level(logging.WARNING):
        for probe in (probes[0], down, down, probes[0], probes[0], down):
            probes[:] = [probe]
            app.test_client().get("/healthz")
    lost = "health: database is down: a lock of this test"
    assert [record.getMessage() for record in caplog.records] == [lost, "health: database is up again", lost]


def test_nothing_of_a_broken_quiz_is_told_to_a_stranger(settings: Settings, clock: SetClock) -> None:
    """Whoever comes from another machine reads that something is degraded, and no name."""
    (settings.store / "quizzes" / "unreleased.yaml").write_text("title: [", "utf-8")
    app = create_app(settings, clock=clock, demo=False)
    answer = app.test_client().get("/healthz", environ_overrides=AWAY)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "degraded")
    assert "unreleased" not in answer.text
    app.extensions["quizfunnel"].engine.dispose()


def test_without_a_quiz_it_is_healthy_and_not_ready(settings: Settings, clock: SetClock) -> None:
    """Nobody can be served yet, and there is nothing to repair."""
    (settings.store / "quizzes" / "coffee.yaml").unlink()
    app = create_app(settings, clock=clock, demo=False)
    client = app.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    app.extensions["quizfunnel"].engine.dispose()


def test_it_works(app: Flask) -> None:
    """A store with a quiz and its tables is healthy and ready, by whatever name it is asked."""
    for path in ("/healthz", "/readyz"):
        answer = app.test_client().get(path, headers={"Host": "10.0.0.5"})
        assert (answer.status_code, answer.get_json()["state"]) == (200, "ok"), answer.text


def test_a_list_of_erasures_that_cannot_be_written_is_degraded(
    settings: Settings, clock: SetClock, tmp_path: Path
) -> None:
    """Shoppers are served, and none can be forgotten: a stranger reads the state, staff the folder and the remedy."""
    (tmp_path / "closed").write_text("")
    app = create_app(settings.model_copy(update={"erasures": tmp_path / "closed"}), clock=clock, demo=False)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["state"]) == (200, "degraded")
    assert {"name": "erasures", "state": "degraded"} in answer.get_json()["parts"]
    (part,) = [each for each in sign_in(app.test_client()).get("/healthz").get_json()["parts"] if each["state"] != "ok"]
    assert str(tmp_path / "closed") in part["say"]
    assert "QUIZFUNNEL_ERASURES" in part["say"]
    app.extensions["quizfunnel"].engine.dispose()


def test_staff_read_every_word(settings: Settings, clock: SetClock) -> None:
    """Whoever is signed in; being on the machine itself is not enough."""
    (settings.store / "quizzes" / "unreleased.yaml").write_text("title: [", "utf-8")
    app = create_app(settings, clock=clock, demo=False)
    assert "unreleased" not in app.test_client().get("/healthz").text
    assert "unreleased" in sign_in(app.test_client()).get("/healthz").text
    app.extensions["quizfunnel"].engine.dispose()


def test_staff_read_the_news_of_publishing(settings: Settings, clock: SetClock) -> None:
    """A save that was published, a file that was deleted; a stranger reads that there is such a part."""
    app = create_app(settings, clock=clock, demo=False)
    staff = sign_in(app.test_client())
    assert staff.get("/healthz").status_code == 200
    (settings.store / "quizzes" / "coffee.yaml").unlink()
    clock.advance(2)
    parts = staff.get("/healthz").get_json()["parts"]
    (news,) = [part["say"] for part in parts if part["name"] == "publishing"]
    assert news.startswith("`coffee` version ")
    assert news.endswith(", live from 2026-03-02 12:00, withdrawn 2026-03-02 12:00 UTC")
    assert "coffee" not in app.test_client().get("/healthz").text
    app.extensions["quizfunnel"].engine.dispose()
