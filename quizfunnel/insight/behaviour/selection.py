"""Selection bias of the observed ratio: a negative control (purchases before) and a stratified ratio; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.behaviour.takers import Rate, counted
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.log.states import COLD, HOLDOUT
from quizfunnel.stats import causal
from quizfunnel.stats.causal import EValue
from quizfunnel.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class SelectionChecks:
    """Takers and others before the clock started, and the ratio adjusted for what was known then.

    `control` is None where the log has no earlier orders; `adjusted` where no rollup computed it yet.
    """

    takers: Rate
    others: Rate
    control: Interval | None
    adjusted: Adjusted | None
    e_value: EValue | None


def selection_checks(rows: Iterable[CellRow], adjusted: Adjusted | None) -> SelectionChecks:
    """Return both, of mature visitors who were not held out."""
    seen = [row for row in rows if row.mature and row.arm != HOLDOUT]
    takers, others = (
        counted(label, sum(row.prior_buyers for row in some), sum(row.visitors for row in some))
        for label, some in (
            ("Started the quiz later", [row for row in seen if row.state != COLD]),
            ("Did not start the quiz", [row for row in seen if row.state == COLD]),
        )
    )
    known = takers.buyers + others.buyers > 0
    control = causal.negative_control(takers.pair, others.pair) if known else None
    return SelectionChecks(takers, others, control, adjusted, adjusted.e_value if adjusted else None)
