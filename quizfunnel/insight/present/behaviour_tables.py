"""The page's tables: figures with their intervals, in words; pure."""

from collections.abc import Sequence

from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.takers import Compared, Rate
from quizfunnel.insight.present.pages import Head, Table, TableRow
from quizfunnel.insight.randomised.figures import Arms, Health
from quizfunnel.insight.words import terms
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.metrics import METRICS
from quizfunnel.insight.words.numbers import (
    about,
    duration,
    estimate,
    interval,
    many,
    number,
)
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.quantiles import Quantiles

NOBODY = "nobody yet"
_NBSP = "\u00a0"
EMPTY = Head("")
BOUGHT = "Bought (95% interval)"
_SAYS = {term.name: term.says for term in reversed(terms.TERMS)}


def arms(both: Arms) -> Table:
    """Return the two arms' rates."""
    rows = tuple(TableRow(rate.label, (*_counts(rate), whole(rate.rate))) for rate in (both.invited, both.holdout))
    head = (EMPTY, column("Visitors", "Visitor"), Head("Buyers"), column(BOUGHT, "Bought"))
    return Table("The two arms", head, rows)


def plans(both: Arms) -> Table:
    """Return what it takes to see changes of several sizes."""
    rows = tuple(
        TableRow(
            f"{plan.effect:+.0%}",
            (about(plan.visitors), about(plan.more), "no traffic" if plan.days is None else about(plan.days)),
        )
        for plan in both.plans
    )
    head = (Head("To see"), Head("Visitors in all"), Head("Still to come"), Head("Days"))
    return Table("What it takes to see a change", head, rows)


def compared(caption: str, cold: Rate, rows: Sequence[Compared]) -> Table:
    """Return rates beside those of who did not start the quiz."""
    head = (
        EMPTY,
        column("Visitors", "Visitor"),
        column(BOUGHT, "Bought"),
        column("Ratio (95% interval)", "Interval"),
        column("Difference in points", "Interval"),
    )
    first = TableRow(cold.label, (number(cold.visitors), whole(cold.rate), "1.00x" if cold.visitors else "", ""))
    return Table(f"{caption}, against who did not start", head, (first, *(_compared_row(each) for each in rows)))


def against(rows: Sequence[Compared]) -> Table:
    """Return one row's rate beside that of each kind of cold visitor."""
    head = (
        column("Against", "Cold visitor"),
        column("Visitors", "Visitor"),
        column(BOUGHT, "Bought"),
        column("Ratio (95% interval)", "Interval"),
        column("Difference in points", "Interval"),
    )
    caption = f"{rows[0].row.label} ({many(rows[0].row.visitors, 'visitor')}), against each kind of cold visitor"
    others = (
        TableRow(each.against.label, (number(each.against.visitors), whole(each.against.rate), *_contrast(each)))
        for each in rows
    )
    return Table(caption, head, tuple(others))


def steps(funnel: Funnel) -> Table:
    """Return where attempts end and how long each question takes."""
    rows = tuple(
        TableRow(
            step.ask,
            (number(step.reached), number(step.left), whole(step.drop), _times(step.active), _times(step.wall)),
        )
        for step in funnel.steps
    )
    head = (
        Head("Question"),
        column("Reached", "Reached"),
        column("Left here", "Left here"),
        column("Share (95% interval)", "Interval"),
        column("Active time, median (90%)", "Median and 90%"),
        column("On screen, median (90%)", "Median and 90%"),
    )
    return Table("Where people leave, and how long each question takes", head, rows)


def match(health: Health, labels: ArmLabels = HOLDOUT_LABELS) -> Table | None:
    """Return how many orders of each arm came back with their visitor's token; None without arms."""
    if not health.arms:
        return None
    rows = tuple(
        TableRow(
            name,
            (number(arm.visitors), number(arm.matched), number(arm.by_click_only), whole(arm.rate)),
        )
        for name, arm in zip(labels, health.arms, strict=True)
    )
    head = (
        Head("Arm"),
        column("Visitors", "Visitor"),
        column("With token", "Matched order"),
        Head("Known by click only"),
        column("Match rate (95% interval)", "Matched order"),
    )
    return Table("Orders that found their visitor, by arm", head, rows)


def metrics(*, randomised: bool) -> Table:
    """Return every metric of a page: what is divided by what, how, and whose method it is."""
    head = (Head("Metric"), Head("What it says"), Head("Of"), Head("Over"), Head("Method"), Head("Source"))
    rows = tuple(
        TableRow(each.name, (each.says, each.numerator, each.denominator, each.method, each.source))
        for each in METRICS
        if randomised or not each.randomised
    )
    return Table("Every metric and its method", head, rows, words=True)


def _compared_row(comparison: Compared) -> TableRow:
    rate = comparison.row
    return TableRow(
        rate.label,
        (number(rate.visitors), whole(rate.rate), *_contrast(comparison)),
        comparison.row.label.endswith("3+ minutes"),
    )


def _contrast(comparison: Compared) -> tuple[str, str]:
    if comparison.row.visitors == 0 or comparison.against.visitors == 0:
        return "", ""
    return whole(comparison.ratio, "times"), whole(comparison.difference, "points")


def _counts(rate: Rate) -> tuple[str, str]:
    return number(rate.visitors), number(rate.buyers)


def whole(limits: Interval, unit: str = "percent") -> str:
    """Return an estimate with its limits."""
    if limits.estimate is None and unit == "percent":
        return NOBODY
    return wraps(estimate(limits, unit), interval(limits, unit))


def _times(times: Quantiles) -> str:
    return wraps(duration(times.median), duration(times.p90)) if times.n else NOBODY


def wraps(figure: str, more: str) -> str:
    """Return a figure with what belongs to it, to be broken between the two and nowhere else."""
    return f"{figure.replace(' ', _NBSP)} ({more.replace(' ', _NBSP)})"


def column(label: str, name: str) -> Head:
    """Return a heading that leads to the word it stands for."""
    return Head(label, terms.slug(name), _SAYS[name])
