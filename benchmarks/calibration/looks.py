"""Daily looks at arms that are alike: how often anything is ever said to differ."""

from collections.abc import Iterator, Sequence
from math import log, sqrt

import numpy as np

from benchmarks.calibration.arrays import Array, agree, boundary, rate_gap, ratio_log_e
from benchmarks.calibration.row import Row, share
from quizfunnel.log.thresholds import SHARE_ALARM
from quizfunnel.stats import confidence_sequence, mean_difference, sample_size
from quizfunnel.stats.aggregates import Moments
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.defaults import ALPHA, REVENUE_BURN_IN

DAYS = 60
BASE = 0.02
SHARES = (0.5, 0.8)  # invited
VISITORS = (100, 300, 1000, 5000)  # a day
SPENDERS = (100, 1000, 5000)
TOO_SOON = 10  # days: the limits are tightest where fewest have bought
CHUNK = 250  # runs whose orders are in memory together
SIGMA = 0.9  # of the logarithm of an order
BEFORE = 0.05  # visitors with earlier orders, who buy five times as often
P99 = 2.3263478740408408


def rows(runs: int, *, visitors: Sequence[int] = VISITORS, spenders: Sequence[int] = SPENDERS) -> list[Row]:
    """Return the false alarms of ratio, difference, revenue and of the arms' sizes, by visitors a day."""
    return [*_rates(runs, visitors), *_money(runs, spenders), *_sizes(runs)]


def _rates(runs: int, visitors: Sequence[int]) -> Iterator[Row]:
    for invited in SHARES:
        planned = sample_size.visitors(BASE, 1 - invited, 0.1)
        for per_day in visitors:
            draw = np.random.default_rng([int(invited * 100), per_day])
            n = draw.binomial(per_day, invited, (runs, DAYS))
            x, y = (draw.binomial(of, BASE).cumsum(axis=1) for of in (n, per_day - n))
            n = n.cumsum(axis=1)
            m = per_day * np.arange(1, DAYS + 1) - n
            where = f"{invited:.0%} invited, {per_day:,} a day"
            yield _ratio(where, x, y, invited)
            yield _difference(where, (x, n), (y, m), planned)
            yield _difference(f"{where}, planned for {TOO_SOON} days", (x, n), (y, m), TOO_SOON * per_day)


def _ratio(where: str, x: Array, y: Array, invited: float) -> Row:
    evidence = ratio_log_e(x, y, invited)
    agree("log_e", lambda a, b: confidence_sequence.log_e(ArmPurchases(a, b, invited), 1.0), evidence, x, y)
    crossed = (evidence >= -log(ALPHA)).any(axis=1)
    return share(f"itt_ratio, {where}", int(crossed.sum()), len(x), high=0.03)


def _difference(where: str, one: tuple[Array, Array], two: tuple[Array, Array], planned: int) -> Row:
    low, high = rate_gap(one, two, planned)

    def ours(x: int, n: int, y: int, m: int) -> float | None:
        found = mean_difference.itt_diff((x, n), (y, m), planned=planned)
        return None if found.estimate is None else found.low

    agree("itt_diff", ours, low, *one, *two)
    crossed = ((low > 0) | (high < 0)).any(axis=1)
    return share(f"itt_diff, {where}", int(crossed.sum()), len(low), high=ALPHA)


def _sizes(runs: int) -> Iterator[Row]:
    for invited in (*SHARES, 0.9):
        draw = np.random.default_rng([7, int(invited * 100)])
        n = draw.binomial(1000, invited, (runs, DAYS)).cumsum(axis=1)
        m = 1000 * np.arange(1, DAYS + 1) - n
        evidence = ratio_log_e(n, m, invited)
        agree("log_e", lambda a, b, p=invited: confidence_sequence.log_e(ArmPurchases(a, b, p), 1.0), evidence, n, m)
        crossed = (evidence > log(SHARE_ALARM)).any(axis=1)
        yield share(f"srm, {invited:.0%} invited, 1,000 a day", int(crossed.sum()), runs, high=0.01)


def _money(runs: int, spenders: Sequence[int]) -> Iterator[Row]:
    for invited in SHARES:
        planned = sample_size.visitors(BASE, 1 - invited, 0.1)
        for per_day in spenders:
            crossed = {"capped": 0, "uncapped": 0, "capped, earlier orders": 0}
            for first in range(0, runs, CHUNK):
                draw = np.random.default_rng([3, int(invited * 100), per_day, first])
                some = min(CHUNK, runs - first)
                for name, found in _chunk(draw, some, per_day, invited, planned).items():
                    crossed[name] += found
            for name, found in crossed.items():
                yield share(f"rpv_itt {name}, {invited:.0%} invited, {per_day:,} a day", found, runs, high=ALPHA)


def _chunk(draw: np.random.Generator, runs: int, per_day: int, invited: float, planned: int) -> dict[str, int]:
    n = draw.binomial(per_day, invited, (runs, DAYS))
    one, two = (_spent(draw, of) for of in (n, per_day - n))
    return {
        "uncapped": _crossed(one["uncapped"], two["uncapped"], planned, adjusted=False),
        "capped": _crossed(one["capped"], two["capped"], planned, adjusted=False),
        "capped, earlier orders": _crossed(one["capped"], two["capped"], planned, adjusted=True),
    }


def _spent(draw: np.random.Generator, visitors: Array) -> dict[str, Moments]:
    """Return what one arm's visitors spent up to each day, capped and uncapped, beside what they spent before."""
    before = draw.binomial(visitors, BEFORE)
    usual = BASE / (1 + 4 * BEFORE)
    again, new = draw.binomial(before, 5 * usual), draw.binomial(visitors - before, usual)
    earlier = draw.standard_normal(before.sum())
    # the first `again` of a day's visitors with earlier orders buy once more, much like before
    place = np.arange(before.sum()) - np.repeat(before.ravel().cumsum() - before.ravel(), before.ravel())
    buys = place < np.repeat(again.ravel(), before.ravel())
    tastes = 0.7 * earlier[buys] + sqrt(1 - 0.7**2) * draw.standard_normal(buys.sum())
    others, prior = draw.standard_normal(new.sum()), _order(earlier)
    found = {}
    for name, cap in (("capped", _order(np.array(P99))), ("uncapped", np.array(np.inf))):
        repeated, fresh = np.minimum(_order(tastes), cap), np.minimum(_order(others), cap)
        total, squared = (_daily(repeated**power, again) + _daily(fresh**power, new) for power in (1, 2))
        product = _daily(repeated * prior[buys], again)
        sums = (visitors, again + new, total, squared, _daily(prior, before), _daily(prior**2, before), product)
        found[name] = Moments(*(each.cumsum(axis=1) for each in sums))  # type: ignore[arg-type]
    return found


def _order(normal: Array) -> Array:
    return np.exp(SIGMA * normal) * 4000


def _daily(values: Array, counts: Array) -> Array:
    """Return the sums of consecutive values, as many of them as each place of `counts` says."""
    ends = counts.ravel().cumsum()
    sums = np.concatenate([[0.0], values.cumsum()])
    found: Array = (sums[ends] - sums[ends - counts.ravel()]).reshape(counts.shape)
    return found


def _crossed(one: Moments, two: Moments, planned: int, *, adjusted: bool) -> int:
    """Return the runs in which the limits ever leave zero out."""
    theta = _slope(one, two) if adjusted else np.array(0.0)
    (a, of_a), (b, of_b) = (_mean(arm, theta) for arm in (one, two))
    half = np.sqrt(of_a / one.n + of_b / two.n) * boundary(np.asarray(one.n + two.n), planned)
    ready = np.minimum(one.buyers, two.buyers) >= REVENUE_BURN_IN
    low, high = np.where(ready, a - b - half, np.nan), np.where(ready, a - b + half, np.nan)

    def ours(*sums: float) -> float | None:
        of = mean_difference.adjusted_diff if adjusted else mean_difference.mean_diff
        width = len(sums) // 2
        found = of(Moments(*sums[:width]), Moments(*sums[width:]), planned=planned)  # type: ignore[arg-type]
        return None if found.estimate is None else found.low

    agree("mean_diff", ours, low, *one, *two)  # type: ignore[arg-type]
    return int(((low > 0) | (high < 0)).any(axis=1).sum())


def _slope(one: Moments, two: Moments) -> Array:
    n, prior = one.n + two.n, one.prior + two.prior
    spread = _covariance(n, prior, prior, one.prior_squared + two.prior_squared)
    both = _covariance(n, one.total + two.total, prior, one.product + two.product)
    return np.divide(both, spread, out=np.zeros_like(both), where=spread > 0)


def _mean(arm: Moments, theta: Array) -> tuple[Array, Array]:
    value = _covariance(arm.n, arm.total, arm.total, arm.squared)
    before = _covariance(arm.n, arm.prior, arm.prior, arm.prior_squared)
    both = _covariance(arm.n, arm.total, arm.prior, arm.product)
    mean = (arm.total - theta * arm.prior) / arm.n
    return np.asarray(mean), np.maximum(value + theta * theta * before - 2 * theta * both, 0.0)


def _covariance(n: float, one: float, two: float, product: float) -> Array:
    return np.asarray((n * product - one * two) / (n * (n - 1.0)))
