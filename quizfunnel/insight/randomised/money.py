"""Money a visitor in the two arms, by every metric that is a mean of it, one currency at a time; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizfunnel.insight.cells.row import CellRow, currencies
from quizfunnel.insight.words.metric import Mean, MeasureCoverage, Metric
from quizfunnel.insight.words.metrics import MEANS
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.stats.aggregates import Sums, spent_by, total
from quizfunnel.stats.per_visitor import Earnings, PerVisitor, rpv_itt

_SHARED = tuple(name for name in Sums._fields if name in CellRow._fields)

Means = Sequence[tuple[Metric, Mean]]


@dataclass(frozen=True, slots=True)
class MeanResult:
    """A metric's mean over all visitors of each arm; `orders` are those of both arms that have its measure."""

    metric: Metric
    name: str  # of its measure
    earnings: Earnings
    orders: tuple[int, int]
    coverage: MeasureCoverage | None
    is_covered: bool  # else it is not shown: too few orders have the measure

    @property
    def shown(self) -> PerVisitor | None:
        """Return the figure that counts, cut where there is a cap; None where too few orders have the measure."""
        return self.earnings.best if self.is_covered else None


@dataclass(frozen=True, slots=True)
class Earned:
    """Money of one currency over all visitors of an arm; pairs are invited and holdout."""

    currency: str
    visitors: tuple[int, int]
    buyers: tuple[int, int]
    orders: tuple[int, int]
    planned: int
    results: tuple[MeanResult, ...]  # the headline first

    @property
    def earnings(self) -> Earnings:
        """Return those of the headline, which is revenue."""
        return self.results[0].earnings

    def result(self, name: str) -> MeanResult:
        """Return the result of a measure; LookupError where no metric is of it."""
        for each in self.results:
            if each.name == name:
                return each
        raise LookupError(name)


def earned(
    rows: Iterable[CellRow], *, caps: Mapping[str, int], planned: int, means: Means = MEANS
) -> tuple[Earned, ...]:
    """Return what mature visitors brought in each currency, the one of the most orders first.

    An order is cut at the cap of its currency and measure; without a cap nothing is cut.
    """
    # who waits has spent a part at most, and more of those who came lately wait
    mature = [row for row in rows if row.mature]
    return tuple(_one(mature, currency, _Plan(caps, planned, means)) for currency in currencies(mature))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Plan of the estimates: the means, with the caps of their measures and the visitors that were planned."""

    caps: Mapping[str, int]
    planned: int
    means: Means


def _one(rows: Sequence[CellRow], currency: str, plan: _Plan) -> Earned:
    invited, holdout = _arm(rows, INVITED, currency), _arm(rows, HOLDOUT, currency)
    orders = invited.orders, holdout.orders
    results = []
    for metric, mean in plan.means:
        measure = mean.measure.of(currency)
        one, two = _arm(rows, INVITED, measure), _arm(rows, HOLDOUT, measure)
        earnings, having = rpv_itt(one, two, cap=plan.caps.get(measure), planned=plan.planned), (one.orders, two.orders)
        covered = mean.coverage is None or _enough(having, orders, mean.coverage.least)
        results.append(MeanResult(metric, mean.measure.name, earnings, having, mean.coverage, covered))
    return Earned(
        currency,
        (invited.visitors, holdout.visitors),
        (invited.buyers, holdout.buyers),
        orders,
        plan.planned,
        tuple(results),
    )


def _enough(having: tuple[int, int], orders: tuple[int, int], least: float) -> bool:
    """Tell whether so many orders of both arms have the measure that those without bend nothing."""
    return all(some >= least * of for some, of in zip(having, orders, strict=True))


def _arm(rows: Sequence[CellRow], arm: str, measure: str) -> Sums:
    # most visitors bring nothing and have no row of the measure, but the mean is over them too
    seen = total(_sums(row) for row in rows if row.arm == arm and not row.currency)
    return spent_by(seen, total(_sums(row) for row in rows if row.arm == arm and row.currency == measure))


def _sums(row: CellRow) -> Sums:
    return Sums(**{name: int(getattr(row, name)) for name in _SHARED})
