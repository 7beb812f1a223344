"""Laws of revenue between the arms: one currency at a time, over all visitors, and only mature ones."""

import pytest

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.output.json_report import plain
from quizfunnel.insight.present import experiment_tables
from quizfunnel.insight.randomised.money import earned
from quizfunnel.insight.words.metric import Mean
from quizfunnel.insight.words.metrics import MEANS
from quizfunnel.log.measures import PROFIT, REVENUE, Measure
from quizfunnel.stats.aggregates import Moments
from quizfunnel.stats.mean_difference import mean_diff
from quizfunnel.stats.sample_size import default_size
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


GAIN = PROFIT.of("GBP")
SPENT = [money(200, 3000), money(60, 2500, arm="holdout")]


def gains(invited: int, holdout: int) -> list[CellRow]:
    """Return profits of 9.00 of so many visitors of each arm."""
    return [money(invited, 900, currency=GAIN), money(holdout, 900, currency=GAIN, arm="holdout")]


def test_profit_stands_beside_the_revenue_of_its_currency() -> None:
    """Over all visitors of the arm, with limits of its own; it is no currency and its orders are counted once."""
    (found,) = earned([*SEEN, *SPENT, *gains(200, 57)], caps={}, planned=3000)
    profit = found.result("profit").shown
    assert profit is not None
    assert (profit.invited, profit.holdout) == (200 * 900 / 4000, 57 * 900 / 1000)
    one, two = Moments(4000, 200, 180_000, 200 * 900**2), Moments(1000, 57, 51_300, 57 * 900**2)
    assert profit.plain == mean_diff(one, two, planned=3000)
    assert (found.orders, found.result("profit").orders) == ((200, 60), (200, 57))
    assert found.earnings.uncapped == earned([*SEEN, *SPENT], caps={}, planned=3000)[0].earnings.uncapped


@pytest.mark.parametrize(
    ("invited", "holdout", "shown"),
    [(200, 60, True), (200, 54, True), (180, 60, True), (179, 60, False), (200, 53, False), (0, 0, False)],
)
def test_profit_needs_the_costs_of_nine_in_ten_orders_of_both_arms(invited: int, holdout: int, *, shown: bool) -> None:
    """Below that the orders without a cost, which bring nothing, could decide it; the page says how many are known."""
    (found,) = earned([*SEEN, *SPENT, *gains(invited, holdout)], caps={}, planned=3000)
    assert (found.result("profit").shown is not None) == shown
    said = experiment_tables.coverage(found)
    if invited + holdout == 260:
        assert said.endswith("known of all 260 orders.")
    elif invited:
        assert f"{invited + holdout} of 260 orders" in said
    else:
        assert said == "No profit: no catalogue said what these products cost the store, in a column cost."
    assert said.startswith("Profit is what is left" if shown else "No profit")


def test_profit_is_cut_at_its_own_cap() -> None:
    """A few orders of a great profit cannot decide it either."""
    (found,) = earned([*SEEN, *SPENT, *gains(200, 60)], caps={GAIN: 500}, planned=3000)
    assert found.result("profit").earnings.cap == 500
    assert found.earnings.cap is None
    assert "Profit, orders cut at £5.00" in [row.label for row in experiment_tables.earned(found).rows]


def test_another_sum_of_money_is_an_entry() -> None:
    """A guardrail with a cap of its own, on the page and in JSON, though no output knows it; it changes no other."""
    gifts = Measure("gifts", lambda order: order.net, lambda order: order.is_purchase, "money", cap=True)
    metric = MEANS[1][0]._replace(label="Gifts", role="guardrail", estimand=Mean(gifts))
    given = [money(50, 400, currency="GBP gifts"), money(30, 400, currency="GBP gifts", arm="holdout")]
    rows, caps = [*SEEN, *SPENT, *given], {"GBP gifts": 700}
    (found,) = earned(rows, caps=caps, planned=3000, means=[*MEANS, (metric, Mean(gifts))])
    (without,) = earned(rows, caps=caps, planned=3000)
    assert found.results[:-1] == without.results
    shown = found.result("gifts").shown
    assert shown is not None
    assert (shown.invited, shown.holdout) == (50 * 400 / 4000, 30 * 400 / 1000)
    table = experiment_tables.earned(found)
    assert table.caption == "Revenue and gifts of 1,000 visitors, GBP"
    assert table.rows[-1].label == "Gifts, orders cut at £7.00, which must not suffer"
    written = plain(found)
    assert written["earnings"]["gifts"] == plain(shown)
    assert (written["gifts_cap"], "gifts" in plain(without)["earnings"]) == (700, False)
    with pytest.raises(LookupError):
        without.result("gifts")


def test_the_headline_stands_first_and_all_is_money() -> None:
    """Currencies are found by the orders of revenue, and its rows are above those of other means."""
    (headline, of), *others = MEANS
    assert (headline.role, of.measure) == ("headline", REVENUE)
    assert "headline" not in [metric.role for metric, _ in others]
    assert {mean.measure.unit for _, mean in MEANS} == {"money"}
