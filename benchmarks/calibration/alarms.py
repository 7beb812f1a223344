"""Alarms looked at every day where there is nothing to say, or where what there is lies right at the edge.

Beside them, without a target: how often an alarm is raised within the 60 days where it should be.
"""

from collections.abc import Iterator
from math import log

import numpy as np

from benchmarks.calibration.arrays import Array, agree, less_log_e, rate_below, rate_exceeds
from benchmarks.calibration.row import Row, share
from quizfunnel.log.thresholds import GAP_TIMES, PROMISE_KEPT
from quizfunnel.stats import e_process
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.defaults import ALPHA

DAYS = 60
HAZARDS = {
    "eight alike questions": (0.05,) * 8,
    "one left twice as often": (0.05,) * 3 + (0.1,) + (0.05,) * 4,
    "all different, one twice the mean": (0.08, 0.02, 0.06, 0.1, 0.03, 0.07, 0.05, 0.04),
}


def rows(runs: int) -> list[Row]:
    """Return how often each kind of alarm is ever raised."""
    return [*_gaps(runs), *_promises(runs), *_hurts(runs)]


def _gaps(runs: int) -> Iterator[Row]:
    for name, hazards in HAZARDS.items():
        for per_day in (20, 300):
            raised = _gap(runs, per_day, hazards)
            yield share(f"gap, {name}, {per_day} attempts a day", raised, runs, high=ALPHA)
    raised = _gap(runs, 20, (0.05,) * 3 + (0.2,) + (0.05,) * 4)
    yield share("  seen: one left four times as often, 20 attempts a day", raised, runs)


def _gap(runs: int, per_day: int, hazards: tuple[float, ...]) -> int:
    left, reached = _attempts(np.random.default_rng([19, per_day]), runs, per_day, hazards)
    of_left, of_reached = left.sum(axis=2, keepdims=True) - left, reached.sum(axis=2, keepdims=True) - reached
    found = rate_exceeds((left, reached), (of_left, of_reached), GAP_TIMES)
    agree("rate_exceeds", _exceeds, found, left, reached, of_left, of_reached)
    return int((found >= log(len(hazards) / ALPHA)).any(axis=(1, 2)).sum())


def _exceeds(left: int, reached: int, of_left: int, of_reached: int) -> float:
    return e_process.rate_exceeds((left, reached), (of_left, of_reached), times=GAP_TIMES)


def _attempts(draw: np.random.Generator, runs: int, per_day: int, hazards: tuple[float, ...]) -> tuple[Array, Array]:
    """Return the counts of those who left at and who reached each question, up to each day."""
    there = np.full((runs, DAYS), per_day)
    left, reached = [], []
    for hazard in hazards:
        gone = draw.binomial(there, hazard)
        left.append(gone.cumsum(axis=1))
        reached.append(there.cumsum(axis=1))
        there = there - gone
    return np.stack(left, axis=2), np.stack(reached, axis=2)


def _promises(runs: int) -> Iterator[Row]:
    for per_day in (5, 50, 500):
        raised = _promise(runs, per_day, PROMISE_KEPT)
        yield share(f"promise, kept by just {PROMISE_KEPT:.0%}, {per_day} a day", raised, runs, high=ALPHA)
    yield share("  seen: kept by 60%, 5 a day", _promise(runs, 5, 0.6), runs)


def _promise(runs: int, per_day: int, keeps: float) -> int:
    kept = np.random.default_rng([23, per_day]).binomial(per_day, keeps, (runs, DAYS)).cumsum(axis=1)
    finishers = np.broadcast_to(per_day * np.arange(1, DAYS + 1), kept.shape)
    found = rate_below(kept, finishers, PROMISE_KEPT)
    agree("rate_below", lambda s, n: e_process.rate_below(s, n, PROMISE_KEPT), found, kept, finishers)
    return int((found >= -log(ALPHA)).any(axis=1).sum())


def _hurts(runs: int) -> Iterator[Row]:
    for invited in (0.5, 0.8):
        for per_day in (50, 1000):
            raised = _hurt(runs, invited, per_day, 1.0)
            where = f"six categories of {per_day:,} a day, {invited:.0%} invited"
            yield share(f"hurts, {where}", raised, runs, high=ALPHA)
    yield share("  seen: all six buy 0.7 times as often, 1,000 a day, 80% invited", _hurt(runs, 0.8, 1000, 0.7), runs)


def _hurt(runs: int, invited: float, per_day: int, ratio: float) -> int:
    draw = np.random.default_rng([29, per_day, round(invited * 100)])
    usual = per_day * 0.02
    one = draw.poisson(usual * invited * ratio, (runs, DAYS, 6)).cumsum(axis=1)
    two = draw.poisson(usual * (1 - invited), (runs, DAYS, 6)).cumsum(axis=1)
    found = less_log_e(one, two, invited)
    agree("sells_less", lambda a, b: e_process.sells_less(ArmPurchases(a, b, invited)), found, one, two)
    return int((found >= log(6 / ALPHA)).any(axis=(1, 2)).sum())
