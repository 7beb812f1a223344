"""Ratings: a mean with its count and its scale, or none."""

import pytest

from quizfunnel.catalog.rating import Rating, rating_of
from tests.cast import product


@pytest.mark.parametrize(
    ("attributes", "rating"),
    [
        ({"rating": 4.6, "rating_count": 128.0}, Rating(4.6, 128, 5.0)),
        ({"rating": "4.6", "rating_count": "128"}, Rating(4.6, 128, 5.0)),
        ({"rating": 4.6}, Rating(4.6, None, 5.0)),
        ({"rating": 8.7, "rating_count": 12.0, "rating_best": 10.0}, Rating(8.7, 12, 10.0)),
        ({"rating": '{"value": "4.2", "scale_min": "1.0", "scale_max": "6.0"}'}, Rating(4.2, None, 6.0)),
        ({"rating": 4.6, "rating_count": 0.0}, None),
        ({"rating": 4.6, "rating_count": "many"}, None),
        ({"rating": 4.6, "rating_count": 1.5}, None),
        ({"rating": 8.7}, None),
        ({"rating": 0.0, "rating_count": 3.0}, None),
        ({"rating": "good"}, None),
        ({"rating": "[]"}, None),
        ({"rating": 4.6, "rating_best": "nan"}, None),
        ({"rating_count": 3.0}, None),
        ({}, None),
    ],
)
def test_a_rating_is_a_mean_within_its_scale(attributes: dict[str, float | str], rating: Rating | None) -> None:
    """A count of nothing makes it none, and a scale is not guessed."""
    assert rating_of(product("a", attributes=attributes)) == rating
