"""Laws of the ratio that may be looked at any time."""

from math import inf, isfinite, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.stats.confidence_sequence import ArmPurchases, log_e, sequence
from quizfunnel.stats.defaults import ALPHA, CONCENTRATION

bought = st.builds(ArmPurchases, st.integers(0, 2000), st.integers(0, 2000), st.sampled_from((0.5, 0.8, 0.9, 0.95)))


@settings(max_examples=50, deadline=None)
@given(bought)
def test_the_limits_are_those_of_scipy(found: ArmPurchases) -> None:
    """The published e-value by scipy's beta functions, inverted by brentq, gives the same limits."""
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import betaln

    k, (one, none, p) = CONCENTRATION, found

    mixed = betaln(k * p + one, k * (1 - p) + none) - betaln(k * p, k * (1 - p))

    def excess(log_ratio: float) -> float:
        logit = log_ratio + log(p / (1 - p))
        return float(mixed + one * np.logaddexp(0, -logit) + none * np.logaddexp(0, logit) + log(ALPHA))

    got = sequence(found)
    middle = log(max(one, 0.5) * (1 - p) / (max(none, 0.5) * p))
    if one:
        assert log(got.low) == pytest.approx(brentq(excess, -600, middle, xtol=1e-13), rel=1e-9, abs=1e-9)
    if none:
        assert log(got.high) == pytest.approx(brentq(excess, middle, 600, xtol=1e-13), rel=1e-9, abs=1e-9)


@given(bought)
def test_it_holds_its_estimate_and_exactly_what_is_not_refuted(found: ArmPurchases) -> None:
    """The estimate lies inside, and the e-value at a finite limit is 1/alpha."""
    got = sequence(found)
    assert got.low < got.high
    if got.estimate is not None:
        assert got.low <= got.estimate <= got.high
    if got.low > 0:
        assert log_e(found, got.low) == pytest.approx(-log(ALPHA), abs=1e-6)
    if isfinite(got.high):
        assert log_e(found, got.high) == pytest.approx(-log(ALPHA), abs=1e-6)


@given(bought)
def test_one_is_refuted_where_it_lies_outside(found: ArmPurchases) -> None:
    """The e-value against no difference and the limits say the same."""
    got = sequence(found)
    assert (got.e_value >= 1 / ALPHA) == (not got.low < 1 < got.high)


@given(bought)
def test_more_invited_purchases_never_lower_the_limits(found: ArmPurchases) -> None:
    """One more purchase in the invited arm moves the estimate up, and with it the lower limit near one."""
    more = sequence(found._replace(invited=found.invited + 1))
    assert more.high >= sequence(found).high * (1 - 1e-2) or not isfinite(more.high)


def test_edges_are_honest() -> None:
    """Without a purchase anything can be; an arm without one leaves its side open."""
    assert sequence(ArmPurchases(0, 0, 0.5))[:3] == (None, 0.0, inf)
    assert sequence(ArmPurchases(0, 0, 0.5)).e_value == pytest.approx(1)
    assert sequence(ArmPurchases(0, 40, 0.5)).low == 0.0
    assert sequence(ArmPurchases(0, 40, 0.5)).high < 1
    assert sequence(ArmPurchases(40, 0, 0.5)).high == inf
    assert sequence(ArmPurchases(40, 0, 0.5)).low > 1
    assert isfinite(sequence(ArmPurchases(10**6, 1, 0.9)).e_value)


@pytest.mark.parametrize(("share", "seed"), [(0.5, 1), (0.8, 2)])
def test_looking_every_day_at_nothing_rarely_cries(share: float, seed: int) -> None:
    """600 A/A runs of 60 daily looks: at most 5 % ever refute that the arms are alike."""
    import numpy as np

    draw = np.random.default_rng(seed)
    daily = draw.poisson(12, (600, 60))
    invited = draw.binomial(daily, share).cumsum(axis=1)
    total = daily.cumsum(axis=1)
    crossed = 0
    for run in range(600):
        crossed += any(
            log_e(ArmPurchases(int(one), int(every - one), share), 1.0) >= -log(ALPHA)
            for one, every in zip(invited[run], total[run], strict=True)
        )
    assert crossed / 600 <= ALPHA
