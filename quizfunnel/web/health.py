"""Health and readiness of this deployment: true, and without a word that a stranger may not read.

Anybody is told the states; staff who are signed in what to do about each, where paths, quizzes and findings are named.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Flask, Response, jsonify

from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.staff import gate

STATES = ("ok", "degraded", "down")  # from good to bad

_log = FaultLog(logging.getLogger(__name__))


class Probe(NamedTuple):
    """One part's state: `ok`, `degraded` (serving, but look) or `down`, and what to do about it.

    A part that is not `ready` is no fault, but nobody can be served without it.
    """

    name: str
    state: str
    say: str = ""
    ready: bool = True


Ask = Callable[[], Sequence[Probe]]


def install(app: Flask, probes: Sequence[Ask], *, to_staff: Callable[[], bool] | None = None) -> None:
    """Answer GET /healthz and GET /readyz with every probe: 200 while shoppers are served, or can be; else 503."""
    down: dict[str, Hashable] = {}  # what is in the log as down, by its name

    def asked() -> list[Probe]:
        return [probe for ask in probes for probe in ask()]

    def answer(*, ready: bool) -> Response:
        results = asked()
        state = worst(results)
        good = state != "down" and (not ready or all(probe.ready for probe in results))
        _log_changes(results, down)
        parts = _in_full(results) if (to_staff or gate.is_signed_in)() else _in_short(results)
        response = jsonify(state=state, parts=parts, **({"ready": good} if ready else {}))
        response.status_code = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
        return response

    app.extensions["health"] = asked
    app.add_url_rule("/healthz", "healthz", lambda: answer(ready=False))
    app.add_url_rule("/readyz", "readyz", lambda: answer(ready=True))


def _log_changes(results: Sequence[Probe], down: dict[str, Hashable]) -> None:
    """Log what is down, and once that it is no more."""
    bad = {probe.name: probe.say for probe in results if probe.state == "down"}
    for name, say in bad.items():
        down[name] = ("down", name, say)
        _log.line(down[name], f"health: {name} is down: {say}")
    for name in [name for name in down if name not in bad]:
        if key := down.pop(name, None):  # of threads that ask at once one says it
            _log.over(f"health: {name} is up again", key)


def worst(probes: Sequence[Probe]) -> str:
    """Return the worst state of some parts."""
    return max((probe.state for probe in probes), key=STATES.index, default="ok")


def _in_full(probes: Sequence[Probe]) -> list[dict[str, Any]]:
    return [{"name": probe.name, "state": probe.state, "say": probe.say} for probe in probes]


def _in_short(probes: Sequence[Probe]) -> list[dict[str, Any]]:
    """Return each part once, with its worst state: how many there are of one would tell of unreleased quizzes."""
    names = dict.fromkeys(probe.name for probe in probes)
    return [{"name": name, "state": worst([probe for probe in probes if probe.name == name])} for name in names]
