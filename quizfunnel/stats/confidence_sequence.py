"""The ratio of two arms' purchase rates with limits that hold however often one looks; pure.

Among purchases the arm is a draw: with invited share p and rate ratio t, a purchase is of the invited
arm with probability q(t) = p t / (p t + 1 - p). Mixing over a beta distribution gives an e-value for
every t (Lindon & Malek 2022); the ratios whose e-value stays under 1/alpha are the confidence sequence.
"""

from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

from quizfunnel.stats.defaults import ALPHA, CONCENTRATION

_LARGEST = 700.0  # beyond it exp overflows a double
_STEPS = 200  # halvings of a bracket: far below the last bit of a double


class ArmPurchases(NamedTuple):
    """Purchases (buyers) of the two arms, and the share of visitors that was set to be invited."""

    invited: int
    holdout: int
    share: float


class Sequence(NamedTuple):
    """The ratio invited over holdout, its limits (0 and infinity where unbounded), and the evidence against 1."""

    estimate: float | None
    low: float
    high: float
    e_value: float


def log_e(bought: ArmPurchases, ratio: float, *, k: float = CONCENTRATION) -> float:
    """Return the logarithm of the e-value against a true ratio of `ratio` (> 0)."""
    return _log_e(bought, log(ratio), _log_mixture(bought, k))


def sequence(bought: ArmPurchases, *, alpha: float = ALPHA, k: float = CONCENTRATION) -> Sequence:
    """Return the confidence sequence at the purchases so far, by bisection on the logarithm of the ratio."""
    mixture, limit = _log_mixture(bought, k), -log(alpha)
    one, none, p = bought.invited, bought.holdout, bought.share
    estimate = one * (1 - p) / (none * p) if none else None
    low, high = 0.0, inf
    # log e is convex in the log ratio with its minimum at the estimate; on a side without purchases it levels off
    if one:
        start = log(one * (1 - p) / (max(none, 0.5) * p))
        low = exp(_crossing(bought, mixture, limit, start=start, step=-1.0))
    if none:
        start = log(max(one, 0.5) * (1 - p) / (none * p))
        high = _exp(_crossing(bought, mixture, limit, start=start, step=1.0))
    return Sequence(estimate, low, high, exp(min(_LARGEST, _log_e(bought, 0.0, mixture))))


def _log_mixture(bought: ArmPurchases, k: float) -> float:
    a, b = k * bought.share, k * (1 - bought.share)
    return _log_beta(a + bought.invited, b + bought.holdout) - _log_beta(a, b)


def _log_e(bought: ArmPurchases, log_ratio: float, mixture: float) -> float:
    # -log q is softplus(-logit q): no q underflows, however far from the estimate a limit lies
    logit = log_ratio + log(bought.share) - log1p(-bought.share)
    return mixture + bought.invited * _softplus(-logit) + bought.holdout * _softplus(logit)


def _crossing(bought: ArmPurchases, mixture: float, limit: float, *, start: float, step: float) -> float:
    inner = start
    while _log_e(bought, inner, mixture) >= limit:  # only where the start had to be guessed
        inner -= step
    outer = inner + step
    # convex, and without an end on this side: doubling passes the limit in a few steps
    while _log_e(bought, outer, mixture) < limit:
        step *= 2
        outer += step
    for _ in range(_STEPS):
        middle = (inner + outer) / 2
        # two neighbouring doubles: nothing is left to halve
        if middle in (inner, outer):
            break
        if _log_e(bought, middle, mixture) < limit:
            inner = middle
        else:
            outer = middle
    return outer  # and not inner: limits are rounded to the safe side


def _exp(x: float) -> float:
    return exp(x) if x < _LARGEST else inf


def _softplus(x: float) -> float:
    return x + log1p(exp(-x)) if x > 0 else log1p(exp(x))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
