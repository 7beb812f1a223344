"""Aggregates of visitors that are alike: counts and sums from which every mean and variance can be had; pure.

Sums of a value, of its square and of its product with another are all that means, variances and
covariances need, and they add up over days, so that nothing has to be counted twice.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

Money = Literal["revenue", "capped"]


class Key(NamedTuple):
    """Key of a cell: facts that its visitors share, all but state and band known at the start of the clock."""

    day: date  # of the start of the clock, in UTC
    arm: str
    state: str  # the furthest before the first order
    band: int | None  # the place in BANDS; None where no browser measured the time
    device: str
    channel: str
    landing: str
    hour: int
    returning: bool


class Sums(NamedTuple):
    """Counts and sums over a cell's visitors; money in minor units of one currency.

    Sums of squares and products outgrow 64 bits where ten million visitors spend a million each, and are
    doubles where an engine counts; whole numbers stay whole here.
    """

    visitors: int = 0
    buyers: int = 0
    orders: int = 0
    stayed: int = 0  # visitors who were still there after 30 seconds
    stayed_buyers: int = 0
    revenue: int = 0
    revenue_squared: float = 0
    revenue_prior: float = 0  # the product of revenue and prior revenue
    capped: int = 0  # revenue with each order cut at the cap
    capped_squared: float = 0
    capped_prior: float = 0
    prior: int = 0  # revenue before the start of the clock
    prior_squared: float = 0
    prior_buyers: int = 0


Cells = Mapping[Key, Sums]


class Moments(NamedTuple):
    """A value over `n` visitors beside what the same visitors spent before: sums, squares and products."""

    n: int
    buyers: int
    total: float
    squared: float
    prior: float = 0
    prior_squared: float = 0
    product: float = 0


def total(sums: Iterable[Sums]) -> Sums:
    """Return the sums of several cells, all zero of none."""
    # the empty one first: of no cells the sums are zeros, and zip alone would give nothing
    columns = zip(Sums(), *sums, strict=True)
    return Sums(*(sum(column) for column in columns))


def merge(*parts: Iterable[tuple[Key, Sums]]) -> dict[Key, Sums]:
    """Return cells with every key once, whatever the order and the cut of the parts."""
    cells: dict[Key, Sums] = {}
    for part in parts:
        for key, sums in part:
            cells[key] = total((cells[key], sums)) if key in cells else sums
    return cells


def spent_by(visitors: Sums, money: Sums) -> Sums:
    """Return the money of one currency over all these visitors, most of whom spent nothing in it.

    Its buyers and orders are those in that currency.
    """
    return money._replace(visitors=visitors.visitors, stayed=visitors.stayed, stayed_buyers=visitors.stayed_buyers)


def select(cells: Cells, **wanted: object) -> dict[Key, Sums]:
    """Return the cells whose key has these values: ``select(cells, arm="invited", state="finished")``."""
    places = [(Key._fields.index(field), value) for field, value in wanted.items()]
    return {key: sums for key, sums in cells.items() if all(key[place] == value for place, value in places)}


def between(cells: Cells, first: date, last: date) -> dict[Key, Sums]:
    """Return the cells of the days from `first` to `last`, both included."""
    return {key: sums for key, sums in cells.items() if first <= key.day <= last}


def by(cells: Cells, *fields: str) -> dict[tuple[object, ...], Sums]:
    """Return the sums for each combination of values of these fields, in order of appearance."""
    places = [Key._fields.index(field) for field in fields]
    groups: dict[tuple[object, ...], list[Sums]] = {}
    for key, sums in cells.items():
        groups.setdefault(tuple(key[place] for place in places), []).append(sums)
    return {group: total(members) for group, members in groups.items()}


def moments(sums: Sums, money: Money) -> Moments:
    """Return one sort of money over a cell's visitors, beside what they spent before."""
    value, squared, product = {
        "revenue": (sums.revenue, sums.revenue_squared, sums.revenue_prior),
        "capped": (sums.capped, sums.capped_squared, sums.capped_prior),
    }[money]
    return Moments(sums.visitors, sums.buyers, value, squared, sums.prior, sums.prior_squared, product)


def ceiling(orders: Mapping[int, int], share: float = 0.99, *, least: int = 100) -> int | None:
    """Return the order value that `share` of earlier orders don't exceed, from how often each value occurred.

    With fewer than `least` orders such a point says nothing, and there is no cap.
    """
    count = sum(orders.values())
    if count < least:
        return None
    below = 0
    for value in sorted(orders):
        below += orders[value]
        if below >= share * count:
            return value
    # never reached: the last value has all orders below or at it
    raise AssertionError(orders)
