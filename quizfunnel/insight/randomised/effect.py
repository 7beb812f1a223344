"""The effect of the invitation beside the verdict: difference, takeup, and the metrics that both arms have; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizfunnel.insight.behaviour.takers import Rate, counted, rate
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.metrics import COMPARED, Metric
from quizfunnel.log.states import COLD, HOLDOUT, INVITED
from quizfunnel.stats import causal, mean_difference, sample_size
from quizfunnel.stats.causal import Complier
from quizfunnel.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class MetricResult:
    """The share of both arms' visitors that a metric counts, with the limits of the difference at any look."""

    metric: Metric
    invited: Rate
    holdout: Rate
    difference: Interval

    @property
    def name(self) -> str:
        """Return the words of its row."""
        return self.metric.label


@dataclass(frozen=True, slots=True)
class Effect:
    """The arms' difference, each arm's takeup, the difference for those who take it up, and the metrics' results."""

    difference: Interval
    takeup: Interval
    holdout_takeup: Interval
    complier: Complier
    results: tuple[MetricResult, ...]

    @property
    def guardrails(self) -> tuple[MetricResult, ...]:
        """Return what the invitation must not worsen."""
        return tuple(each for each in self.results if each.metric.role == "guardrail")

    @property
    def outcomes(self) -> tuple[MetricResult, ...]:
        """Return what else the invitation may change."""
        return tuple(each for each in self.results if each.metric.role == "outcome")


def effect(
    rows: Iterable[CellRow],
    *,
    share: float,
    planned: int,
    money: Iterable[CellRow] = (),
    labels: ArmLabels = HOLDOUT_LABELS,
) -> Effect:
    """Return what mature visitors of the two arms did, from rows that count visitors, and from those of `money`."""
    # money's rows have the visitors too, beside what these spent
    mature = [row for row in (*rows, *(each for each in money if each.currency)) if row.mature]
    invited, holdout = ([row for row in mature if row.arm == arm] for arm in (INVITED, HOLDOUT))
    one, two = _visitors(invited), _visitors(holdout)
    bought = mean_difference.itt_diff(rate("", one).pair, rate("", two).pair, planned=planned)
    took, held = _takeup(one), _takeup(two)
    results = []
    for metric in COMPARED:
        size = sample_size.visitors(metric.planned[0], share, metric.planned[1]) if metric.planned else planned
        results.append(_compared(metric, _Arms(invited, holdout, labels), size))
    return Effect(bought, took, held, causal.cace_diff(bought, took, held), tuple(results))


def _visitors(rows: Iterable[CellRow]) -> list[CellRow]:
    return [row for row in rows if not row.currency]


def _takeup(rows: Sequence[CellRow]) -> Interval:
    return causal.takeup(sum(r.visitors for r in rows if r.state != COLD), sum(r.visitors for r in rows))


@dataclass(frozen=True, slots=True)
class _Arms:
    """Mature rows of both arms, and the labels of these."""

    invited: Sequence[CellRow]
    holdout: Sequence[CellRow]
    labels: ArmLabels


def _compared(metric: Metric, arms: _Arms, planned: int) -> MetricResult:
    one, two = (
        counted(label, _count(metric, rows), sum(row.visitors for row in rows))
        for label, rows in zip(arms.labels, (arms.invited, arms.holdout), strict=True)
    )
    return MetricResult(metric, one, two, mean_difference.itt_diff(one.pair, two.pair, planned=planned))


def _count(metric: Metric, rows: Iterable[CellRow]) -> int:
    """Return how many visitors a metric counts: by a column of their cells, else as the buyers of its measure."""
    if metric.counts in CellRow._fields:
        return sum(getattr(row, metric.counts) for row in rows if not row.currency)
    return sum(row.buyers for row in rows if row.currency == metric.counts)
