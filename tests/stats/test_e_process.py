"""Laws of evidence that may be looked at any time: bounded on average, largest where the claim is most wrong."""

from math import comb, exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.stats import e_process
from quizfunnel.stats.confidence_sequence import ArmPurchases, log_e

counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("rate", [0.75, 0.8, 0.95, 1.0])
@pytest.mark.parametrize("trials", [1, 7, 60])
def test_under_the_claim_evidence_averages_at_most_one(rate: float, trials: int) -> None:
    """Over all outcomes of a true rate that keeps the claim, the mean of the evidence is at most 1, exactly."""
    mean = sum(
        comb(trials, s) * rate**s * (1 - rate) ** (trials - s) * exp(e_process.rate_below(s, trials, 0.75))
        for s in range(trials + 1)
    )
    assert mean <= 1 + 1e-12


@pytest.mark.parametrize(("one", "two"), [(0.1, 0.1), (0.2, 0.1), (0.4, 0.2), (0.02, 0.3)])
def test_two_rates_within_the_claim_average_at_most_one(one: float, two: float) -> None:
    """The same for a rate that is no more than twice another."""
    mean = sum(
        comb(12, a) * one**a * (1 - one) ** (12 - a)
        * comb(30, b) * two**b * (1 - two) ** (30 - b)
        * exp(e_process.rate_exceeds((a, 12), (b, 30), times=2.0))
        for a in range(13) for b in range(31)
    )  # fmt: skip
    assert mean <= 1 + 1e-12


@settings(max_examples=25, deadline=None)
@given(counts, counts, st.floats(1, 4))
def test_the_claim_gets_its_largest_likelihood(one: tuple[int, int], two: tuple[int, int], times: float) -> None:
    """Scipy finds no pair of rates within the claim that is more likely than the one divided by."""
    from scipy.special import betaln
    from scipy.stats import binom

    strength = e_process.rate_exceeds(one, two, times=times)
    if not one[1] or not two[1]:
        assert strength == 0
        return
    mixed = sum(betaln(s + 0.5, n - s + 0.5) - betaln(0.5, 0.5) for s, n in (one, two))
    largest = mixed - strength + log(comb(one[1], one[0])) + log(comb(two[1], two[0]))
    for step in range(1, 20):
        b = step / 20 / times
        for a in (min(times * b, 1.0), 0.5 * times * b, min(times * b, one[0] / one[1])):
            assert binom.logpmf(one[0], one[1], a) + binom.logpmf(two[0], two[1], b) <= largest + 1e-8


def test_what_speaks_against_the_claim_is_evidence() -> None:
    """The further a rate lies beyond its claim, and the more was seen, the stronger; otherwise it stays weak."""
    assert e_process.rate_below(50, 100, 0.75) > log(20)
    assert e_process.rate_below(500, 1000, 0.75) > e_process.rate_below(50, 100, 0.75)
    assert e_process.rate_below(75, 100, 0.75) < 0
    assert e_process.rate_exceeds((60, 200), (50, 1000), times=2) > log(100)
    assert e_process.rate_exceeds((20, 200), (50, 1000), times=2) < 0
    assert e_process.rate_exceeds((200, 200), (500, 1000), times=2) < 1e-9


@given(counts)
def test_nothing_seen_is_no_evidence(pair: tuple[int, int]) -> None:
    """Without a trial, in either group, the evidence is nil."""
    assert e_process.rate_below(0, 0, 0.75) == 0
    assert e_process.rate_exceeds(pair, (0, 0)) == e_process.rate_exceeds((0, 0), pair) == 0


def test_selling_less_is_one_sided() -> None:
    """Evidence is that of the two-sided ratio where fewer bought, and none where more did."""
    worse = ArmPurchases(60, 140, 0.5)
    assert e_process.sells_less(worse) == log_e(worse, 1.0) > log(20)
    assert e_process.sells_less(ArmPurchases(140, 60, 0.5)) < 0
    assert e_process.sells_less(ArmPurchases(40, 0, 0.8)) < 0
    assert e_process.sells_less(ArmPurchases(0, 40, 0.8)) > log(20)
    assert e_process.sells_less(ArmPurchases(0, 0, 0.8)) == pytest.approx(0)
