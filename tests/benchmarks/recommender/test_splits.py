"""Nobody who judges had a say."""

import numpy as np
import pytest

from benchmarks.recommender.splits import SPLITS, split

PEOPLE = np.repeat(np.arange(200), 3)


@pytest.mark.parametrize("number", range(SPLITS))
def test_every_row_is_in_one_part_and_nobody_is_in_two(number: int) -> None:
    """Parts are of different respondents and leave nobody out; 60/20/20 beside the pilot."""
    parts = split(PEOPLE, number)
    assert sorted(np.concatenate(parts)) == list(range(len(PEOPLE)))
    assert sum(len(np.unique(PEOPLE[part])) for part in parts) == 200
    assert [len(part) for part in parts] == [30, 342, 114, 114]


def test_tests_are_of_different_people_and_validation_is_in_none() -> None:
    """Settings chosen on the first split's validation can be kept for all tests."""
    splits = [split(PEOPLE, number) for number in range(SPLITS)]
    tested = [set(PEOPLE[each.test]) for each in splits]
    assert not tested[0] & tested[1]
    assert not (tested[0] | tested[1]) & tested[2]
    for each in splits:
        assert each.validation.tolist() == splits[0].validation.tolist()
        assert each.pilot.tolist() == splits[0].pilot.tolist()
        assert not set(PEOPLE[each.validation]) & set.union(*tested)


def test_there_is_no_fourth_split() -> None:
    """A fourth one would be tested on the validation respondents."""
    with pytest.raises(ValueError, match="3 splits"):
        split(PEOPLE, 3)
