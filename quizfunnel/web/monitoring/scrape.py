"""Scrape of /metrics, in Prometheus' text: what the workers of this server counted, and some figures of the store.

Open to whoever has the token of the settings, and to staff by their right.
"""

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Blueprint, Response, abort, current_app, make_response, request
from sqlalchemy import Connection

from quizfunnel import __version__
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.telemetry.counters import FAMILIES
from quizfunnel.telemetry.folder import SharedCounters
from quizfunnel.telemetry.store_figure import StoreFigure
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.staff import gate, roles
from quizfunnel.web.wiring import wiring

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

Read = Callable[[Connection], Iterable[StoreFigure]]

_WRONG = "This is not the token of QUIZFUNNEL_METRICS_TOKEN, or none is set. Send it as Authorization: Bearer TOKEN.\n"
_TEXT = "text/plain; charset=utf-8"

_log = FaultLog(logging.getLogger(__name__))
blueprint = Blueprint("monitoring", __name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """Readers of the store's figures, handed in by the rooms that know them."""

    readers: Sequence[Read]


def has_token() -> bool:
    """Tell whether a request brings a token of the settings; one that brings another is refused."""
    sent = request.headers.get("Authorization", "")
    if not sent:
        return False
    kind, _, token = sent.partition(" ")
    token_sent = token.strip().encode("utf-8", "replace")
    # each is compared, whichever is right
    good = [hmac.compare_digest(token_sent, each) for each in wiring().settings.metrics_tokens]
    if kind.lower() != "bearer" or not any(good):
        _refuse()
    return True


def _refuse() -> NoReturn:
    _log.line("token", "/metrics was refused: its Authorization has no token of QUIZFUNNEL_METRICS_TOKEN")
    abort(make_response((_WRONG, 401, {"WWW-Authenticate": 'Bearer realm="metrics"', "Content-Type": _TEXT})))


gate.guard(blueprint, roles.MACHINES, unless=has_token)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give all that is counted."""
    from prometheus_client.exposition import choose_encoder

    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(_registry()), content_type=content_type)


def _registry() -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(_OfWorkers())
    registry.register(_OfStore())
    return registry


class _OfWorkers:
    """Counters of the workers of this server."""

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily

        rows: dict[str, list[tuple[tuple[str, ...], list[float]]]] = {}
        for key, row in SharedCounters().together().items():
            rows.setdefault(key[0], []).append((key[1:], row))
        for name, family in FAMILIES.items():
            kind = HistogramMetricFamily if family.bounds else CounterMetricFamily
            metric: Any = kind(f"quizfunnel_{name}", family.says, labels=family.labels)
            for labels, (total, *counts) in rows.get(name, ()):
                if family.bounds:
                    limits = (*(str(float(bound)) for bound in family.bounds), "+Inf")
                    metric.add_metric(labels, list(zip(limits, accumulate(counts), strict=True)), total)
                else:
                    metric.add_metric(labels, total)
            yield metric


class _OfStore:
    """Figures of the store, and which program gives them."""

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily

        yield InfoMetricFamily("quizfunnel", "The program.", {"version": __version__})
        figures, away = _figures()
        says = "Whether the figures of the store could be read: 1, else 0 and they are left out."
        yield GaugeMetricFamily("quizfunnel_database_up", says, 0 if away else 1)
        for figure in figures:
            family = GaugeMetricFamily(f"quizfunnel_{figure.name}", figure.says, labels=figure.labels)
            for labels, value in figure.values.items():
                family.add_metric(labels, value)
            yield family


def _figures() -> tuple[list[StoreFigure], bool]:
    parts: Parts = current_app.extensions["monitoring"]
    try:
        with reading(wiring().engine) as connection:
            return [figure for read in parts.readers for figure in read(connection)], False
    except DatabaseAway:
        return [], True
