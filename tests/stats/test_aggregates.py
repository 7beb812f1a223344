"""Laws of the rollup's cells: they add up however they are cut, and say the same as the visitors themselves."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.stats import aggregates
from quizfunnel.stats.aggregates import Key, Sums
from tests.stats.visitors import visitor_sums

keys = st.builds(
    Key,
    st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    st.sampled_from(("invited", "holdout")),
    st.sampled_from(("cold", "finished")),
    st.sampled_from((None, 0, 4)),
    st.just("phone"),
    st.just("search"),
    st.just("/"),
    st.integers(0, 1),
    st.booleans(),
)
visitors = st.builds(
    lambda orders, prior: visitor_sums(orders, prior=prior, cap=5000),
    st.lists(st.integers(0, 9000), max_size=3),
    st.lists(st.integers(1, 9000), max_size=2),
)
rolled = st.lists(st.tuples(keys, visitors), max_size=12)


@given(rolled, st.integers(0, 12))
def test_cells_add_up_however_they_are_cut(found: list[tuple[Key, Sums]], cut: int) -> None:
    """Two parts merged in either order are the whole, and no sum is lost."""
    whole = aggregates.merge(found)
    assert whole == aggregates.merge(found[cut:], found[:cut])
    assert whole == aggregates.merge(whole.items())
    assert aggregates.total(whole.values()) == aggregates.total(sums for _, sums in found)


@pytest.mark.thorough
@given(rolled)
def test_groups_hold_every_visitor_once(found: list[tuple[Key, Sums]]) -> None:
    """Grouping by any fields, or selecting value by value, gives the same sums, which add up to the total."""
    whole = aggregates.merge(found)
    grouped = aggregates.by(whole, "arm", "returning")
    assert aggregates.total(grouped.values()) == aggregates.total(whole.values())
    for (arm, returning), sums in grouped.items():
        assert sums == aggregates.total(aggregates.select(whole, arm=arm, returning=returning).values())


@pytest.mark.thorough
@given(rolled)
def test_a_period_has_both_its_ends(found: list[tuple[Key, Sums]]) -> None:
    """Days from first to last are in, others are not."""
    inner = aggregates.between(aggregates.merge(found), date(2026, 1, 2), date(2026, 1, 3))
    assert {key.day for key in inner} == {key.day for key, _ in found if key.day.day in {2, 3}}


def test_sums_give_means_variances_and_covariances() -> None:
    """What numpy computes of the visitors' values follows from their sums."""
    draw = np.random.default_rng(3)
    now = [draw.integers(0, 90_000, draw.integers(0, 3)).tolist() for _ in range(200)]
    before = [draw.integers(0, 50_000, draw.integers(0, 2)).tolist() for _ in range(200)]
    found = aggregates.total(
        visitor_sums(orders, prior=prior, cap=60_000) for orders, prior in zip(now, before, strict=True)
    )
    for money, values in (
        ("revenue", [sum(orders) for orders in now]),
        ("capped", [sum(min(order, 60_000) for order in orders) for orders in now]),
    ):
        one = aggregates.moments(found, money)  # type: ignore[arg-type]
        theirs = np.cov(values, [sum(prior) for prior in before])
        covariance = Fraction(int(one.product)) - Fraction(int(one.total)) * Fraction(int(one.prior)) / one.n
        assert one.total / one.n == pytest.approx(np.mean(values), rel=1e-12)
        assert float(covariance / (one.n - 1)) == pytest.approx(theirs[0, 1], rel=1e-9)
        assert (one.squared - one.total**2 / one.n) / (one.n - 1) == pytest.approx(theirs[0, 0], rel=1e-9)


def test_one_visitor_is_a_cell() -> None:
    """A visitor with two orders, one above the cap, counts once as buyer and twice as orders."""
    one = visitor_sums([300, 900], prior=[50], cap=500, stayed=True)
    assert one[:5] == (1, 1, 2, 1, 1)
    assert one[5:11] == (1200, 1200**2, 1200 * 50, 800, 800**2, 800 * 50)
    assert one[11:] == (50, 2500, 1)
    assert visitor_sums([], stayed=True)[:5] == (1, 0, 0, 1, 0)


def test_an_unknown_field_is_no_silent_answer() -> None:
    """Asking for a field that no key has raises, rather than selecting everything."""
    with pytest.raises(ValueError, match="not in tuple"):
        aggregates.select({}, colour="red")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=100, max_size=130))
def test_the_cap_is_a_point_of_the_orders(orders: list[int]) -> None:
    """At least 99 in 100 orders don't exceed the cap, and it is numpy's inverted distribution."""
    found = aggregates.ceiling({value: orders.count(value) for value in set(orders)})
    assert found == np.quantile(orders, 0.99, method="inverted_cdf")


def test_few_orders_have_no_cap() -> None:
    """A 99 % point of fewer than 100 orders does not exist."""
    assert aggregates.ceiling({}) is None
    assert aggregates.ceiling({5: 99}) is None
    assert aggregates.ceiling({5: 99, 7: 1}) == 5


def test_money_of_one_currency_is_over_all_visitors() -> None:
    """A mean in euros divides by everybody, its buyers being those who paid in euros."""
    everybody = Sums(visitors=1000, buyers=30, orders=33, stayed=400, stayed_buyers=28)
    euros = visitor_sums([500, 700], prior=[100])
    found = aggregates.moments(aggregates.spent_by(everybody, euros), "revenue")
    assert found == (1000, 1, 1200, 1200**2, 100, 100**2, 1200 * 100)
