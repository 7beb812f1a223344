"""Revenue and profit a visitor in the two arms, one currency at a time; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizfunnel.insight.cells.row import CellRow, currencies
from quizfunnel.log.measures import KNOWN, PROFIT
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.stats.aggregates import (
    Money,
    Sums,
    spent_by,
    total,
)
from quizfunnel.stats.per_visitor import Earnings, per_visitor, rpv_itt

_SHARED = tuple(name for name in Sums._fields if name in CellRow._fields)


@dataclass(frozen=True, slots=True)
class Earned:
    """Money of one currency over all visitors of an arm; pairs are invited and holdout."""

    currency: str
    visitors: tuple[int, int]
    buyers: tuple[int, int]
    orders: tuple[int, int]
    planned: int
    earnings: Earnings
    profitable: tuple[int, int]  # orders whose costs are known
    profit_cap: int | None = None


def earned(rows: Iterable[CellRow], *, caps: Mapping[str, int], planned: int) -> tuple[Earned, ...]:
    """Return what mature visitors spent in each currency, the one of the most orders first.

    An order is cut at the cap of its currency; without a cap nothing is cut.
    """
    mature = [row for row in rows if row.mature]
    return tuple(_one(mature, currency, caps, planned) for currency in currencies(mature))


def _one(rows: Sequence[CellRow], currency: str, caps: Mapping[str, int], planned: int) -> Earned:
    invited, holdout = _arm(rows, INVITED, currency), _arm(rows, HOLDOUT, currency)
    measure = PROFIT.of(currency)
    gains = _arm(rows, INVITED, measure), _arm(rows, HOLDOUT, measure)
    orders, known = (invited.orders, holdout.orders), (gains[0].orders, gains[1].orders)
    sort: Money = "revenue" if measure not in caps else "capped"
    profit = per_visitor(*gains, sort, planned=planned) if _enough(known, orders) else None
    return Earned(
        currency,
        (invited.visitors, holdout.visitors),
        (invited.buyers, holdout.buyers),
        orders,
        planned,
        rpv_itt(invited, holdout, cap=caps.get(currency), planned=planned, profit=profit),
        known,
        caps.get(measure),
    )


def _enough(known: tuple[int, int], orders: tuple[int, int]) -> bool:
    """Tell whether so many orders of both arms have known costs that those without bend nothing."""
    return all(some >= KNOWN * of for some, of in zip(known, orders, strict=True))


def _arm(rows: Sequence[CellRow], arm: str, currency: str) -> Sums:
    seen = total(_sums(row) for row in rows if row.arm == arm and not row.currency)
    return spent_by(seen, total(_sums(row) for row in rows if row.arm == arm and row.currency == currency))


def _sums(row: CellRow) -> Sums:
    return Sums(**{name: int(getattr(row, name)) for name in _SHARED})
