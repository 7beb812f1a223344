"""What visitors of the two arms spend, one currency at a time; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizfunnel.insight.cells import Sums, spent_by, total
from quizfunnel.insight.cohort import HOLDOUT, INVITED
from quizfunnel.insight.revenue import Earnings, rpv_itt
from quizfunnel.insight.rolled import Rolled, currencies

_SHARED = tuple(name for name in Sums._fields if name in Rolled._fields)


@dataclass(frozen=True, slots=True)
class Earned:
    """Money of one currency over all visitors of an arm; pairs are invited and holdout."""

    currency: str
    visitors: tuple[int, int]
    buyers: tuple[int, int]
    orders: tuple[int, int]
    planned: int
    earnings: Earnings


def earned(rows: Iterable[Rolled], *, caps: Mapping[str, int], planned: int) -> tuple[Earned, ...]:
    """Return what mature visitors spent in each currency, the one of the most orders first.

    An order is cut at the cap of its currency; without a cap nothing is cut.
    """
    mature = [row for row in rows if row.mature]
    return tuple(_one(mature, currency, caps.get(currency), planned) for currency in currencies(mature))


def _one(rows: Sequence[Rolled], currency: str, cap: int | None, planned: int) -> Earned:
    invited, holdout = _arm(rows, INVITED, currency), _arm(rows, HOLDOUT, currency)
    return Earned(
        currency,
        (invited.visitors, holdout.visitors),
        (invited.buyers, holdout.buyers),
        (invited.orders, holdout.orders),
        planned,
        rpv_itt(invited, holdout, cap=cap, planned=planned),
    )


def _arm(rows: Sequence[Rolled], arm: str, currency: str) -> Sums:
    seen = total(_sums(row) for row in rows if row.arm == arm and not row.currency)
    return spent_by(seen, total(_sums(row) for row in rows if row.arm == arm and row.currency == currency))


def _sums(row: Rolled) -> Sums:
    return Sums(**{name: int(getattr(row, name)) for name in _SHARED})
