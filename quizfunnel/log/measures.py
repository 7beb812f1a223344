"""What is summed up over visitors besides revenue: the profit of orders, and orders that came back; pure.

A row of the rollup names its measure where it would name a currency: `GBP` is revenue, `GBP profit` what is left of it
after the costs, and `returned` counts orders that were cancelled or given back, wholly or in part.
"""

PROFIT = " profit"
RETURNED = "returned"
KNOWN = 0.9  # of the orders must have a profit for it to be shown: where fewer do, which ones bends it

_CODE = 3  # letters of a currency


def profit_of(currency: str) -> str:
    """Return the measure of profits in a currency."""
    return currency + PROFIT


def is_money(measure: str) -> bool:
    """Tell whether a measure is revenue in a currency."""
    return len(measure) == _CODE
