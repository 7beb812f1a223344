"""Logs of a given size, in both forms."""

import numpy as np
import pytest

from benchmarks.recommender.study import FORMS, Cell, every, log_of, places_of
from tests.benchmarks.recommender.cast import small_choices

CHOICES = small_choices()
TRAIN = np.arange(30, 60)
RULES = np.zeros((60, 3))


@pytest.mark.parametrize("form", FORMS)
def test_a_log_has_as_many_purchases_as_asked(form: str) -> None:
    """Sizes are purchases, whatever it took to see them; and only train rows are in it."""
    log = log_of(CHOICES, TRAIN, Cell(form, 20), RULES, np.random.default_rng(1))
    assert log.purchases.sum() == 20
    assert set(log.rows) <= set(TRAIN)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_log_has_nothing_in_it(form: str) -> None:
    """No purchase and no place shown."""
    log = log_of(CHOICES, TRAIN, Cell(form, 0), RULES, np.random.default_rng(1))
    assert not log.purchases.any()
    assert log.trials is None or not log.trials.any()


def test_what_was_bought_was_shown() -> None:
    """In the binomial form no purchase is without its trial, and people buy what they chose alone."""
    log = log_of(CHOICES, TRAIN, Cell("binomial", 25), RULES, np.random.default_rng(2))
    assert log.trials is not None
    assert (log.purchases <= log.trials).all()
    assert (log.purchases.sum(axis=0) > 0).all()
    for row, bought in zip(log.rows, log.purchases, strict=True):
        assert set(np.flatnonzero(bought)) <= {CHOICES.chosen[row]}


def test_half_of_the_smallest_set_is_shown_and_never_more_than_three() -> None:
    """If little can be shown, one place is left that a purchase can miss."""
    assert places_of(np.ones((2, 3), dtype=bool)) == 1
    assert places_of(np.ones((2, 50), dtype=bool)) == 3


def test_no_size_is_measured_that_there_is_no_log_for() -> None:
    """Sizes beyond the train rows fall away; all of them comes last in each form."""
    sizes = [size for form, size in every(300) if form == "choice"]
    assert sizes == [0, 50, 200, None]
