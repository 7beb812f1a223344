"""Validity of the comparison: sample ratio mismatch (SRM), and orders that find the two arms unlike; pure."""

from collections.abc import Sequence

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.randomised.figures import ArmMatch, Trial
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.numbers import percent
from quizfunnel.log.states import COLD
from quizfunnel.log.thresholds import QUIZ_ONLY_BUYERS
from quizfunnel.stats import confidence_sequence, intervals
from quizfunnel.stats.confidence_sequence import ArmPurchases

CLICKED = 0.05  # how much less often the invited arm's orders may carry the token: see `unlike`

BROKEN_DRAW = (
    "The arms are not as large as the share that was set makes them: find out which page shows the invitation without "
    "recording the visit, or the reverse, then start a new experiment."
)


def srm_e_value(invited: int, holdout: int, trial: Trial | None) -> float:
    """Return the e-value against the arms having been drawn with the share that was set (a Dirichlet mixture)."""
    if trial is None or not 0 < trial.holdout_share < 1:
        return 0.0
    sizes = ArmPurchases(invited, holdout, 1 - trial.holdout_share)
    return confidence_sequence.sequence(sizes).e_value


def arms_differ(arms: Sequence[ArmMatch], rows: Sequence[CellRow], labels: ArmLabels = HOLDOUT_LABELS) -> str | None:
    """Tell why orders of the two arms cannot be compared, None where nothing speaks against it.

    An order that lost its token is seen by a click on an offer alone, which hardly anybody of the holdout can make.
    Where carts lose tokens in both arms alike the invited arm's rate is the lower one all the same, and with enough
    orders surely so: only a gap beyond what that makes tells of the cart. Of two quizzes both arms can click.
    """
    # where a cart learns the token from the quiz's own links alone, no cold visitor can ever be a buyer
    if sum(row.buyers for row in rows) >= QUIZ_ONLY_BUYERS and not any(r.buyers for r in rows if r.state == COLD):
        return (
            "Every matched order is of somebody who took the quiz: the visitor's token seems to reach the cart through "
            "the quiz alone. Put it into the cart on the shop's pages, for everybody alike."
        )
    pairs = [(arm.matched, arm.matched + arm.by_click_only) for arm in arms]
    if len(pairs) == 2 and all(total for _, total in pairs):  # noqa: PLR2004 - the two arms
        # at one look, and so too ready to warn: a withheld verdict can be given later, a wrong one not taken back
        gap = intervals.difference(pairs[0], pairs[1])
        if gap.low > 0 or gap.high < (-CLICKED if labels == HOLDOUT_LABELS else 0):
            one, two = ("the invited arm's", "the holdout's") if labels == HOLDOUT_LABELS else labels
            return (
                f"Of {one} orders {percent(pairs[0][0] / pairs[0][1])} came back with the visitor's token, "
                f"of {two} {percent(pairs[1][0] / pairs[1][1])}. Look at how the cart carries the token."
            )
    return None
