"""The report of an experiment of the whole store for programs and terminals: JSON, CSV and plain text; pure."""

from collections.abc import Iterator
from typing import Any

from quizfunnel.insight.output import (
    csv_report,
    json_report,
    text_report,
)
from quizfunnel.insight.output.csv_report import Line
from quizfunnel.insight.present import data_quality, design_table
from quizfunnel.insight.present.experiment_page import title
from quizfunnel.insight.present.experiment_tables import ratio_change
from quizfunnel.insight.report.figures import ExperimentReport


def as_json(report: ExperimentReport) -> dict[str, Any]:
    """Return the report as JSON's types; `verdict` is the sentence, an unbounded limit is null."""
    values = {
        "name": report.name,
        "quizzes": report.quizzes,
        **json_report.provenance(report),
        "window_days": report.window_days,
        **json_report.experiment(report.experiment),
        "health": report.health,
        "differs": report.differs,
        "edited": report.edited,
        "names": {"invited": report.labels.treatment, "holdout": report.labels.control},
        **json_report.verdict(report.verdict),
    }
    whole: dict[str, Any] = json_report.plain(values)
    return whole


def as_csv(report: ExperimentReport) -> str:
    """Return every figure as a line of CSV, as that of a quiz does."""
    return csv_report.written(_lines(report))


def as_text(report: ExperimentReport) -> str:
    """Return the report for a terminal: the verdict first, then the figures behind it."""
    sort = "simulated" if report.simulated else "real"
    parts = [
        f"{title(report)}: {sort} visitors, {report.made_at:%Y-%m-%d %H:%M} UTC",
        report.verdict.sentence,
        *(f"  {advice}" for advice in report.verdict.advice),
        "",
        *text_report.effect_text(report),
        f"  change: {ratio_change(report.arms.ratio)}",
        text_report.waiting_text(report),
        design_table.summary(report.trial),
        "",
        *(f"{fact.name}: {fact.says}" for fact in data_quality.facts(report)),
    ]
    return "\n".join(parts) + "\n"


def _lines(report: ExperimentReport) -> Iterator[Line]:
    yield from csv_report.first_lines(report)
    yield from csv_report.arm_lines(report.arms, report.looks, report.labels)
    yield from csv_report.health_lines(report)
