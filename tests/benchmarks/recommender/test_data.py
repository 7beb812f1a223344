"""Answers from values: every level has a code, what is not known is skipped."""

import numpy as np
import pytest

from benchmarks.recommender.data import FIRST, SKIPPED, assemble, binned, indicators, picked


def test_values_are_levels_in_sorted_order_and_the_unknown_are_skipped() -> None:
    """Codes follow the values' order; an unknown value is a skipped question."""
    found = picked(["b", "", "a", "b"], [""])
    assert found.codes.tolist() == [FIRST + 1, SKIPPED, FIRST, FIRST + 1]


def test_numbers_fall_in_at_most_five_bins_in_their_order() -> None:
    """Bins follow the numbers, are as good as equal in count, and missing ones are skipped."""
    numbers = np.arange(100.0)
    found = binned(numbers, missing=numbers == 99)
    assert found.ordered
    assert (np.diff(found.codes[:99]) >= 0).all()
    assert np.bincount(found.codes)[FIRST:].tolist() == [20, 20, 19, 20, 20]
    assert found.codes[99] == SKIPPED


def test_numbers_of_few_values_have_no_empty_bin() -> None:
    """Equal numbers are never parted, and a code that stands for nothing is not made."""
    found = binned([0.0] * 50 + [1.0] * 25 + [2.0] * 25).codes
    assert sorted(set(found.tolist())) == [FIRST, FIRST + 1, FIRST + 2]
    assert len(set(found[:50].tolist())) == 1


def test_indicators_leave_out_what_stands_once() -> None:
    """A value that one item alone has says nothing that the item does not say."""
    assert indicators(["x", "y", "x"]).tolist() == [[1.0], [0.0], [1.0]]


def test_who_chose_what_was_not_shown_is_refused() -> None:
    """Data in which a hidden item was taken were read wrongly."""
    shown = np.array([[True, False]])
    with pytest.raises(RuntimeError, match="not shown"):
        assemble({"q": picked(["a"])}, shown=shown, chosen=np.array([1]), respondents=np.array([0]), name="small")
