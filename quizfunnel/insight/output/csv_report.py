"""The CSV report of a quiz, a line a figure; pure."""

import csv
import io
from collections.abc import Iterable, Iterator

from quizfunnel.insight.behaviour.takers import Compared, Rate
from quizfunnel.insight.output import lines
from quizfunnel.insight.output.lines import Line
from quizfunnel.insight.report.figures import AnyReport, Report
from quizfunnel.kit.spreadsheet import guarded

_HEAD = ("section", "row", "measure", "of", "count", "estimate", "low", "high")


def as_csv(report: Report) -> str:
    """Return every figure as a line of CSV; text that a spreadsheet would compute begins with an apostrophe."""
    return written(_lines(report))


def written(lines: Iterable[Line]) -> str:
    """Return lines as CSV with their heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for line in lines:
        writer.writerow([guarded(cell) for cell in line])
    return out.getvalue()


def _lines(report: Report) -> Iterator[Line]:
    yield from first_lines(report)
    for rate in (*report.takers.cold, report.takers.unmeasured):
        yield _rate_line("takers", rate)
    for section, rows in (
        ("takers", report.takers.states),
        ("3+ minutes", report.takers.long),
        ("time", report.takers.bands),
    ):
        for each in rows:
            yield from _compared_lines(section, each)
    yield from lines.more(report)
    if report.is_whole:
        yield from _all_lines(report)


def first_lines(report: AnyReport) -> Iterator[Line]:
    """Return the verdict, the arms with their ratio and plans, and who is waiting."""
    yield ("verdict", report.verdict.kind, report.verdict.sentence)
    if report.arms is not None:
        for rate in (report.arms.invited, report.arms.holdout):
            yield _rate_line("arms", rate)
        ratio, (treatment, control) = report.arms.ratio, report.labels
        yield ("arms", treatment, f"ratio against {control}", None, None, ratio.estimate, ratio.low, ratio.high)
        for plan in report.arms.plans:
            yield ("planner", f"{plan.effect:+.0%}", "visitors needed", None, plan.visitors, plan.days)
    if report.trial is not None and report.trial.frozen is not None:
        frozen = report.trial.frozen
        yield ("set to", frozen.fingerprint, "planned visitors", None, frozen.design.planned)
    yield ("waiting", "visitors", "count", None, report.waiting.visitors)
    yield ("waiting", "purchases", "count", None, report.waiting.purchases)


def _all_lines(report: Report) -> Iterator[Line]:
    yield from lines.of_all(report)
    for step in report.attempts.funnel.steps:
        yield ("funnel", step.ask, "left here", step.reached, step.left, *step.drop)
        yield (
            "funnel",
            step.ask,
            "active ms, median and 90%",
            step.active.n,
            None,
            step.active.median,
            None,
            step.active.p90,
        )
        yield ("funnel", step.ask, "wall ms, median and 90%", step.wall.n, None, step.wall.median, None, step.wall.p90)
    yield from health_lines(report)
    yield ("direct", "visitors", "bought", report.behaviour.direct.visitors, report.behaviour.direct.buyers)


def health_lines(report: AnyReport) -> Iterator[Line]:
    """Return how orders found their visitors, and who was left out."""
    store = report.health.store
    for name, arm in zip(report.labels.within, report.health.arms, strict=False):
        yield ("orders", name, "matched", arm.matched + arm.by_click_only, arm.matched, *arm.rate)
    yield ("orders", "whole store", "without a visitor", store.orders, store.unattributed)
    yield ("orders", "lines", "without a product", store.lines, store.lines_unmatched)
    for each in report.health.reconciled:
        row = f"{each.day.isoformat()} {each.source} {each.currency}"
        yield ("store totals", row, "orders, told and in the ledger", each.told.orders, each.ledger.orders)
        yield (
            "store totals",
            row,
            "minor units, told and in the ledger",
            each.told.total_minor,
            each.ledger.total_minor,
        )
    for kind, count in report.health.left_out:
        yield ("left out", kind, "visitors", None, count)


def _rate_line(section: str, rate: Rate) -> Line:
    return (section, rate.label, "bought", rate.visitors, rate.buyers, *rate.rate)


def _compared_lines(section: str, each: Compared) -> Iterator[Line]:
    yield _rate_line(section, each.row)
    yield (section, each.row.label, f"ratio against: {each.against.label}", None, None, *each.ratio)
    yield (section, each.row.label, f"difference from: {each.against.label}", None, None, *each.difference)
