"""E-processes of rates: evidence against a claim that may be looked at any time; pure.

Under the claim an e-process rarely grows: it ever reaches 1/alpha with a chance of at most alpha (Ville 1939; Ramdas,
Grünwald, Vovk & Shafer, "Game-theoretic statistics and safe anytime-valid inference", Statistical Science 38, 2023).
Here the likelihood of rates mixed over Jeffreys' distribution is divided by the largest likelihood that the claim
allows (universal inference: Wasserman, Ramdas & Balakrishnan, PNAS 117, 2020). All are logarithms.
"""

from math import lgamma, log, log1p, pi, sqrt

from quizfunnel.stats.confidence_sequence import ArmPurchases, log_e

_ENDLESS = 1e300  # a ratio as good as infinite, of which there is a logarithm


def rate_below(successes: int, trials: int, claim: float) -> float:
    """Return log evidence that a rate is below `claim`, against its being at least that."""
    if trials == 0:
        return 0.0
    return _mixed(successes, trials) - _likelihood(successes, trials, max(claim, successes / trials))


def rate_exceeds(one: tuple[int, int], two: tuple[int, int], *, times: float = 1.0) -> float:
    """Return log evidence that rate one is more than `times` rate two; each is (successes, trials), `times` >= 1.

    Rates that differ within the second group, in a mix that stays, make it say less and not more.
    """
    if one[1] == 0 or two[1] == 0:
        return 0.0
    a, b = one[0] / one[1], two[0] / two[1]
    if a > times * b:
        # the largest likelihood under the claim lies on its edge where the estimates break it
        b = _boundary(one, two, times)
        a = min(1.0, times * b)
    return _mixed(*one) + _mixed(*two) - _likelihood(*one, a) - _likelihood(*two, b)


def sells_less(bought: ArmPurchases) -> float:
    """Return log evidence that the invited arm buys less often, against its buying at least as often."""
    odds = bought.invited * (1 - bought.share)
    # the claim is all ratios from 1 up: against it counts the one that explains the purchases best
    estimate = odds / (bought.holdout * bought.share) if bought.holdout else _ENDLESS
    return log_e(bought, max(1.0, estimate))


def _boundary(one: tuple[int, int], two: tuple[int, int], times: float) -> float:
    """Return the rate two of largest likelihood where rate one is exactly `times` as large.

    The smaller root of the likelihood's derivative (Miettinen & Nurminen, Statistics in Medicine 4, 1985).
    """
    successes = one[0] + two[0]
    square = times * (one[1] + two[1])
    linear = times * (two[0] + one[1]) + one[0] + two[1]
    # the root in this form subtracts nothing that is nearly equal
    return 2 * successes / (linear + sqrt(max(0.0, linear * linear - 4 * square * successes)))


def _mixed(successes: int, trials: int) -> float:
    """Return the log likelihood mixed over Jeffreys' beta(1/2, 1/2)."""
    failures = trials - successes
    return lgamma(successes + 0.5) + lgamma(failures + 0.5) - lgamma(trials + 1) - log(pi)


def _likelihood(successes: int, trials: int, rate: float) -> float:
    failures = trials - successes
    return (successes * log(rate) if successes else 0.0) + (failures * log1p(-rate) if failures else 0.0)
