"""Row of the rollup (one cell and measure), as every engine gives it and the store keeps it; pure."""

from collections.abc import Iterable
from typing import NamedTuple

from quizfunnel.log.days import date_of
from quizfunnel.log.measures import is_money
from quizfunnel.stats.aggregates import Key, Sums, merge


class CellRow(NamedTuple):
    """Visitors that are alike, as counts and sums: `statement.KEY`, `SUMS` and `MOMENTS` of one cell.

    A row without a currency counts visitors; one with a currency, or with another measure in its place
    (`measures.py`), sums its amounts, in minor units, and its buyers and orders are those with it. Moments are in
    milliseconds since 1970.
    """

    fine: int
    day: int
    arm: str
    share: float
    declared: int
    days: int
    mature: int
    state: str
    band: int
    device: str
    channel: str
    landing: str
    hour: int
    came_before: int
    currency: str
    visitors: int
    buyers: int
    orders: int
    stayed: int
    stayed_buyers: int
    revenue: int
    revenue_squared: float
    revenue_prior: float
    capped: int
    capped_squared: float
    capped_prior: float
    prior: int
    prior_squared: float
    prior_buyers: int
    first_t0: int | None
    last_t0: int | None
    first_buyer_t0: int | None
    latest_order: int | None


def as_cells(rows: Iterable[CellRow], *, currency: str) -> dict[Key, Sums]:
    """Return rows as the cells that statistics are computed from, with the money of one currency."""
    return merge((_key(row), _sums(row)) for row in rows if row.currency in ("", currency))


def currencies(rows: Iterable[CellRow]) -> tuple[str, ...]:
    """Return the currencies that orders were made in, the one of the most orders first."""
    orders: dict[str, int] = {}
    for row in rows:
        if is_money(row.currency):
            orders[row.currency] = orders.get(row.currency, 0) + row.orders
    # the name decides between equals, so that no engine's order of rows shows
    return tuple(sorted(orders, key=lambda name: (-orders[name], name)))


def _key(row: CellRow) -> Key:
    band = row.band if row.band >= 0 else None
    covariates = (row.device, row.channel, row.landing, row.hour, bool(row.came_before))
    return Key(date_of(row.day), row.arm, row.state, band, *covariates)


def _sums(row: CellRow) -> Sums:
    """Return a row's sums; whether anybody bought is a matter of the visitors' rows, in whatever currency."""
    if not row.currency:
        return Sums(row.visitors, row.buyers, row.orders, row.stayed, row.stayed_buyers, prior_buyers=row.prior_buyers)
    return Sums(
        revenue=row.revenue,
        # a double from the engine, whole up to 2**53: as an integer it is added up without rounding from here on
        revenue_squared=int(row.revenue_squared),
        revenue_prior=int(row.revenue_prior),
        capped=row.capped,
        capped_squared=int(row.capped_squared),
        capped_prior=int(row.capped_prior),
        prior=row.prior,
        prior_squared=int(row.prior_squared),
    )
