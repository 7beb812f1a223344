"""The product's evidence and limits for whole arrays; `agree` holds a sample of each against the product itself."""

from collections.abc import Callable
from math import log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, xlog1py, xlogy

from quizfunnel.stats import mean_difference
from quizfunnel.stats.defaults import ALPHA, BURN_IN, CONCENTRATION

Array = NDArray[Any]
SAMPLE = 200


def agree(name: str, ours: Callable[..., float | None], theirs: Array, *inputs: Array) -> None:
    """Raise RuntimeError where the product's function gives other values than the array, on a sample of it."""
    places = np.random.default_rng(1).integers(0, theirs.size, SAMPLE)
    flat = [np.broadcast_to(each, theirs.shape).ravel()[places].tolist() for each in inputs]
    for found, *given in zip(theirs.ravel()[places].tolist(), *flat, strict=True):
        value = ours(*given)
        if value is None and np.isnan(found):
            continue
        if value is None or not np.isclose(value, found, rtol=1e-8, atol=1e-8):
            raise RuntimeError(f"{name}{tuple(given)} is {value} in the product and {found} in the array")


def ratio_log_e(invited: Array, holdout: Array, share: float) -> Array:
    """Return the log evidence against the arms buying alike (a ratio of one)."""
    k = CONCENTRATION
    mixed = betaln(k * share + invited, k * (1 - share) + holdout) - betaln(k * share, k * (1 - share))
    found: Array = mixed - invited * log(share) - holdout * log(1 - share)
    return found


def less_log_e(invited: Array, holdout: Array, share: float) -> Array:
    """Return the log evidence that the invited arm buys less often."""
    k = CONCENTRATION
    mixed = betaln(k * share + invited, k * (1 - share) + holdout) - betaln(k * share, k * (1 - share))
    seen = invited / np.maximum(invited + holdout, 1)
    q = np.maximum(share, seen)
    found: Array = mixed - xlogy(invited, q) - xlog1py(holdout, -q)
    return found


def rate_below(successes: Array, trials: Array, claim: float) -> Array:
    """Return the log evidence that a rate is below the claim."""
    rate = np.maximum(claim, successes / trials)
    return _mixed(successes, trials) - _likelihood(successes, trials, rate)


def rate_exceeds(one: tuple[Array, Array], two: tuple[Array, Array], times: float) -> Array:
    """Return the log evidence that rate one is more than `times` rate two."""
    (x, n), (y, m) = one, two
    square, linear, both = times * (n + m), times * (y + n) + x + m, x + y
    edge = 2 * both / (linear + np.sqrt(np.maximum(0.0, linear * linear - 4.0 * square * both)))
    beyond = x * m > times * y * n
    a, b = np.where(beyond, np.minimum(1.0, times * edge), x / n), np.where(beyond, edge, y / m)
    return _mixed(x, n) + _mixed(y, m) - _likelihood(x, n, a) - _likelihood(y, m, b)


def rate_gap(one: tuple[Array, Array], two: tuple[Array, Array], planned: int) -> tuple[Array, Array]:
    """Return the low and high limit of a difference of rates, NaN before the burn-in."""
    (x, n), (y, m) = one, two
    n, m = np.maximum(n, 1), np.maximum(m, 1)
    a, b = x / n, y / m
    half = np.sqrt(a * (1 - a) / n + b * (1 - b) / m) * boundary(n + m, planned)
    ready = (np.minimum(x, y) >= BURN_IN) & (np.minimum(n - x, m - y) >= BURN_IN)
    return np.where(ready, a - b - half, np.nan), np.where(ready, a - b + half, np.nan)


def boundary(visitors: Array, planned: int) -> Array:
    """Return how many standard errors the limits lie away."""
    tuned = (-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / planned
    grown = visitors * tuned + 1
    found: Array = np.sqrt(2 * grown / (visitors * tuned) * np.log(np.sqrt(grown) / ALPHA))
    agree("boundary", lambda n: mean_difference.boundary(int(n), planned=planned), found, visitors)
    return found


def _mixed(successes: Array, trials: Array) -> Array:
    found: Array = gammaln(successes + 0.5) + gammaln(trials - successes + 0.5) - gammaln(trials + 1) - log(pi)
    return found


def _likelihood(successes: Array, trials: Array, rate: Array) -> Array:
    found: Array = xlogy(successes, rate) + xlog1py(trials - successes, -rate)
    return found
