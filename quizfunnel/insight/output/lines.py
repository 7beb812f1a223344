"""The lines of the report's CSV for money, guardrails, looks, alarms and leaving; pure."""

from collections.abc import Iterable, Iterator

from quizfunnel.insight.behaviour.selection import SelectionChecks
from quizfunnel.insight.randomised.effect import Effect
from quizfunnel.insight.randomised.figures import Arms, Look
from quizfunnel.insight.randomised.money import Earned
from quizfunnel.insight.report.figures import Leaving, Report
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.kit.spreadsheet import Cell
from quizfunnel.stats.per_visitor import PerVisitor

Line = tuple[Cell, ...]


def more(report: Report) -> Iterator[Line]:
    """Return those of the part that is shown: section, row, measure, of, count, estimate, low, high."""
    if report.arms is not None:
        yield from arms(report.arms, report.looks, report.labels)
    yield from _alike(report.behaviour.alike)


def of_all(report: Report) -> Iterator[Line]:
    """Return those that are of all visitors, whatever part is shown."""
    kept = report.attempts.promise
    yield ("promise", f"{kept.minutes:g} min", "finishers within it", kept.finishers, kept.kept, *kept.share)
    yield from _leaving(report.attempts.leaving)
    for alarm in report.attempts.alarms:
        yield ("alarm", alarm.kind, alarm.saw, None, None, alarm.log_e)


def arms(arms: Arms, looks: Iterable[Look], names: ArmLabels) -> Iterator[Line]:
    """Return those of the two arms: the difference, money, guardrails, shares, and how the limits narrowed."""
    yield from _effect(arms.effect, names)
    for each in arms.earned:
        yield from _earned(each, names)
    for option in arms.options if names == HOLDOUT_LABELS else ():
        row = f"{option.holdout_share * 100:g}% held out"
        yield ("shares", row, f"visitors to come, to see {arms.aim:+.0%}", option.held_out, option.more, option.days)
    for look in looks:
        yield from _look(look, names)


def _effect(effect: Effect, names: ArmLabels) -> Iterator[Line]:
    treatment, control = names
    yield ("arms", treatment, f"difference from {control} at any time", None, None, *effect.difference)
    yield ("arms", treatment, "started the quiz", None, None, *effect.takeup)
    yield ("arms", control, "started the quiz", None, None, *effect.holdout_takeup)
    if names == HOLDOUT_LABELS:
        yield ("arms", "Who start when invited", "difference at any time", None, None, *effect.complier.difference)
    for each in effect.results:
        for rate in (each.invited, each.holdout):
            yield (each.metric.role, rate.label, each.name, rate.visitors, rate.buyers, *rate.rate)
        yield (each.metric.role, treatment, f"{each.name}, difference from {control}", None, None, *each.difference)


def _earned(earned: Earned, names: ArmLabels) -> Iterator[Line]:
    earnings = earned.earnings
    for row, money in (("cut", earnings.capped), ("as paid", earnings.uncapped), ("profit", earnings.profit)):
        if money is not None:
            yield from _money(earned, row, money, names)
    yield ("revenue", earned.currency, "cut at, minor units", None, earnings.cap)
    yield ("profit", earned.currency, "cut at, minor units", None, earned.profit_cap)
    yield ("profit", earned.currency, "orders with known costs", sum(earned.orders), sum(earned.profitable))


def _money(earned: Earned, row: str, money: PerVisitor, names: ArmLabels) -> Iterator[Line]:
    treatment, control = names
    what = "profit" if row == "profit" else "revenue"
    section = f"{what} a visitor, {earned.currency} minor units"
    for place, (arm, mean) in enumerate(((treatment, money.invited), (control, money.holdout))):
        yield (section, arm, row, earned.visitors[place], earned.buyers[place], mean)
    yield (section, treatment, f"{row}, difference from {control} at any time", None, None, *money.plain)
    if money.adjusted is not None:
        yield (section, treatment, f"{row}, less what earlier orders foretell", None, None, *money.adjusted)


def _look(look: Look, names: ArmLabels) -> Iterator[Line]:
    for arm, (buyers, visitors) in zip(names, (look.invited, look.holdout), strict=True):
        yield ("until", look.day.isoformat(), arm, visitors, buyers)
    yield ("until", look.day.isoformat(), f"ratio against {names.control}", None, None, *look.ratio[:3])


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
