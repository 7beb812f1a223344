"""Metrics, held to cases worked out by hand."""

import numpy as np
import pytest
from scipy.special import log_softmax

from benchmarks.recommender.metrics import Judge, Outcome, masked, outcome

SHOWN = np.array([[True, True, False], [True, True, True]])


def test_what_was_not_shown_has_no_chance() -> None:
    """The softmax is over the set alone, and a hidden item's score has no say."""
    found = masked(np.array([[0.0, 0.0, 50.0], [1.0, 1.0, 1.0]]), SHOWN)
    assert found.tolist() == pytest.approx(np.array([[0.5, 0.5, 0.0], [1 / 3] * 3]))


def test_the_loss_is_that_of_the_choice() -> None:
    """Log-loss is minus the log of the chance of what was taken."""
    scores = np.array([[0.3, -1.0, 9.0], [0.1, 2.0, -0.5]])
    expected = [-log_softmax([0.3, -1.0])[1], -log_softmax(scores[1])[2]]
    assert outcome(scores, SHOWN, np.array([1, 2])).loss.tolist() == pytest.approx(expected)


def test_equal_scores_stand_in_catalogue_order() -> None:
    """A tie is no half hit: the first in the catalogue is shown first."""
    found = outcome(np.zeros((2, 4)), np.ones((2, 4), dtype=bool), np.array([0, 3]))
    assert found.hit1.tolist() == [1.0, 0.0]
    assert found.hit3.tolist() == [1.0, 0.0]


def test_one_respondents_choices_are_drawn_together() -> None:
    """Copies of each respondent's choices add no certainty: the interval is as wide as of one each."""
    values = np.random.default_rng(1).normal(size=80)
    single = Judge(np.arange(80)).mean(values)
    ninefold = Judge(np.repeat(np.arange(80), 9)).mean(np.repeat(values, 9))
    assert ninefold == pytest.approx(single)


def test_the_interval_is_the_bootstraps() -> None:
    """For a mean of many, 95 % are 1.96 standard errors to each side."""
    values = np.random.default_rng(2).normal(size=2_000)
    found = Judge(np.arange(2_000)).mean(values)
    error = 1.96 * values.std() / np.sqrt(2_000)
    assert found.low == pytest.approx(values.mean() - error, abs=0.15 * error)
    assert found.high == pytest.approx(values.mean() + error, abs=0.15 * error)


def test_a_ratio_of_equals_is_one() -> None:
    """The same contender twice is neither better nor worse, in every resample."""
    values = np.random.default_rng(3).random(50)
    assert Judge(np.arange(50)).ratio(values, values) == pytest.approx((1.0, 1.0, 1.0))


def test_whoever_is_as_sure_as_right_has_no_calibration_error() -> None:
    """Hits as often as said are no error; twice as often is the difference."""
    hits = np.tile([1.0, 0.0], 100)
    sure = Outcome(np.zeros(200), hits, hits, np.full(200, 0.5))
    judge = Judge(np.arange(200))
    assert judge.calibration_error(sure).value == pytest.approx(0.0)
    assert judge.calibration_error(sure._replace(sure=np.full(200, 0.75))).value == pytest.approx(0.25)
