"""The stand-in for the merchandiser: whole points, few, and from what the pilot bought."""

import numpy as np

from benchmarks.recommender.rules import MOST, POINT, points, scores, shuffled
from tests.benchmarks.recommender.cast import small_choices

PILOT = small_choices()


def test_points_are_whole_and_few() -> None:
    """No rule gives more than three points, and none a part of one."""
    for table in points(PILOT):
        assert table.dtype.kind == "i"
        assert np.abs(table).max() <= MOST


def test_what_an_answer_buys_is_favoured() -> None:
    """Each colour takes its own item: that item has the most points, the others are against."""
    colour = points(PILOT)[0]
    for code, item in zip(sorted(set(PILOT.answers[:, 0])), range(3), strict=True):
        assert colour[code].argmax() == item
        assert (np.delete(colour[code], item) < 0).all()


def test_scores_are_sums_of_points_scaled_once() -> None:
    """Equal points are equal scores; an answer that no pilot gave adds nothing."""
    tables = points(PILOT)
    found = scores(tables, np.array([[2, 2], [40, 40]]))
    assert found[0].tolist() == (POINT * (tables[0][2] + tables[1][2]).astype(float)).tolist()
    assert found[1].tolist() == [0.0, 0.0, 0.0]


def test_useless_rules_have_the_same_points_on_other_products() -> None:
    """Shuffled rules are rules all the same: each answer's points are there, elsewhere."""
    tables = points(PILOT)
    for one, other in zip(tables, shuffled(tables, 1), strict=True):
        assert np.sort(one, axis=1).tolist() == np.sort(other, axis=1).tolist()
