"""Scores of predicted chances against purchases: log-loss, calibration error, and drift; pure.

All of them on pairs of a pattern and a product, [M]: chance, trials, purchases.
"""

from math import pi, sqrt
from typing import NamedTuple

import numpy as np

from quizfunnel.recommend.learners.code_book import Floats, Ints

BINS = 10
CONFIDENCE = 1.96
ONE_SIDED = 1.645
SMALLEST = 1e-12


class Difference(NamedTuple):
    """Difference of two losses, a purchase, with its 95 % interval; below 0 is better."""

    value: float
    low: float
    high: float


def log_loss(chance: Floats, trials: Floats, bought: Floats) -> float:
    """Return minus the log-likelihood of the trials, a purchase, in nats."""
    return float(_losses(chance, trials, bought).sum() / max(1.0, bought.sum()))


def difference(mine: Floats, theirs: Floats, trials: Floats, bought: Floats, pattern: Ints) -> Difference:
    """Return the difference of two log-losses on the same trials; patterns are taken as drawn independently."""
    gaps = _losses(mine, trials, bought) - _losses(theirs, trials, bought)
    total = max(1.0, float(bought.sum()))
    by_pattern = np.bincount(pattern, weights=gaps)
    purchases = np.bincount(pattern, weights=bought)
    value = float(gaps.sum() / total)
    spread = CONFIDENCE * sqrt(float(((by_pattern - value * purchases) ** 2).sum())) / total
    return Difference(value, value - spread, value + spread)


def calibration_error(chance: Floats, trials: Floats, bought: Floats) -> float:
    """Return the calibration error: how far chances and purchases lie apart, in ten equal bins, relative to purchases.

    The expected calibration error (Naeini et al. 2015) over the overall rate: 0.1 is a tenth of it.
    """
    order = np.argsort(chance, kind="stable")
    edges = np.searchsorted(np.cumsum(trials[order]), trials.sum() * np.arange(1, BINS) / BINS, side="right")
    apart = sum(abs(float((chance[rows] * trials[rows]).sum() - bought[rows].sum())) for rows in np.split(order, edges))
    return apart / max(1.0, float(bought.sum()))


def noise(purchases: float) -> float:
    """Return the calibration error that true chances stay below 19 times of 20, on so many purchases.

    Each bin's count is near a Poisson one: its deviation is |z| sqrt(n), with a mean of sqrt(2 / pi) and a
    variance of 1 - 2 / pi in units of sqrt(n). Where bins have unlike numbers of purchases it is less.
    """
    mean, spread = BINS * sqrt(2 / pi), sqrt(BINS * (1 - 2 / pi))
    return (mean + ONE_SIDED * spread) / sqrt(BINS * max(1.0, purchases))


def stability(column: Ints, before: Floats, after: Floats, *, codes: int) -> float:
    """Return the population stability index of a column's codes [P] from one weight of the patterns to another, [P].

    Over .1 is a shift, over .25 a large one. Codes that nobody has in either have no part in it.
    """
    counts = np.array([np.bincount(column, weights=weights, minlength=codes) for weights in (before, after)])
    # Half a shopper more in each: a code that is new would otherwise make the index infinite.
    smooth = counts[:, counts.sum(axis=0) > 0] + 0.5
    p, q = smooth / smooth.sum(axis=1, keepdims=True)
    return float(((q - p) * np.log(q / p)).sum())


def stability_noise(column: Ints, before: Floats, after: Floats) -> float:
    """Return the stability index that a column without a shift stays below 19 times of 20.

    It is near a chi-square of one degree less than there are codes, times 1/n + 1/m; weights are offers. The
    chi-square's quantile is Wilson and Hilferty's (1931).
    """
    degrees = len(np.unique(column[(before > 0) | (after > 0)])) - 1
    if degrees < 1:
        return 0.0
    share = 1 / max(1.0, float(before.sum())) + 1 / max(1.0, float(after.sum()))
    return share * degrees * float(1 - 2 / (9 * degrees) + ONE_SIDED * sqrt(2 / (9 * degrees))) ** 3


def _losses(chance: Floats, trials: Floats, bought: Floats) -> Floats:
    chance = np.clip(chance, SMALLEST, 1 - SMALLEST)
    return np.asarray(-(bought * np.log(chance) + (trials - bought) * np.log1p(-chance)))
