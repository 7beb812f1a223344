"""The CSV report, a line a figure: section, row, measure, of, count, estimate, low, high; pure."""

import csv
import io
from collections.abc import Iterable, Iterator

from quizfunnel.insight.behaviour.selection import SelectionChecks
from quizfunnel.insight.behaviour.takers import Compared, Rate
from quizfunnel.insight.randomised.effect import Effect
from quizfunnel.insight.randomised.figures import Arms, Look
from quizfunnel.insight.randomised.money import Earned, MeanResult
from quizfunnel.insight.report.figures import AnyReport, Leaving, Report
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.kit.spreadsheet import Cell, guarded
from quizfunnel.stats.per_visitor import PerVisitor

Line = tuple[Cell, ...]


_HEAD = ("section", "row", "measure", "of", "count", "estimate", "low", "high")


def as_csv(report: Report) -> str:
    """Return every figure as a line of CSV; text that a spreadsheet would compute begins with an apostrophe."""
    return written(_lines(report))


def written(lines: Iterable[Line]) -> str:
    """Return lines as CSV with their heading."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for line in lines:
        writer.writerow([guarded(cell) for cell in line])
    return text.getvalue()


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
    yield from part_lines(report)
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
    yield from whole_lines(report)
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
    for name in ("unreadable", "waiting", "read_in_part", "refused"):
        yield ("orders", "deliveries", name.replace("_", " "), None, getattr(store, name))
    yield ("orders", "refunds", "without a rate", None, store.unconverted)
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


def _compared_lines(section: str, compared: Compared) -> Iterator[Line]:
    yield _rate_line(section, compared.row)
    yield (section, compared.row.label, f"ratio against: {compared.against.label}", None, None, *compared.ratio)
    yield (section, compared.row.label, f"difference from: {compared.against.label}", None, None, *compared.difference)


def part_lines(report: Report) -> Iterator[Line]:
    """Return those of the part that is shown: section, row, measure, of, count, estimate, low, high."""
    if report.arms is not None:
        yield from arm_lines(report.arms, report.looks, report.labels)
    yield from _alike(report.behaviour.alike)


def whole_lines(report: Report) -> Iterator[Line]:
    """Return those that are of all visitors, whatever part is shown."""
    kept = report.attempts.promise
    yield ("promise", f"{kept.minutes:g} min", "finishers within it", kept.finishers, kept.kept, *kept.share)
    yield from _leaving(report.attempts.leaving)
    for alarm in report.attempts.alarms:
        yield ("alarm", alarm.kind, alarm.saw, None, None, alarm.log_e)


def arm_lines(arms: Arms, looks: Iterable[Look], labels: ArmLabels) -> Iterator[Line]:
    """Return those of the two arms: the difference, money, guardrails, shares, and how the limits narrowed."""
    yield from _effect(arms.effect, labels)
    for each in arms.earned:
        yield from _earned(each, labels)
    for option in arms.options if labels == HOLDOUT_LABELS else ():
        row = f"{option.holdout_share * 100:g}% held out"
        yield ("shares", row, f"visitors to come, to see {arms.aim:+.0%}", option.held_out, option.more, option.days)
    for look in looks:
        yield from _look(look, labels)


def _effect(effect: Effect, labels: ArmLabels) -> Iterator[Line]:
    treatment, control = labels
    yield ("arms", treatment, f"difference from {control} at any time", None, None, *effect.difference)
    yield ("arms", treatment, "started the quiz", None, None, *effect.takeup)
    yield ("arms", control, "started the quiz", None, None, *effect.holdout_takeup)
    if labels == HOLDOUT_LABELS:
        yield ("arms", "Who start when invited", "difference at any time", None, None, *effect.complier.difference)
    for each in effect.results:
        for rate in (each.invited, each.holdout):
            yield (each.metric.role, rate.label, each.name, rate.visitors, rate.buyers, *rate.rate)
        yield (each.metric.role, treatment, f"{each.name}, difference from {control}", None, None, *each.difference)


def _earned(earned: Earned, labels: ArmLabels) -> Iterator[Line]:
    for result in earned.results:
        section = f"{result.name} a visitor, {earned.currency} minor units"
        for row, money in _rows(result):
            if money is not None:
                yield from _money(section, row, (earned, money), labels)
    for result in earned.results:
        yield (result.name, earned.currency, "cut at, minor units", None, result.earnings.cap)
        if result.coverage is not None:
            yield (result.name, earned.currency, result.coverage.row, sum(earned.orders), sum(result.orders))


def _rows(result: MeanResult) -> tuple[tuple[str, PerVisitor | None], ...]:
    """Return the rows of a metric: the headline's cut and uncut, of another the figure that counts."""
    if result.metric.role == "headline":
        return ("cut", result.earnings.capped), ("as paid", result.earnings.uncapped)
    return ((result.name, result.shown),)


def _money(section: str, row: str, figures: tuple[Earned, PerVisitor], labels: ArmLabels) -> Iterator[Line]:
    (treatment, control), (earned, money) = labels, figures
    for place, (arm, mean) in enumerate(((treatment, money.invited), (control, money.holdout))):
        yield (section, arm, row, earned.visitors[place], earned.buyers[place], mean)
    yield (section, treatment, f"{row}, difference from {control} at any time", None, None, *money.plain)
    if money.adjusted is not None:
        yield (section, treatment, f"{row}, less what earlier orders foretell", None, None, *money.adjusted)


def _look(look: Look, labels: ArmLabels) -> Iterator[Line]:
    for arm, (buyers, visitors) in zip(labels, (look.invited, look.holdout), strict=True):
        yield ("until", look.day.isoformat(), arm, visitors, buyers)
    yield ("until", look.day.isoformat(), f"ratio against {labels.control}", None, None, *look.ratio[:3])


def _alike(alike: SelectionChecks) -> Iterator[Line]:
    for rate in (alike.takers, alike.others):
        yield ("negative control", rate.label, "bought before", rate.visitors, rate.buyers, *rate.rate)
    if alike.control is not None:
        yield (
            "negative control",
            alike.takers.label,
            f"ratio against: {alike.others.label}",
            None,
            None,
            *alike.control,
        )
    if alike.adjusted is not None:
        yield ("adjusted", alike.takers.label, "ratio among people alike", None, None, *alike.adjusted.ratio)
        value = alike.adjusted.e_value
        yield ("adjusted", alike.takers.label, "E-value, and of the limit", None, None, value.estimate, value.limit)


def _leaving(leaving: Leaving) -> Iterator[Line]:
    for unit, points in (("questions", leaving.by_question), ("seconds", leaving.by_second)):
        for point in points:
            yield ("still there", f"{point.at} {unit}", "stay beyond", point.there, point.left, *point.staying)
