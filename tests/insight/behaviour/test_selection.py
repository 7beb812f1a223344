"""Laws of the negative control: before the clock started, takers against others, of those not held out."""

from quizfunnel.insight.behaviour.selection import selection_checks
from quizfunnel.stats.causal import negative_control
from tests.insight.rows import row


def test_it_works() -> None:
    """The ratio is of earlier buyers, whatever was bought later; the holdout and who waits are left out."""
    rows = [
        row(900, 20, prior_buyers=9),
        row(100, 10, prior_buyers=4, state="started"),
        row(300, 30, prior_buyers=8, state="finished"),
        row(500, 5, prior_buyers=400, arm="holdout"),
        row(500, 5, prior_buyers=400, mature=0),
    ]
    found = selection_checks(rows, None)
    assert found.control == negative_control((12, 400), (9, 900))
    assert (found.adjusted, found.e_value) == (None, None)


def test_without_earlier_orders_there_is_no_control() -> None:
    """A log that begins with the experiment cannot tell."""
    assert selection_checks([row(900, 20), row(100, 10, state="started")], None).control is None
