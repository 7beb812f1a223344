"""Laws of the arms' tables: money of a thousand visitors with its limits, and what is not there says so."""

from quizfunnel.insight.present import experiment_tables
from quizfunnel.insight.present.behaviour_tables import EMPTY
from quizfunnel.insight.randomised.money import earned
from quizfunnel.stats.sample_size import ShareOption, default_size
from tests.insight.rows import money, row

SEEN = [row(4000, 200), row(1000, 60, arm="holdout")]


def test_revenue_is_of_a_thousand_visitors() -> None:
    """The cut row stands first and strong; every difference has its limits, the adjusted one beside it."""
    spent = [money(200, 3000, prior=100), money(60, 2400, prior=100, arm="holdout")]
    (found,) = earned([*SEEN, *spent], caps={"GBP": 9000}, planned=default_size(0.2))
    table = experiment_tables.earned(found)
    assert table.caption == "Revenue of 1,000 visitors, GBP"
    cut, paid = table.rows
    assert (cut.label, cut.strong, paid.label, paid.strong) == ("Orders cut at £90.00", True, "Orders as paid", False)
    assert cut.cells[:2] == ("£1,500.00", "£1,440.00")
    assert cut.cells[2].replace("\u2060", "").startswith("+£60.00 (-£")
    assert "to" in cut.cells[3]
    assert table.head[0] == EMPTY


def test_what_is_not_there_yet_is_said() -> None:
    """Without a cap, without earlier orders, and with too few buyers."""
    (found,) = earned([*SEEN, money(20, 3000)], caps={}, planned=default_size(0.2))
    cut, paid = experiment_tables.earned(found).rows
    assert cut.cells == ("not available yet", "", "", "")
    assert paid.cells == ("£150.00", "£0.00", "can't tell yet", "not available yet")


def test_another_share_costs_or_saves_days() -> None:
    """In words, with no more digits than they deserve, and the present one is the same."""
    options = [
        ShareOption(0.1, 100, 10, 3596 + 50, -3596),
        ShareOption(0.2, 50, 10, 50, 0),
        ShareOption(0.5, 9, 4, 49, 1),
    ]
    said = [experiment_tables.saves(option.saves) for option in options]
    assert said == ["costs 3,600 days", "the same", "saves 1 day"]
    assert experiment_tables.saves(None) == "can't tell"
