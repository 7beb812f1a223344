"""Laws of revenue between the arms: one currency at a time, over all visitors, and only mature ones."""

import pytest

from quizfunnel.insight.cells import Moments
from quizfunnel.insight.difference import mean_diff
from quizfunnel.insight.earned import earned
from quizfunnel.insight.planner import default_size
from tests.insight.rows import money, row

SEEN = [row(4000, 200), row(1000, 60, arm="holdout")]


def test_it_works() -> None:
    """Each arm's mean is over all of its visitors, and the difference is that of the moments."""
    spent = [money(200, 3000), money(60, 2500, arm="holdout")]
    (found,) = earned([*SEEN, *spent], caps={}, planned=default_size(0.2))
    assert (found.visitors, found.buyers, found.orders) == ((4000, 1000), (200, 60), (200, 60))
    plain = found.earnings.uncapped
    assert (plain.invited, plain.holdout) == (150, 150)
    one, two = Moments(4000, 200, 600_000, 200 * 3000**2), Moments(1000, 60, 150_000, 60 * 2500**2)
    assert plain.plain == mean_diff(one, two, planned=default_size(0.2))


def test_currencies_are_never_added_up() -> None:
    """Each currency is over the same visitors with its own buyers, the one of the most orders first."""
    spent = [money(100, 3000, currency="EUR"), money(200, 3000), money(60, 2500, arm="holdout")]
    pounds, euros = earned([*SEEN, *spent], caps={}, planned=default_size(0.2))
    assert (pounds.currency, pounds.buyers, pounds.earnings.uncapped.invited) == ("GBP", (200, 60), 150)
    assert (euros.currency, euros.visitors, euros.buyers) == ("EUR", (4000, 1000), (100, 0))
    assert euros.earnings.uncapped.plain.estimate is None


def test_who_waits_is_left_out() -> None:
    """Money of a window that is open counts for nobody."""
    assert earned([*SEEN, money(200, 3000, mature=0)], caps={}, planned=default_size(0.2)) == ()


@pytest.mark.parametrize("prior", [0, 700])
def test_cap_and_earlier_orders_are_used_where_they_are_known(prior: int) -> None:
    """Without a cap of the currency nothing is cut; without earlier orders nothing is taken out."""
    spent = [money(200, 3000, prior=prior), money(60, 2500, prior=prior, arm="holdout")]
    (cut,) = earned([*SEEN, *spent], caps={"GBP": 9000, "EUR": 1}, planned=default_size(0.2))
    (uncut,) = earned([*SEEN, *spent], caps={"EUR": 1}, planned=default_size(0.2))
    assert (cut.earnings.cap, uncut.earnings.cap, uncut.earnings.capped) == (9000, None, None)
    assert cut.earnings.capped == uncut.earnings.uncapped
    assert (uncut.earnings.uncapped.adjusted is None) == (prior == 0)
