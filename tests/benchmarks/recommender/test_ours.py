"""Data that our learners are given, and what the recommender in the comparison is."""

from typing import Any

import numpy as np
import pytest

from benchmarks.recommender.ours import data_of, fit_boosted, fit_both, fit_tables
from benchmarks.recommender.peers import Problem
from tests.benchmarks.recommender.cast import small_choices


def problem(*, hide: bool = False) -> Problem:
    """Return forty rows to learn from, ten each to choose and judge; with `hide` one item is not shown to half."""
    choices = small_choices()
    shown = choices.shown.copy()
    if hide:
        shown[::2, 0] = choices.chosen[::2] == 0
    rows = np.arange(60)
    rules = np.zeros(shown.shape)
    return Problem(
        answers=choices.answers,
        ordered=choices.ordered,
        shown=shown,
        chosen=choices.chosen,
        features=choices.features,
        rules=rules,
        train=rows[:40],
        validation=rows[40:50],
        test=rows[50:],
    )


@pytest.mark.parametrize("hide", [False, True])
def test_people_who_answered_alike_and_saw_the_same_are_one_pattern(*, hide: bool) -> None:
    """Patterns are distinct, keep every purchase, and nobody bought what the pattern was not shown."""
    data = data_of(problem(hide=hide), features=False)
    keys = [(*row, *(seen if hide else ())) for row, seen in zip(data["X"].tolist(), _sets(data), strict=True)]
    assert len(set(keys)) == len(keys)
    assert data["purchases"].sum() == 40
    assert not hide or not (data["purchases"][~data["shown"]]).any()


def _sets(data: dict[str, Any]) -> list[list[bool]]:
    return [[] for _ in data["X"]] if data["shown"] is None else list(data["shown"].tolist())


def test_the_recommender_is_the_average_of_its_learners() -> None:
    """In log-odds, half and half, each with the settings it won by."""
    given = problem()
    tables, boosted = {"features": True, "multiplier": 2.0}, {"rho": 0.8, "l2": 1.0, "rate": 0.2}
    both = fit_both(given, {"tables": tables, "boosted": boosted})
    halves = fit_tables(given, tables), fit_boosted(given, boosted)
    rows, shown = given.answers, given.shown
    expected = (halves[0](rows, shown) + halves[1](rows, shown)) / 2
    assert both(rows, shown) == pytest.approx(expected, abs=1e-6)
