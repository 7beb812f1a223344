"""Laws of the leave curve: scipy's Kaplan-Meier from counts, sensible where that has no limits."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.stats import survival
from quizfunnel.stats.intervals import wilson
from quizfunnel.stats.survival import Ends

ends = st.dictionaries(st.integers(0, 40), st.builds(Ends, st.integers(0, 30), st.integers(0, 30)), max_size=12)


def repeated(found: dict[int, Ends], place: int) -> list[int]:
    """Return each place as often as attempts ended there."""
    return [at for at, both in found.items() for _ in range(both[place])]


@settings(max_examples=60, deadline=None)
@given(ends)
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
def test_it_is_scipys_curve(found: dict[int, Ends]) -> None:
    """Shares and log-log limits are those of scipy.stats.ecdf with censoring, to 1e-9, wherever it has them."""
    from scipy.stats import CensoredData, ecdf

    left = repeated(found, 0)
    got = survival.curve(found)
    if not left:
        assert all(point.staying.estimate == 1 for point in got)
        return
    theirs = ecdf(CensoredData(uncensored=left, right=repeated(found, 1))).sf
    assert [point.at for point in got] == theirs.quantiles.tolist()
    assert [point.staying.estimate for point in got] == pytest.approx(theirs.probabilities, abs=1e-9)
    limits: Any = theirs.confidence_interval(method="log-log")
    for point, low, high in zip(got, limits.low.probabilities, limits.high.probabilities, strict=True):
        if 0 < (point.staying.estimate or 0) < 1:
            assert (point.staying.low, point.staying.high) == pytest.approx((low, high), abs=1e-9)


@given(ends)
def test_limits_hold_the_share(found: dict[int, Ends]) -> None:
    """At every point the limits lie in 0 to 1, hold the share and are not a single point."""
    for point in survival.curve(found):
        assert point.staying.estimate is not None
        assert 0 <= point.staying.low <= point.staying.estimate <= point.staying.high <= 1
        assert point.staying.low < point.staying.high


@given(ends)
def test_everybody_is_there_until_their_end(found: dict[int, Ends]) -> None:
    """Who was there at a point is who ended at it or later."""
    for point in survival.curve(found):
        assert point.there == sum(sum(both) for at, both in found.items() if at >= point.at)
        assert point.left == found[point.at].left


def test_edges_are_honest() -> None:
    """Nobody, one who finished, one who left, all who left."""
    assert survival.curve({}) == ()
    assert survival.curve({3: Ends(0, 0)}) == ()
    (stayed,) = survival.curve({3: Ends(0, 1)})
    assert stayed.staying == (1, 1 - wilson(0, 1).high, 1)
    (gone,) = survival.curve({3: Ends(1, 0)})
    assert gone.staying == (0, 0, wilson(0, 1).high)
    (all_gone,) = survival.curve({1: Ends(500, 0)})
    assert all_gone.staying.high < 0.01


def test_a_short_path_is_not_taken_for_leaving() -> None:
    """Half finish after two questions, the others after four, and nobody leaves: all stay."""
    assert [point.staying.estimate for point in survival.curve({2: Ends(0, 50), 4: Ends(0, 50)})] == [1, 1]
