"""The effect of the invitation beside the verdict: difference, takeup, and the metrics that both arms have; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizfunnel.insight.behaviour.takers import Rate, counted
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.metric import Count, Metric, Share
from quizfunnel.insight.words.metrics import SHARES
from quizfunnel.log.states import COLD, HOLDOUT, INVITED
from quizfunnel.stats import causal, mean_difference, sample_size
from quizfunnel.stats.causal import Complier
from quizfunnel.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class ShareResult:
    """A metric's share of both arms' visitors, with the limits of the difference at any look."""

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
    results: tuple[ShareResult, ...]  # of all but the headline

    @property
    def guardrails(self) -> tuple[ShareResult, ...]:
        """Return what the invitation must not worsen."""
        return tuple(each for each in self.results if each.metric.role == "guardrail")

    @property
    def outcomes(self) -> tuple[ShareResult, ...]:
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
    took, held = _takeup(invited), _takeup(holdout)
    results = []
    for metric, estimand in SHARES:
        size = sample_size.visitors(metric.planned[0], share, metric.planned[1]) if metric.planned else planned
        results.append(compare(metric, estimand, BothArms(invited, holdout, labels), planned=size))
    (bought,) = (each.difference for each in results if each.metric.role == "headline")
    others = tuple(each for each in results if each.metric.role != "headline")
    return Effect(bought, took, held, causal.cace_diff(bought, took, held), others)


def _takeup(rows: Sequence[CellRow]) -> Interval:
    # rows of money count no visitors
    return causal.takeup(sum(r.visitors for r in rows if r.state != COLD), sum(r.visitors for r in rows))


@dataclass(frozen=True, slots=True)
class BothArms:
    """Mature rows of both arms, and the labels of these."""

    invited: Sequence[CellRow]
    holdout: Sequence[CellRow]
    labels: ArmLabels


def compare(metric: Metric, estimand: Share, arms: BothArms, *, planned: int) -> ShareResult:
    """Return a metric's share in both arms; its difference is tightest at the `planned` number of visitors."""
    one, two = (
        counted(label, _count(estimand.counted, rows), _count(estimand.of, rows))
        for label, rows in zip(arms.labels, (arms.invited, arms.holdout), strict=True)
    )
    return ShareResult(metric, one, two, mean_difference.itt_diff(one.pair, two.pair, planned=planned))


def _count(count: Count, rows: Iterable[CellRow]) -> int:
    """Return how many visitors there are: by a column of their cells, or as the buyers of a measure."""
    if isinstance(count, str):
        return sum(getattr(row, count) for row in rows if not row.currency)
    return sum(row.buyers for row in rows if row.currency == count.name)
