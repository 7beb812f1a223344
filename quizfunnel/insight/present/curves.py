"""The page's curves, each with its table: the interval as it narrowed, and who is still there; pure."""

from quizfunnel.insight.present import charts, experiment_tables
from quizfunnel.insight.present.behaviour_tables import column, whole
from quizfunnel.insight.present.pages import (
    Curve,
    Head,
    Table,
    TableRow,
)
from quizfunnel.insight.randomised.figures import ExperimentResult
from quizfunnel.insight.report.figures import Leaving
from quizfunnel.insight.words.numbers import day, number
from quizfunnel.stats.survival import Point

_MOST = 60  # points of a chart over days
_STEPS = (15, 30, 60, 120, 300, 600)
_ROWS = 8
_STAYS = "Still there (95% interval)"
_TERM = "Still there"


def narrowing(result: ExperimentResult) -> Curve | None:
    """Return how the limits of the verdict narrowed."""
    if result.arms is None or result.verdict.kind in ("withheld", "exploratory"):
        return None
    looks = experiment_tables.thin(tuple(look for look in result.looks if look.ratio.estimate is not None), _MOST)
    if not looks:
        return None
    last = looks[-1]
    says = f"Until {day(last.day)} the change between the arms was {experiment_tables.ratio_change(last.ratio)}."
    chart = charts.narrowing(looks, says=says)
    return (
        Curve("narrowing", chart, experiment_tables.looks(experiment_tables.thin(looks), result.labels))
        if chart
        else None
    )


def leaving(survival: Leaving) -> tuple[Curve, ...]:
    """Return who stays beyond each question, and beyond each half minute or so."""
    return tuple(curve for curve in (_by_question(survival.by_question), _by_second(survival.by_second)) if curve)


def _by_question(points: tuple[Point, ...]) -> Curve | None:
    title = "Share that stays beyond so many questions"
    ticks = [(at, str(at)) for at in range((points[-1].at if points else 0) + 1)]
    chart = charts.staying(points, title=title, ticks=ticks)
    rows = tuple(
        TableRow(str(point.at), (number(point.there), number(point.left), whole(point.staying))) for point in points
    )
    head = (Head("Questions shown"), Head("Came so far"), Head("Left there"), column(_STAYS, _TERM))
    return Curve("by-question", chart, Table(title, head, rows)) if chart else None


def _by_second(points: tuple[Point, ...]) -> Curve | None:
    title = "Share that stays beyond so much active time"
    if not points:
        return None
    longest = next((point.at for point in reversed(points) if point.there >= points[0].there / 20), points[-1].at)
    step = next((step for step in _STEPS if longest / step <= _ROWS), _STEPS[-1])
    ends = [step * place for place in range(1, max(1, -(-longest // step)) + 1)]
    chart = charts.staying(points, title=title, ticks=[(0, "0"), *((end, _clock(end)) for end in ends)])
    head = (Head("Active time"), Head("Still on the questions"), column(_STAYS, _TERM))
    return Curve("by-second", chart, Table(title, head, tuple(_row(points, end) for end in ends))) if chart else None


def _row(points: tuple[Point, ...], end: int) -> TableRow:
    """Return who was left after so much time: neither gone nor done."""
    past = [point for point in points if point.at <= end]
    later = next((point.there for point in points if point.at > end), 0)
    return TableRow(_clock(end), (number(later), whole(past[-1].staying) if past else "100%"))


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
