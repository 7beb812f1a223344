"""Laws of what stands beside the verdict: differences hold at any look, and takeup is who started before buying."""

from quizfunnel.insight.randomised.effect import BothArms, compare, effect
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS
from quizfunnel.insight.words.metric import Share
from quizfunnel.insight.words.metrics import SHARES
from quizfunnel.log.measures import REPEATED, RETURNED
from quizfunnel.stats import causal
from quizfunnel.stats.intervals import wilson
from quizfunnel.stats.mean_difference import itt_diff
from quizfunnel.stats.sample_size import default_size
from tests.insight.rows import money, row

ROWS = [
    row(2800, 100, stayed=1300, stayed_buyers=100),
    row(1200, 100, state="finished", stayed=900, stayed_buyers=100),
    row(990, 40, arm="holdout", stayed=500, stayed_buyers=40),
    row(10, 0, arm="holdout", state="started", stayed=5),
    row(500, 400, mature=0, stayed=500, stayed_buyers=400),
]


def test_it_works() -> None:
    """Rates are of mature visitors; the takers' difference is the arms' over the difference of takeup."""
    found = effect(ROWS, share=0.2, planned=default_size(0.2))
    assert found.difference.estimate == 200 / 4000 - 40 / 1000
    assert (found.takeup, found.holdout_takeup) == (wilson(1200, 4000), wilson(10, 1000))
    assert found.complier == causal.cace_diff(found.difference, found.takeup, found.holdout_takeup)


def test_a_guardrail_compares_who_stayed() -> None:
    """It counts who was still in the shop, buyers or not, and its limits are wider than at one look."""
    rail, _ = effect(ROWS, share=0.2, planned=default_size(0.2)).guardrails
    assert (rail.invited.pair, rail.holdout.pair) == ((2200, 4000), (505, 1000))
    assert rail.difference.low < rail.difference.estimate < rail.difference.high if rail.difference.estimate else False


def test_nobody_has_no_difference() -> None:
    """Without a visitor everything is open."""
    found = effect([], share=0.2, planned=default_size(0.2))
    assert (found.difference.estimate, found.complier.difference.estimate, found.takeup.estimate) == (None, None, None)


def test_a_guardrail_compares_whose_orders_came_back() -> None:
    """Visitors with such an order, of all of their arm; money is no such order, and who waits does not count."""
    back = [
        money(60, 1, currency=RETURNED.name),
        money(25, 1, currency=RETURNED.name, arm="holdout"),
        money(900, 1, currency=RETURNED.name, mature=0),
        money(500, 3000),
    ]
    _, rail = effect(ROWS, share=0.2, planned=5000, money=[*ROWS, *back]).guardrails
    assert (rail.invited.pair, rail.holdout.pair) == ((60, 4000), (25, 1000))
    assert rail.difference == itt_diff((60, 4000), (25, 1000), planned=5000)
    assert (rail.invited.label, rail.holdout.label) == ("Invited", "Holdout")


def test_a_ratio_of_two_counts_is_a_share() -> None:
    """Who ordered again, of those who ordered: limits and difference are over these, and not over all visitors."""
    metric = next(metric for metric, estimand in SHARES if estimand == Share(REPEATED))
    invited = [*ROWS[:2], money(60, 1, currency=REPEATED.name)]
    holdout = [*ROWS[2:4], money(10, 1, currency=REPEATED.name, arm="holdout")]
    found = compare(metric, Share(REPEATED, of="buyers"), BothArms(invited, holdout, HOLDOUT_LABELS), planned=5000)
    assert (found.invited.pair, found.holdout.pair) == ((60, 200), (10, 40))
    assert found.invited.rate == wilson(60, 200)
    assert found.difference == itt_diff((60, 200), (10, 40), planned=5000)


def test_the_headline_is_the_difference_in_buyers() -> None:
    """There is one, and it is no row among the others."""
    assert [estimand for metric, estimand in SHARES if metric.role == "headline"] == [Share("buyers")]
    found = effect(ROWS, share=0.2, planned=5000)
    assert found.difference == itt_diff((200, 4000), (40, 1000), planned=5000)
    assert {*found.outcomes, *found.guardrails} == {*found.results}
