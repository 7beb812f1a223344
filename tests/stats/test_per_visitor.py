"""Laws of money a visitor: what the log cannot say yet is said to be so."""

from itertools import chain

import pytest

from quizfunnel.stats import aggregates, per_visitor
from quizfunnel.stats.aggregates import Sums
from tests.stats.visitors import visitor_sums


def arm(buyers: int, visitors: int, *, prior: int = 0, order: int = 4000) -> Sums:
    """Return an arm whose every fifth buyer is large, and whose first `prior` visitors had bought before."""
    return aggregates.total(
        visitor_sums(
            ([order * 10 if n % 5 == 0 else order + n] if n < buyers else []),
            prior=[2000 + n] if n < prior else [],
            cap=9000,
            stayed=True,
        )
        for n in range(visitors)
    )


def test_it_works() -> None:
    """Money is capped and uncapped, and adjusted by earlier orders."""
    one, two = arm(120, 900, prior=200), arm(60, 450, prior=100)
    found = per_visitor.rpv_itt(one, two, cap=9000, planned=5000)
    assert found.capped is not None
    assert found.best is found.capped
    for each in (found.capped, found.uncapped):
        assert each.best is each.adjusted
        assert each.plain.low < (each.plain.estimate or 0) < each.plain.high
    assert found.capped.plain.high - found.capped.plain.low < found.uncapped.plain.high - found.uncapped.plain.low


def test_earlier_orders_that_foretell_make_it_narrower() -> None:
    """Where the buyers are those who bought before, the adjusted limits are narrower by what is explained."""
    found = per_visitor.per_visitor(arm(120, 900, prior=130), arm(60, 450, prior=70), "capped", planned=5000)
    assert found.adjusted is not None
    assert found.narrower is not None
    assert 0.1 < found.narrower < 1
    width = found.plain.high - found.plain.low
    assert (found.adjusted.high - found.adjusted.low) ** 2 == pytest.approx(width**2 * (1 - found.narrower))


def test_what_is_not_there_is_not_available() -> None:
    """Without earlier orders nothing is adjusted, and without a cap nothing capped."""
    found = per_visitor.rpv_itt(arm(120, 900), arm(60, 450), cap=None, planned=5000)
    assert (found.capped, found.uncapped.adjusted, found.uncapped.narrower) == (None, None, None)
    assert found.best is found.uncapped
    assert found.uncapped.best is found.uncapped.plain


def test_few_buyers_have_means_and_no_limits() -> None:
    """Below 50 buyers an arm the means are facts, and the difference can't be told; nobody has no mean."""
    found = per_visitor.per_visitor(arm(49, 900, prior=1), arm(60, 450), "revenue", planned=5000)
    assert found.invited is not None
    assert (found.plain.estimate, found.best.estimate, found.narrower) == (None, None, None)
    nobody = per_visitor.per_visitor(Sums(), Sums(), "revenue", planned=5000)
    assert (nobody.invited, nobody.holdout, nobody.plain.estimate) == (None, None, None)
    assert per_visitor.per_visitor(arm(1, 1), arm(0, 1), "revenue", planned=1).plain.estimate is None


def test_an_arm_may_be_split_anyhow() -> None:
    """The same visitors in many cells give the same figures."""
    parts = [arm(60, 400, prior=50), arm(60, 500, prior=150)]
    whole = aggregates.total(parts)
    other = aggregates.total(chain(parts[1:], parts[:1]))
    assert per_visitor.per_visitor(whole, arm(60, 450), "capped", planned=10) == per_visitor.per_visitor(
        other, arm(60, 450), "capped", planned=10
    )
