"""Packed rows add up to what their numbers add up to, exactly."""

import random

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.recommend.serving.packed import GRID, MOST, ZERO, PackedRows, on_grid

most = on_grid(MOST)


@given(st.integers(0, 12), st.integers(0, 45), st.integers(0, 10**6))
def test_sums_are_exact(count: int, rows: int, seed: int) -> None:
    """Any rows up to the longest quiz, at the limits too: number by number the sum, and no lane touches another."""
    rng = random.Random(seed)  # noqa: S311
    numbers = [
        [rng.choice([0, 1, -1, most, -most, rng.randint(-most, most)]) for _ in range(count)] for _ in range(rows)
    ]
    packed = PackedRows(count)
    read = packed.read([packed.pack(row) for row in numbers])
    assert [number - ZERO for number in read] == [sum(row[place] for row in numbers) for place in range(count)]


@given(st.floats(allow_nan=False))
def test_a_number_on_the_grid_is_near_and_never_beyond_the_most(number: float) -> None:
    """Within half a step; infinities are cut."""
    found = on_grid(number) * GRID
    assert abs(found) <= MOST
    assert abs(found - max(-MOST, min(MOST, number))) <= GRID / 2
