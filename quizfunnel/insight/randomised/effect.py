"""What the invitation comes to besides the verdict: the difference, who takes it up, what it must not harm; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizfunnel.insight.behaviour.takers import Rate, counted, rate
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.log.measures import RETURNED
from quizfunnel.log.states import COLD, HOLDOUT, INVITED
from quizfunnel.stats import causal, mean_difference, sample_size
from quizfunnel.stats.causal import Complier
from quizfunnel.stats.intervals import Interval

STAYED = "Still in the shop 30 s later"
TAKEN_BACK = "Had an order cancelled or given back"
_HALF, _TENTH = 0.5, 0.1  # about so many stay, and a tenth fewer would matter


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A rate of both arms that the invitation must not worsen, with the limits of its difference at any look."""

    name: str
    invited: Rate
    holdout: Rate
    difference: Interval


@dataclass(frozen=True, slots=True)
class Effect:
    """The arms' difference, each arm's takeup, the difference for those who take it up, and the guardrails."""

    difference: Interval
    takeup: Interval
    holdout_takeup: Interval
    complier: Complier
    guardrails: tuple[Guardrail, ...]


def effect(
    rows: Iterable[CellRow],
    *,
    share: float,
    planned: int,
    money: Iterable[CellRow] = (),
    names: ArmLabels = HOLDOUT_LABELS,
) -> Effect:
    """Return what mature visitors of the two arms did, from rows that count visitors, and from those of `money`."""
    mature = [row for row in rows if row.mature]
    invited, holdout = ([row for row in mature if row.arm == arm] for arm in (INVITED, HOLDOUT))
    bought = mean_difference.itt_diff(rate("", invited).pair, rate("", holdout).pair, planned=planned)
    took, held = _takeup(invited), _takeup(holdout)
    back = [row for row in money if row.mature and row.currency == RETURNED]
    rails = (_stayed((invited, holdout), share, names), _taken_back((invited, holdout), back, planned, names))
    return Effect(bought, took, held, causal.cace_diff(bought, took, held), rails)


def _takeup(rows: Sequence[CellRow]) -> Interval:
    return causal.takeup(sum(r.visitors for r in rows if r.state != COLD), sum(r.visitors for r in rows))


def _stayed(arms: Sequence[Sequence[CellRow]], share: float, names: ArmLabels) -> Guardrail:
    one, two = (
        counted(label, sum(row.stayed for row in rows), sum(row.visitors for row in rows))
        for label, rows in zip(names, arms, strict=True)
    )
    needed = sample_size.visitors(_HALF, share, _TENTH)
    return Guardrail(STAYED, one, two, mean_difference.itt_diff(one.pair, two.pair, planned=needed))


def _taken_back(
    arms: Sequence[Sequence[CellRow]], back: Sequence[CellRow], planned: int, names: ArmLabels
) -> Guardrail:
    one, two = (
        counted(label, sum(row.buyers for row in back if row.arm == arm), sum(row.visitors for row in rows))
        for label, arm, rows in zip(names, (INVITED, HOLDOUT), arms, strict=True)
    )
    return Guardrail(TAKEN_BACK, one, two, mean_difference.itt_diff(one.pair, two.pair, planned=planned))
