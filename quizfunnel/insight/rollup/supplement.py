"""Supplement of a report to the visitors' cells: the funnel, direct visitors, and the health of the log."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from quizfunnel.experiment.design import STORE
from quizfunnel.insight.behaviour.funnel import (
    Counting,
    End,
    Funnel,
    StepRow,
)
from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.cells.fingerprints import VERSION
from quizfunnel.insight.rollup.snapshot import ByClick, Supplement
from quizfunnel.journey.tables import Attempt
from quizfunnel.log import attempts, orders, visitors
from quizfunnel.log.days import date_of
from quizfunnel.log.rows import Direct, Size, StoreOrders
from quizfunnel.log.scope import Scope
from quizfunnel.orders.dead_letters import refused_since
from quizfunnel.stats.causal import EValue
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.quantiles import Quantiles
from quizfunnel.store.types import columns

REFUSED_DAYS = 7
AT_ONCE = 50_000  # attempts whose answers are read at once

_t = columns(Attempt)


def read(connection: Connection, scope: Scope, question_texts: Mapping[str, str], *, now: int) -> Supplement:
    """Return these figures as the log is now; `question_texts` are the quiz's questions in their words.

    The whole store has no funnel, and nobody comes to it directly.
    """
    return Supplement(
        funnel(connection, scope, question_texts, now=now) if scope.quiz != STORE else Counting({}, now).funnel(),
        visitors.direct(connection, scope) if scope.quiz != STORE else Direct(0, 0, 0, 0),
        _store_orders(connection, scope, now=now),
        tuple(sorted(visitors.left_out(connection, scope).items())),
        () if scope.experiment is None else tuple(map(ByClick._make, orders.by_click(connection, scope))),
        attempts.unknown(connection, scope),
        visitors.size(connection, simulated=not scope.simulated),
    )


def _store_orders(connection: Connection, scope: Scope, *, now: int) -> StoreOrders:
    """Return the store's orders with what was refused lately; nobody knows of a refused delivery whether it is real."""
    lately = datetime.fromtimestamp(now / 1000, UTC).date() - timedelta(days=REFUSED_DAYS)
    return replace(orders.store_orders(connection, scope), refused=refused_since(connection, lately))


def as_text(figures: Supplement) -> str:
    """Return the figures as the JSON that `from_text` reads, and of which version the cells beside them are."""
    # a release that counts otherwise finds another version here, and takes the rollup for none
    return json.dumps({"version": VERSION} | asdict(figures), separators=(",", ":"))


def from_text(text: str) -> Supplement:
    """Return the figures that `as_text` wrote."""
    values: dict[str, Any] = json.loads(text)
    return Supplement(
        _funnel_of(values["funnel"]),
        Direct(**values["direct"]),
        StoreOrders(**values["store"]),
        tuple((kind, count) for kind, count in values["left_out"]),
        tuple(ByClick(*each) for each in values["by_click"]),
        (values["unknown"][0], values["unknown"][1]),
        Size(**values["other"]),
        _adjusted_of(values.get("adjusted")),
    )


def _adjusted_of(values: dict[str, Any] | None) -> Adjusted | None:
    if values is None:
        return None
    ratio, crude = Interval(*values["ratio"]), Interval(*values["crude"])
    return Adjusted(ratio, crude, EValue(*values["e_value"]), values["gap_before"], values["gap_after"])


def _funnel_of(values: dict[str, Any]) -> Funnel:
    steps = tuple(
        StepRow(
            **step | {"drop": Interval(*step["drop"])} | {name: Quantiles(*step[name]) for name in ("active", "wall")}
        )
        for step in values["steps"]
    )
    ends = {name: tuple(End(*end) for end in values.get(name, ())) for name in ("by_question", "by_second")}
    return Funnel(**values | {"steps": steps} | ends)


def funnel(
    connection: Connection, scope: Scope, question_texts: Mapping[str, str], *, now: int, at_once: int = AT_ONCE
) -> Funnel:
    """Return the funnel of a quiz's attempts, of which `at_once` may lie in memory with their answers."""
    counting = Counting(question_texts, now)
    for where in _parts(connection, scope, at_once):
        runs, steps = attempts.runs(connection, scope, *where), attempts.steps(connection, scope, *where)
        counting.add(runs, steps, attempts.stages(connection, scope, *where))
    return counting.funnel()


def _parts(connection: Connection, scope: Scope, most: int) -> Iterator[tuple[Any, ...]]:
    """Return conditions that part the attempts by when they began, so that none are too many."""
    days = attempts.attempts_per_day(connection, scope)
    total, edges = 0, []
    for day, count in days:
        if total + count > most and total:
            edges.append(datetime.combine(date_of(day), time(), UTC))
            total = 0
        total += count
    for start, end in zip((None, *edges), (*edges, None), strict=True):
        after = () if start is None else (_t.started_at >= start,)
        yield after if end is None else (*after, _t.started_at < end)
