"""Scores of chances against purchases, held to their definitions."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.recommend.learners.code_book import Floats
from quizfunnel.recommend.training import scores

CELLS = st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=20)


def columns(cells: list[tuple[float, int, int]]) -> tuple[Floats, Floats, Floats]:
    """Return chances, trials and purchases, no more of these than trials."""
    chance, trials, bought = (np.array(each, dtype=np.float64) for each in zip(*cells, strict=True))
    return chance, trials, np.minimum(trials, bought)


@given(CELLS)
def test_log_loss_is_the_formula(cells: list[tuple[float, int, int]]) -> None:
    """Each trial's minus log-likelihood, summed, over the purchases; over one where there is none."""
    chance, trials, bought = columns(cells)
    total = 0.0
    for p, n, y in zip(chance, trials, bought, strict=True):
        total -= y * log(p) + (n - y) * log(1 - p)
    assert scores.log_loss(chance, trials, bought) == pytest.approx(total / max(1.0, bought.sum()))


def test_log_loss_is_finite_for_chances_of_0_and_1() -> None:
    """Even where the impossible was bought."""
    certain = np.array([0.0, 1.0])
    assert np.isfinite(scores.log_loss(certain, np.array([1.0, 1.0]), np.array([1.0, 0.0])))


@pytest.mark.thorough
@given(CELLS)
def test_a_difference_is_that_of_the_losses(cells: list[tuple[float, int, int]]) -> None:
    """With its interval around it; the same chances differ by nothing, surely."""
    chance, trials, bought = columns(cells)
    pattern = np.arange(len(chance)) % 4
    found = scores.difference(chance, chance[::-1], trials, bought, pattern)
    gap = scores.log_loss(chance, trials, bought) - scores.log_loss(chance[::-1], trials, bought)
    assert found.value == pytest.approx(gap, abs=1e-9)
    assert found.low <= found.value <= found.high
    assert scores.difference(chance, chance, trials, bought, pattern) == (0.0, 0.0, 0.0)


def test_a_differences_interval_covers_the_truth() -> None:
    """In 95 of 100 simulated logs, of patterns that come as often as they do by chance."""
    rng = np.random.default_rng(1)
    truth = rng.uniform(0.02, 0.2, (60, 4))
    mine, theirs = (np.clip(truth * rng.uniform(0.6, 1.5, truth.shape), 0.01, 0.5) for _ in range(2))
    gain = truth * np.log(mine / theirs) + (1 - truth) * np.log((1 - mine) / (1 - theirs))
    expected = -gain.sum() / truth.sum()
    covered = 0
    for _ in range(400):
        seen = rng.poisson(8, 60)[:, np.newaxis] * np.ones((1, 4))
        bought = rng.binomial(seen.astype(int), truth).astype(np.float64)
        pattern = np.repeat(np.arange(60), 4)
        found = scores.difference(mine.ravel(), theirs.ravel(), seen.ravel(), bought.ravel(), pattern)
        covered += found.low <= expected <= found.high
    assert 0.92 <= covered / 400 <= 0.995


def test_true_chances_are_calibrated() -> None:
    """Up to noise, which chance alone passes once in 20, and which goes to 0; chances a fifth too high are off."""
    rng = np.random.default_rng(2)
    within, few = 0, rng.uniform(0.02, 0.03, 500)
    for _ in range(400):
        trials = np.full(500, 40.0)
        bought = rng.binomial(40, few).astype(np.float64)
        within += scores.calibration_error(few, trials, bought) < scores.noise(bought.sum())
    assert within / 400 == pytest.approx(0.95, abs=0.025)
    many = np.full(500, 1e6)
    assert scores.calibration_error(few, many, few * many) == pytest.approx(0.0, abs=1e-9)
    assert scores.calibration_error(1.2 * few, many, few * many) == pytest.approx(0.2)
    assert scores.noise(1e12) < 1e-5


def test_calibration_sees_what_the_mean_hides() -> None:
    """The right number of purchases in all, and the wrong ones where chances are low and where they are high."""
    chance, truth = np.array([0.1] * 50 + [0.3] * 50), np.array([0.3] * 50 + [0.1] * 50)
    trials = np.full(100, 1000.0)
    assert scores.calibration_error(chance, trials, truth * trials) == pytest.approx(1.0)


def test_nothing_bought_and_nothing_shown_has_figures() -> None:
    """An empty part of the log breaks nothing."""
    none = np.zeros(0)
    assert scores.log_loss(none, none, none) == 0
    assert scores.calibration_error(none, none, none) == 0
    assert scores.difference(none, none, none, none, none.astype(np.int64)) == (0, 0, 0)
    assert np.isfinite(scores.noise(0))


@given(st.lists(st.integers(0, 4), min_size=5, max_size=40))
def test_stability_is_0_for_the_same_and_never_below(codes: list[int]) -> None:
    """Whatever the columns; and it is symmetric."""
    column, ones = np.array(codes), np.ones(len(codes))
    other = np.arange(len(codes), dtype=np.float64)
    assert scores.stability(column, ones, ones, codes=5) == 0
    there, back = (scores.stability(column, *pair, codes=5) for pair in ((ones, other), (other, ones)))
    assert there == pytest.approx(back)
    assert there >= 0


def test_chance_alone_stays_below_its_limit() -> None:
    """Nineteen times of twenty, for columns of few answers and of many, in two halves of unlike size."""
    rng = np.random.default_rng(4)
    for codes in (3, 8):
        column, within = np.arange(codes), 0
        for _ in range(400):
            before, after = (rng.multinomial(n, np.ones(codes) / codes).astype(np.float64) for n in (800, 200))
            limit = scores.stability_noise(column, before, after)
            within += scores.stability(column, before, after, codes=codes) < limit
        assert within / 400 == pytest.approx(0.945, abs=0.03)
    one = np.zeros(1, dtype=np.int64)
    assert scores.stability_noise(one, np.ones(1), np.ones(1)) == 0


def test_stability_is_large_for_a_shift() -> None:
    """Nine in ten gave the first answer, and now the second; and small for the same answers in other numbers."""
    column = np.array([2, 3])
    assert scores.stability(column, np.array([900.0, 100.0]), np.array([100.0, 900.0]), codes=4) > 2
    assert scores.stability(column, np.array([900.0, 100.0]), np.array([9000.0, 1000.0]), codes=4) < 0.01
