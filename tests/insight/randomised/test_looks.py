"""Laws of the looks: a day counts whose windows closed on it, once, in its order."""

from quizfunnel.insight.randomised.looks import daily_looks
from quizfunnel.log.days import date_of
from quizfunnel.stats.confidence_sequence import ArmPurchases, sequence
from tests.insight.rows import row


def test_it_works() -> None:
    """A visitor of day 3 with a week counts on day 10, on top of all before; who waits counts on none."""
    rows = [
        row(10, 2, day=3),
        row(5, 1, day=3, arm="holdout"),
        row(7, 3, day=1, state="started"),
        row(100, 90, day=9, mature=0),
    ]
    first, second = daily_looks(rows, share=0.2)
    assert (first.day, first.invited, first.holdout) == (date_of(8), (3, 7), (0, 0))
    assert (second.day, second.invited, second.holdout) == (date_of(10), (5, 17), (1, 5))
    assert second.ratio == sequence(ArmPurchases(5, 1, 0.8))


def test_nobody_mature_is_no_look() -> None:
    """Before the first window closes there is nothing to see."""
    assert daily_looks([row(5, 1, mature=0)], share=0.2) == ()
