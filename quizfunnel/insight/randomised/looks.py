"""Interim looks: the ratio and its limits as they were at the end of each day; pure."""

from collections import Counter
from collections.abc import Iterable

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.randomised.figures import Look
from quizfunnel.log.days import date_of
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.stats import confidence_sequence
from quizfunnel.stats.confidence_sequence import ArmPurchases


def daily_looks(rows: Iterable[CellRow], *, share: float) -> tuple[Look, ...]:
    """Return what was known at the end of each day on which windows closed, the first to the last.

    A day's visitors are those whose window closed on it or, at midnight, with it; the last day may go on.
    """
    closed: dict[int, Counter[tuple[str, str]]] = {}
    for row in rows:
        if row.mature:
            # a window of whole days closes so many days later at the hour of t0, so that the day alone tells
            counts = closed.setdefault(row.day + row.days, Counter())
            counts.update({(row.arm, "buyers"): row.buyers, (row.arm, "visitors"): row.visitors})
    so_far: Counter[tuple[str, str]] = Counter()
    looks = []
    for day in sorted(closed):
        so_far.update(closed[day])
        pairs = [(so_far[arm, "buyers"], so_far[arm, "visitors"]) for arm in (INVITED, HOLDOUT)]
        bought = ArmPurchases(pairs[0][0], pairs[1][0], 1 - share)
        looks.append(Look(date_of(day), pairs[0], pairs[1], confidence_sequence.sequence(bought)))
    return tuple(looks)
