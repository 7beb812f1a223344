"""One visitor as a cell of its own, as the statistics define its sums."""

from collections.abc import Iterable

from quizfunnel.stats.aggregates import Sums


def visitor_sums(
    orders: Iterable[int], *, prior: Iterable[int] = (), cap: int | None = None, stayed: bool = False
) -> Sums:
    """Return the cell of one visitor from its orders in the window and those before the clock started."""
    every, before = list(orders), sum(prior)
    bought = bool(every)
    revenue = sum(every)
    capped = revenue if cap is None else sum(min(order, cap) for order in every)
    return Sums(
        visitors=1,
        buyers=int(bought),
        orders=len(every),
        stayed=int(stayed),
        stayed_buyers=int(stayed and bought),
        revenue=revenue,
        revenue_squared=revenue**2,
        revenue_prior=revenue * before,
        capped=capped,
        capped_squared=capped**2,
        capped_prior=capped * before,
        prior=before,
        prior_squared=before**2,
        prior_buyers=int(before != 0),
    )
