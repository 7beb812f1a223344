"""Laws of quantiles: those of numpy, whatever the order of the times."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.stats.quantiles import quantiles


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_quantiles_are_numpys(times: list[int]) -> None:
    """Median and 90 % point lie between two values by their distance, as numpy's default has it."""
    found = quantiles(times)
    assert found.n == len(times)
    assert (found.median, found.p90) == pytest.approx(tuple(np.quantile(times, (0.5, 0.9))), abs=1e-9, rel=1e-12)


def test_no_time_has_no_median() -> None:
    """Without a time there is neither median nor 90 % point."""
    assert quantiles([]) == (0, None, None)
