"""Money a visitor between the arms, as much as the orders so far allow to say; pure."""

from dataclasses import dataclass

from quizfunnel.stats.aggregates import Money, Sums, moments
from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.mean_difference import (
    adjusted_diff,
    gap,
    mean_diff,
    slope,
)

NOT_YET = "not available yet"


@dataclass(frozen=True, slots=True)
class PerVisitor:
    """Money a visitor in minor units: each arm's mean and their difference, with limits that hold at any look.

    `adjusted` and `narrower` (the share of the variance that earlier orders explain) are None where the log
    has no earlier orders.
    """

    invited: float | None
    holdout: float | None
    plain: Interval
    adjusted: Interval | None
    narrower: float | None

    @property
    def best(self) -> Interval:
        """Return the adjusted difference where there is one."""
        return self.adjusted or self.plain


@dataclass(frozen=True, slots=True)
class Earnings:
    """Money of one measure a visitor, capped (the figure that counts) and uncapped; None is "not available yet"."""

    cap: int | None
    capped: PerVisitor | None
    uncapped: PerVisitor

    @property
    def best(self) -> PerVisitor:
        """Return the capped money where there is a cap."""
        return self.capped or self.uncapped


def rpv_itt(invited: Sums, holdout: Sums, *, cap: int | None, planned: int) -> Earnings:
    """Return money a visitor between the arms, each order cut at `cap`, and beside it uncut.

    The cap is the 99 % point of the orders before the experiment (`cells.ceiling`), so that it is the same for both
    arms and doesn't know them; it is None, and nothing is capped, where there are too few.
    """

    def of(money: Money) -> PerVisitor:
        return per_visitor(invited, holdout, money, planned=planned)

    return Earnings(cap, None if cap is None else of("capped"), of("revenue"))


def per_visitor(invited: Sums, holdout: Sums, money: Money, *, planned: int, alpha: float = ALPHA) -> PerVisitor:
    """Return one sort of money a visitor between the arms."""
    one, two = moments(invited, money), moments(holdout, money)
    plain = mean_diff(one, two, planned=planned, alpha=alpha)
    means = (one.total / one.n if one.n else None, two.total / two.n if two.n else None)
    # an adjustment by nothing would print the same limits twice, as if something had been taken out
    if one.prior == 0 and two.prior == 0:
        return PerVisitor(*means, plain, None, None)
    adjusted = adjusted_diff(one, two, planned=planned, alpha=alpha)
    return PerVisitor(*means, plain, adjusted, None if plain.estimate is None else _explained(invited, holdout, money))


def _explained(invited: Sums, holdout: Sums, money: Money) -> float | None:
    one, two = moments(invited, money), moments(holdout, money)
    before, after = gap(one, two).variance, gap(one, two, slope(one, two)).variance
    return 1 - after / before if before > 0 else None
