"""Parts of a grouped log are grouped logs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.recommend.training.grouped_log import Counts
from tests.recommend.logs import coffee_log

LOG = coffee_log(60)

Row = tuple[str, str, str, int, float, float]


def rows(counts: Counts) -> list[Row]:
    """Return the rows with their names instead of numbers, in one order."""
    numbers = zip(counts.pattern, counts.product, counts.part, counts.trials, counts.bought, strict=True)
    return sorted(
        (repr(counts.patterns[pattern].answers), counts.patterns[pattern].version, counts.products[product], *more)
        for pattern, product, *more in numbers
    )


@given(st.lists(st.booleans(), min_size=len(LOG.patterns), max_size=len(LOG.patterns)))
def test_some_patterns_keep_their_rows(known: list[bool]) -> None:
    """Each row that is left names what it named before, and no pattern is left without being asked for."""
    found = LOG.of_patterns(np.array(known))
    kept = {repr(pattern.answers) for pattern, keep in zip(LOG.patterns, known, strict=True) if keep}
    assert {repr(pattern.answers) for pattern in found.patterns} == kept
    assert rows(found) == [row for row in rows(LOG) if row[0] in kept]
    assert (found.bounds, found.facts) == (LOG.bounds, LOG.facts)


def test_some_rows_keep_all_patterns() -> None:
    """Numbers mean the same in the whole and in its parts."""
    parts = [LOG.of(LOG.part == n) for n in range(5)]
    assert sorted(row for part in parts for row in rows(part)) == rows(LOG)
    assert sum(part.purchases for part in parts) == LOG.purchases
    assert all(part.patterns is LOG.patterns for part in parts)
