"""The report for programs and terminals: JSON, CSV and plain text; pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from quizfunnel.insight import design_sheet, lines, reconciled, saying
from quizfunnel.insight.figures import ExperimentReport, Report
from quizfunnel.insight.lines import Line
from quizfunnel.insight.part import WHOLE
from quizfunnel.insight.takers import Compared, Rate
from quizfunnel.insight.wording import day, duration, estimate, interval, many, number, percent
from quizfunnel.kit.spreadsheet import guarded

_HEAD = ("section", "row", "measure", "of", "count", "estimate", "low", "high")
_OF_ALL = ("direct", "funnel", "promise", "leaving", "alarms", "health")  # whatever part is shown


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON's types; `verdict` is the sentence, an unbounded limit is null."""
    whole: dict[str, Any] = plain(report)
    said = whole["verdict"]
    if report.part != WHOLE:
        whole = {name: value for name, value in whole.items() if name not in _OF_ALL}
    return whole | {"verdict": said["sentence"], "verdict_kind": said["kind"], "advice": said["advice"]}


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


def as_text(report: Report) -> str:
    """Return the report for a terminal: the verdict first, then the figures behind it."""
    sort = "simulated" if report.simulated else "real"
    parts = [
        f"{report.title} ({report.quiz}): {sort} visitors, {report.made_at:%Y-%m-%d %H:%M} UTC",
        report.verdict.sentence,
        *(f"  {advice}" for advice in report.verdict.advice),
        "",
        *effect_text(report),
        waiting_text(report),
        *map(design_sheet.part_of, report.shared),
        "",
        "Who takes the quiz",
        *(_rate_text(rate) for rate in report.takers.cold),
        *(_compared_text(each) for each in report.takers.states),
        "",
        f"By invested time, against: {report.takers.cold[0].label.lower()}",
        *(_compared_text(each) for each in report.takers.bands),
        "",
        f"  {saying.control(report.alike)}",
        f"  {saying.adjusted(report.alike)}",
        "",
        *_funnel_text(report),
        f"  {saying.promise(report.promise)}",
        "",
        *(f"Look at this: {alarm.saw} To try: {alarm.advice}" for alarm in report.alarms),
        saying.watched(report),
        "",
        *_health_text(report),
    ]
    return "\n".join(parts) + "\n"


def effect_text(report: Report | ExperimentReport) -> list[str]:
    """Return the arms' rates for a terminal."""
    if report.arms is None:
        return []
    return [_rate_text(report.arms.invited), _rate_text(report.arms.holdout)]


def waiting_text(report: Report | ExperimentReport) -> str:
    """Return who is waiting."""
    waiting = report.waiting
    text = f"waiting: {many(waiting.visitors, 'visitor')}, {many(waiting.purchases, 'purchase')}"
    return text + (f", first counted on {day(waiting.counts_on)}" if waiting.counts_on else "")


def _rate_text(rate: Rate) -> str:
    found = f"{number(rate.buyers)} of {number(rate.visitors)} bought"
    return f"  {rate.label:<36} {found:>26}  {estimate(rate.rate):>10}  ({interval(rate.rate)})"


def _compared_text(each: Compared) -> str:
    return f"{_rate_text(each.row)}  {estimate(each.ratio, 'times')} ({interval(each.ratio, 'times')})"


def _funnel_text(report: Report) -> list[str]:
    funnel = report.funnel
    came = (
        f"{number(funnel.started)} started, {number(funnel.finished)} finished, {number(funnel.clicked)} saw a product"
    )
    lines = [f"Attempts: {came}; {number(funnel.going)} may still go on"]
    for step in funnel.steps:
        drop = percent(step.drop.estimate) if step.drop.estimate is not None else "-"
        reached, left = f"{number(step.reached)} reached", f"{number(step.left)} left here ({drop})"
        lines.append(f"  {step.ask[:48]:<48} {reached:>15} {left:>24}  median {duration(step.active.median)}")
    return lines


def _health_text(report: Report) -> list[str]:
    store, direct = report.health.store, report.direct
    out = ", ".join(f"{number(count)} {kind}" for kind, count in report.health.left_out) or "none"
    lines = [
        f"Orders without a visitor: {number(store.unattributed)} of {number(store.orders)}",
        f"Order lines without a product: {number(store.lines_unmatched)} of {number(store.lines)}",
        f"Visitors left out: {out}",
        f"The store's own totals: {reconciled.said(report)}",
        f"Came straight to the quiz: {many(direct.visitors, 'visitor')}, {number(direct.buyers)} bought",
    ]
    return lines + [
        f"Orders matched, {arm.arm}: {number(arm.matched)} of {number(arm.matched + arm.by_click_only)}"
        for arm in report.health.arms
    ]


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
    if report.part == WHOLE:
        yield from _all_lines(report)


def first_lines(report: Report | ExperimentReport) -> Iterator[Line]:
    """Return the verdict, the arms with their ratio and plans, and who is waiting."""
    yield ("verdict", report.verdict.kind, report.verdict.sentence)
    if report.arms is not None:
        for rate in (report.arms.invited, report.arms.holdout):
            yield _rate_line("arms", rate)
        ratio, (tried, standing) = report.arms.ratio, report.names
        yield ("arms", tried, f"ratio against {standing}", None, None, ratio.estimate, ratio.low, ratio.high)
        for plan in report.arms.plans:
            yield ("planner", f"{plan.effect:+.0%}", "visitors needed", None, plan.visitors, plan.days)
    if report.trial is not None and report.trial.frozen is not None:
        frozen = report.trial.frozen
        yield ("set to", frozen.fingerprint, "planned visitors", None, frozen.design.planned)
    yield ("waiting", "visitors", "count", None, report.waiting.visitors)
    yield ("waiting", "purchases", "count", None, report.waiting.purchases)


def _all_lines(report: Report) -> Iterator[Line]:
    yield from lines.of_all(report)
    for step in report.funnel.steps:
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
    yield ("direct", "visitors", "bought", report.direct.visitors, report.direct.buyers)


def health_lines(report: Report | ExperimentReport) -> Iterator[Line]:
    """Return how orders found their visitors, and who was left out."""
    store = report.health.store
    for name, arm in zip(report.names.within, report.health.arms, strict=False):
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


def plain(value: Any) -> Any:
    """Return typed figures as JSON's types; an unbounded limit is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
