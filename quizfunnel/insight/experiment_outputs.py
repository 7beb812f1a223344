"""The report of an experiment of the whole store for programs and terminals: JSON, CSV and plain text; pure."""

from collections.abc import Iterator
from typing import Any

from quizfunnel.insight import (
    design_sheet,
    lines,
    outputs,
    strip,
)
from quizfunnel.insight.arm_sheets import ratio_change
from quizfunnel.insight.experiment_page import title
from quizfunnel.insight.figures import ExperimentReport
from quizfunnel.insight.lines import Line


def as_json(report: ExperimentReport) -> dict[str, Any]:
    """Return the report as JSON's types; `verdict` is the sentence, an unbounded limit is null."""
    whole: dict[str, Any] = outputs.plain(report)
    said = whole["verdict"]
    arms = {"invited": report.names.tried, "holdout": report.names.standing}
    return (
        whole | {"names": arms} | {"verdict": said["sentence"], "verdict_kind": said["kind"], "advice": said["advice"]}
    )


def as_csv(report: ExperimentReport) -> str:
    """Return every figure as a line of CSV, as that of a quiz does."""
    return outputs.written(_lines(report))


def as_text(report: ExperimentReport) -> str:
    """Return the report for a terminal: the verdict first, then the figures behind it."""
    sort = "simulated" if report.simulated else "real"
    parts = [
        f"{title(report)}: {sort} visitors, {report.made_at:%Y-%m-%d %H:%M} UTC",
        report.verdict.sentence,
        *(f"  {advice}" for advice in report.verdict.advice),
        "",
        *outputs.effect_text(report),
        f"  change: {ratio_change(report.arms.ratio)}",
        outputs.waiting_text(report),
        design_sheet.summary(report),
        "",
        *(f"{fact.name}: {fact.says}" for fact in strip.facts(report)),
    ]
    return "\n".join(parts) + "\n"


def _lines(report: ExperimentReport) -> Iterator[Line]:
    yield from outputs.first_lines(report)
    yield from lines.arms(report.arms, report.looks, report.names)
    yield from outputs.health_lines(report)
