"""Measures: sums over visitors' orders, an entry each; pure.

A row of the rollup names its measure: `GBP` is revenue, `GBP profit` what is left of it after the costs, and `returned`
counts orders that were cancelled or given back, wholly or in part. Another measure is another entry: the statements of
every engine, the day fingerprints and the stored rollup's version follow from it.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple


class Measure(NamedTuple):
    """One measure: which orders it `counts`, and what each adds, by an `expression` over `measure_rows.OrderColumns`.

    Of `money` there is one a currency. Amounts with a `cap` are cut at the 99 % point of earlier ones. A visitor is one
    of the measure's buyers with at `least` so many orders within the window.
    """

    name: str
    expression: Callable[[Any], Any]
    counts: Callable[[Any], Any]
    unit: Literal["money", "orders"]
    cap: bool = False
    least: int = 1
    bare: bool = False  # called by the currency alone, as the rows of the stored rollups are

    def of(self, currency: str) -> str:
        """Return what the rollup calls the measure in a currency."""
        return currency if self.bare else f"{currency} {self.name}"


REVENUE = Measure("revenue", lambda order: order.net, lambda order: order.is_purchase, "money", cap=True, bare=True)
PROFIT = Measure("profit", lambda order: order.profit, lambda order: order.profit.is_not(None), "money", cap=True)
RETURNED = Measure("returned", lambda _order: 1, lambda order: order.is_returned, "orders")
REPEATED = Measure("repeated", lambda _order: 1, lambda order: order.is_purchase, "orders", least=2)

# besides revenue, whose rows are the purchases: these also decide states and windows, and are selected by themselves
FURTHER = (PROFIT, RETURNED, REPEATED)
CAPPED = tuple(measure for measure in (REVENUE, *FURTHER) if measure.cap)

_CODE = 3  # letters of a currency


def is_money(measure: str) -> bool:
    """Tell whether a row's measure is revenue in a currency."""
    return len(measure) == _CODE
