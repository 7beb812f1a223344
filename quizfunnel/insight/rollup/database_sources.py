"""Database sources of the cells, as the store's tables hold them; `cells/visitors.py` says what they are for."""

from typing import Any

from sqlalchemy import Select, String, func, literal, select, union_all

from quizfunnel.insight.cells.statement import Sources
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import attempts, in_experiment
from quizfunnel.log.definitions import STAYED_MS, WINDOW_DAYS
from quizfunnel.log.measure_rows import measure_rows, order_columns, owned, purchase_rows
from quizfunnel.log.measures import CAPPED, REVENUE
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import EVERYONE
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView, Visitor

_v, _a, _pv, _t, _an = (columns(table) for table in (Visitor, Assignment, PageView, Attempt, Answer))


def sources(scope: Scope, *, since: Any = None, until: Any = None) -> Sources:
    """Return the log of one quiz, of visitors whose clock started in [since, until), two moments or None."""
    measure = owned(measure_rows(order_columns(scope)))
    return Sources(_entrant(scope, since, until), owned(purchase_rows(scope)), measure, _run(scope), _step())


def start(scope: Scope) -> Any:
    """Return the column of t0: the assignment's, or the first sight where there is no experiment."""
    return _v.first_seen if scope.experiment is None else _a.t0


def entrants(scope: Scope, *selected: Any) -> Select[Any]:
    """Return these columns of the shoppers that entered."""
    statement = select(*selected).select_from(Visitor)
    if scope.experiment is not None:
        statement = select(*selected).select_from(Assignment).join(Visitor, _v.id == _a.visitor_id)
        statement = statement.where(*in_experiment(scope))
    return statement.where(_v.simulated == scope.simulated, _v.kind == "shopper")


def earlier_orders(scope: Scope, before: Any) -> Select[Any]:
    """Return how often orders of each value were made before a moment, by the measures that have a cap."""
    # revenue by itself: who wants it with the others' makes SQLite keep every order with its costs, early or not
    further = measure_rows(order_columns(scope), [each for each in CAPPED if each != REVENUE])
    # a subquery each: SQLite takes no union within another's brackets
    both = (select(*rows.subquery().c) for rows in (purchase_rows(scope), further))
    earlier = union_all(*both).subquery("earlier").c
    counts = select(earlier.currency, earlier.net, func.count()).where(earlier.at < before)
    return counts.group_by(earlier.currency, earlier.net)


def between(scope: Scope, since: Any, until: Any) -> list[Any]:
    """Hold for a t0 in [since, until)."""
    t0, conditions = start(scope), []
    if since is not None:
        conditions.append(t0 >= since)
    if until is not None:
        conditions.append(t0 < until)
    return conditions


def _entrant(scope: Scope, since: Any, until: Any) -> Select[Any]:
    t0 = millis(start(scope))
    # a scalar subquery a visitor, by the index of views: a join would read every view of everybody
    later = select(func.min(millis(_pv.at))).where(_pv.visitor_id == _v.id, millis(_pv.at) - t0 >= STAYED_MS)
    everyone = scope.experiment is None
    selected = (
        _v.id.label("visitor"),
        (literal(EVERYONE, String) if everyone else _a.arm).label("arm"),
        t0.label("t0"),
        (literal(0.0) if everyone else _a.holdout_share).label("share"),
        (literal(WINDOW_DAYS) if everyone else _a.window_days).label("declared"),
        _v.device.label("device"),
        _v.channel.label("channel"),
        _v.landing_page.label("landing"),
        millis(_v.first_seen).label("first_seen"),
        later.correlate(Visitor, Assignment).scalar_subquery().label("next_view"),
    )
    return entrants(scope, *selected).where(*between(scope, since, until))


def _run(scope: Scope) -> Select[Any]:
    return select(
        _t.id.label("id"),
        _t.visitor_id.label("visitor"),
        millis(_t.started_at).label("started"),
        millis(_t.finished_at).label("finished"),
    ).where(*attempts(scope), _t.visitor_id.is_not(None))


def _step() -> Select[Any]:
    """Return every answer: the join with the attempts of the quiz chooses among them, by an index."""
    at, source = millis(_an.answered_at).label("at"), _an.source.label("source")
    return select(_an.attempt_id.label("attempt"), at, _an.active_ms.label("active"), source)
