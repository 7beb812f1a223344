"""Coverage: how often limits at a size fixed beforehand hold the truth, over rates and sizes that stores have."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from benchmarks.calibration.row import Row
from quizfunnel.stats import intervals
from quizfunnel.stats.intervals import Interval

BASES = (0.01, 0.02, 0.05, 0.1)
RATIOS = (1.0, 1.5, 3.0)
SIZES = ((300, 3000), (1000, 1000), (5000, 1000), (20_000, 5000))
TARGET = 0.945


def rows(runs: int, *, sizes: Sequence[tuple[int, int]] = SIZES) -> list[Row]:
    """Return the mean and the lowest coverage of a difference and a ratio of two rates."""
    found = []
    for name, limits, truth in (
        ("obs_diff (Newcombe)", intervals.difference, lambda one, two: one - two),
        ("obs_ratio (MOVER-R)", intervals.ratio, lambda one, two: one / two),
    ):
        held = [_held(runs, limits, truth, case) for case in product(BASES, RATIOS, sizes)]
        mean = sum(held) / len(held)
        error = (mean * (1 - mean) / (runs * len(held))) ** 0.5
        low = min(held)
        found.append(Row(f"{name}, mean of {len(held)} settings", mean, error, low=TARGET))
        found.append(Row(f"{name}, lowest of them", low, (low * (1 - low) / runs) ** 0.5))
    return found


def _held(
    runs: int,
    limits: Callable[[tuple[int, int], tuple[int, int]], Interval],
    truth: Callable[[float, float], float],
    case: tuple[float, float, tuple[int, int]],
) -> float:
    base, ratio, (n, m) = case
    draw = np.random.default_rng([11, round(base * 1000), round(ratio * 10), n])
    pairs = np.column_stack([draw.binomial(n, base * ratio, runs), draw.binomial(m, base, runs)])
    seen, counts = np.unique(pairs, axis=0, return_counts=True)
    true = truth(base * ratio, base)
    held = 0
    for (x, y), count in zip(seen.tolist(), counts.tolist(), strict=True):
        found = limits((x, n), (y, m))
        held += count * (found.low <= true <= found.high)
    return held / runs
