"""Takers' observed purchase rates, by how far they came and how long they stayed; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.log.definitions import BANDS, LONG_MS
from quizfunnel.log.states import (
    COLD,
    FINISHED,
    HOLDOUT,
    STARTED,
)
from quizfunnel.stats import intervals
from quizfunnel.stats.intervals import Interval

_LONG = next(place for place, band in enumerate(BANDS) if band.low >= LONG_MS)


@dataclass(frozen=True, slots=True)
class Rate:
    """Buyers among visitors, with Wilson's limits."""

    label: str
    visitors: int
    buyers: int
    rate: Interval

    @property
    def pair(self) -> tuple[int, int]:
        """Return (buyers, visitors)."""
        return self.buyers, self.visitors


@dataclass(frozen=True, slots=True)
class Compared:
    """A rate beside that of a group of cold visitors: ratio (MOVER-R) and difference (Newcombe)."""

    row: Rate
    against: Rate
    ratio: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class Takers:
    """Everything observed of who takes the quiz; only mature visitors, those invited unless a row says otherwise."""

    cold: tuple[Rate, ...]  # all, still there at 30 s, the holdout where there is one
    states: tuple[Compared, ...]
    long: tuple[Compared, ...]  # the 3+ minute row against each kind of cold visitor
    bands: tuple[Compared, ...]
    unmeasured: Rate


def observe(rows: Iterable[CellRow]) -> Takers:
    """Return the observed rates of mature visitors, from rows of one window that count visitors."""
    mature = [row for row in rows if row.mature]
    open_to_quiz = [row for row in mature if row.arm != HOLDOUT]
    held = [row for row in mature if row.arm == HOLDOUT]
    takers = [row for row in open_to_quiz if row.state != COLD]
    colds = [row for row in open_to_quiz if row.state == COLD]
    cold = [
        rate("Did not start the quiz", colds),
        counted(
            "Did not start, still there at 30 s", sum(r.stayed_buyers for r in colds), sum(r.stayed for r in colds)
        ),
    ]
    if any(row.visitors for row in held):
        cold.append(rate("Holdout (saw no invitation)", held))
    finishers = [row for row in takers if row.state == FINISHED]
    states = [
        rate("Started the quiz", takers),
        rate("Started, did not finish", [row for row in takers if row.state == STARTED]),
        rate("Finished", finishers),
    ]
    long = rate("Finished, 3+ minutes", [row for row in finishers if row.band >= _LONG])
    bands = [rate(band.label, [row for row in takers if row.band == place]) for place, band in enumerate(BANDS)]
    return Takers(
        tuple(cold),
        # against all cold visitors: those still there at 30 s are a choice by what happened after t0
        tuple(against(row, cold[0]) for row in (*states, long)),
        tuple(against(long, row) for row in cold),
        tuple(against(row, cold[0]) for row in bands),
        rate("Time not measured", [row for row in takers if row.band < 0]),
    )


def rate(label: str, rows: Sequence[CellRow]) -> Rate:
    """Return how many of the rows' visitors bought within their window."""
    return counted(label, sum(row.buyers for row in rows), sum(row.visitors for row in rows))


def against(row: Rate, other: Rate) -> Compared:
    """Return `row` beside another group's rate."""
    return Compared(row, other, intervals.ratio(row.pair, other.pair), intervals.difference(row.pair, other.pair))


def counted(label: str, buyers: int, visitors: int) -> Rate:
    """Return the rate of buyers among visitors, with Wilson's limits."""
    return Rate(label, visitors, buyers, intervals.wilson(buyers, visitors))
