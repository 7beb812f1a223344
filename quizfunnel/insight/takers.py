"""Who takes the quiz: observed rates by how far people came and how long they stayed; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quizfunnel.insight import intervals
from quizfunnel.insight.cohort import COLD, FINISHED, HOLDOUT, STARTED, Moment
from quizfunnel.insight.definitions import BANDS
from quizfunnel.insight.intervals import Interval


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


def observe(moments: Iterable[Moment]) -> Takers:
    """Return the observed rates of mature visitors."""
    mature = [moment for moment in moments if moment.mature]
    open_to_quiz = [moment for moment in mature if moment.arm != HOLDOUT]
    held = [moment for moment in mature if moment.arm == HOLDOUT]
    takers = [moment for moment in open_to_quiz if moment.path.state != COLD]
    colds = [moment for moment in open_to_quiz if moment.path.state == COLD]
    cold = [
        rate("Did not start the quiz", colds),
        rate("Did not start, still there at 30 s", [m for m in colds if m.stayed]),
    ]
    if held:
        cold.append(rate("Holdout (saw no invitation)", held))
    finishers = [moment for moment in takers if moment.path.state == FINISHED]
    states = [
        rate("Started the quiz", takers),
        rate("Started, did not finish", [m for m in takers if m.path.state == STARTED]),
        rate("Finished", finishers),
    ]
    long = rate("Finished, 3+ minutes", [m for m in finishers if m.path.long])
    return Takers(
        tuple(cold),
        tuple(against(row, cold[0]) for row in (*states, long)),
        tuple(against(long, row) for row in cold),
        tuple(against(row, cold[0]) for row in _bands(takers)),
        rate("Time not measured", [m for m in takers if m.path.active is None]),
    )


def rate(label: str, moments: Sequence[Moment]) -> Rate:
    """Return how many of `moments` bought within their window."""
    buyers = sum(moment.bought is not None for moment in moments)
    return Rate(label, len(moments), buyers, intervals.wilson(buyers, len(moments)))


def against(row: Rate, other: Rate) -> Compared:
    """Return `row` beside another group's rate."""
    return Compared(row, other, intervals.ratio(row.pair, other.pair), intervals.difference(row.pair, other.pair))


def _bands(takers: Sequence[Moment]) -> list[Rate]:
    return [rate(band.label, [m for m in takers if _within(band.low, band.high)(m)]) for band in BANDS]


def _within(low: int, high: int | None) -> Callable[[Moment], bool]:
    def holds(moment: Moment) -> bool:
        active = moment.path.active
        return active is not None and active >= low and (high is None or active < high)

    return holds
