"""The JSON report: figures as JSON types; pure."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from quizfunnel.experiment.design import Design
from quizfunnel.insight.randomised.effect import Effect, ShareResult
from quizfunnel.insight.randomised.figures import ExperimentResult, Trial
from quizfunnel.insight.randomised.money import Earned
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.report.figures import AnyReport, Report


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON's types; `verdict` is the sentence, an unbounded limit is null."""
    behaviour, segment = report.behaviour, report.segment
    values = {
        "quiz": report.quiz,
        "title": report.title,
        "language": report.language,
        **provenance(report),
        "part": report.part,
        "devices": segment.devices,
        "channels": segment.channels,
        "declared_days": report.declared_days,
        "window_days": report.window_days,
        **experiment(report.experiment),
        "takers": behaviour.takers,
        "alike": behaviour.alike,
    }
    if report.is_whole:
        values |= _of_all_visitors(report)
    whole: dict[str, Any] = plain(values | {"shared": report.shared} | verdict(report.verdict))
    return whole


def _of_all_visitors(report: Report) -> dict[str, Any]:
    """Return the fields that are of all visitors, whatever part is shown."""
    attempts = report.attempts
    return {
        "direct": report.behaviour.direct,
        "funnel": attempts.funnel,
        "promise": attempts.promise,
        "leaving": attempts.leaving,
        "alarms": attempts.alarms,
        "health": report.health,
    }


def provenance(report: AnyReport) -> dict[str, Any]:
    """Return the fields of a report's provenance."""
    source = report.provenance
    return {
        "simulated": source.simulated,
        "other": source.other,
        "made_at": source.made_at,
        "rolled_up": source.rolled_up,
    }


def experiment(result: ExperimentResult) -> dict[str, Any]:
    """Return the fields of an experiment's result but for its health, the verdict as its sentence."""
    return {
        "verdict": result.verdict.sentence,
        "trial": result.trial and _trial(result.trial),
        "arms": result.arms,
        "looks": result.looks,
        "mature": result.mature,
        "waiting": result.waiting,
    }


def verdict(concluded: Verdict) -> dict[str, Any]:
    """Return the fields of a verdict beside its sentence."""
    return {"verdict_kind": concluded.kind, "advice": concluded.advice}


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.name,
        "holdout_share": trial.holdout_share,
        "window_days": trial.window_days,
        "since": trial.since,
        "earlier": trial.earlier,
        "frozen": trial.frozen,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    """Return an effect's fields, the metrics' results by their role; no list of a role that no metric has."""
    results = {"guardrails": effect.guardrails, "outcomes": effect.outcomes}
    return {
        "difference": effect.difference,
        "takeup": effect.takeup,
        "holdout_takeup": effect.holdout_takeup,
        "complier": effect.complier,
        **{role: compared for role, compared in results.items() if compared},
    }


def _earned(earned: Earned) -> dict[str, Any]:
    """Return money's fields: the headline's uncut and cut, of every other metric the figure that counts and its cap."""
    headline, *others = earned.results
    earnings = {name: getattr(headline.earnings, name) for name in ("cap", "capped", "uncapped")}
    values = {
        "currency": earned.currency,
        "visitors": earned.visitors,
        "buyers": earned.buyers,
        "orders": earned.orders,
        "planned": earned.planned,
        "earnings": earnings | {each.name: each.shown for each in others},
    }
    for each in others:
        if each.coverage is not None:
            values[each.coverage.field] = each.orders
        values[f"{each.name}_cap"] = each.earnings.cap
    return values


def _share(result: ShareResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "invited": result.invited,
        "holdout": result.holdout,
        "difference": result.difference,
    }


_FIELDS: dict[type, Callable[[Any], dict[str, Any]]] = {Effect: _effect, ShareResult: _share, Earned: _earned}


def plain(value: Any) -> Any:
    """Return typed figures as JSON's types; an unbounded limit is null."""
    if type(value) in _FIELDS:
        value = _FIELDS[type(value)](value)
    elif is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, Design):
        value = value.settings()
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    # JSON has no infinity, and what Python writes for it no other reader takes
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
