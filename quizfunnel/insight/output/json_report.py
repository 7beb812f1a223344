"""The JSON report: figures as JSON types; pure."""

from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from quizfunnel.experiment.design import Design
from quizfunnel.insight.cells.segment import WHOLE
from quizfunnel.insight.report.figures import Report

_OF_ALL = ("direct", "funnel", "promise", "leaving", "alarms", "health")  # whatever part is shown


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON's types; `verdict` is the sentence, an unbounded limit is null."""
    whole: dict[str, Any] = plain(report)
    said = whole["verdict"]
    if report.part != WHOLE:
        whole = {name: value for name, value in whole.items() if name not in _OF_ALL}
    return whole | {"verdict": said["sentence"], "verdict_kind": said["kind"], "advice": said["advice"]}


def plain(value: Any) -> Any:
    """Return typed figures as JSON's types; an unbounded limit is null."""
    if is_dataclass(value) and not isinstance(value, type):
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
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
