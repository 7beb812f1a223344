"""Laws of what the alarms watch: measured time against the promise, and categories known beforehand."""

from quizfunnel.insight.behaviour.funnel import End, Funnel, StepRow
from quizfunnel.insight.behaviour.watch import categories, concerns, promise
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.intervals import wilson
from quizfunnel.stats.quantiles import Quantiles
from tests.insight.rows import row

NO_TIME = Quantiles(0, None, None)


def funnel(*, left: tuple[int, ...] = (10, 10, 10), seconds: tuple[End, ...] = ()) -> Funnel:
    """Return a funnel of a thousand attempts a question, of which so many end there."""
    steps = tuple(
        StepRow(f"q{place}", f"Question {place}?", 1000, count, wilson(count, 1000), NO_TIME, NO_TIME)
        for place, count in enumerate(left)
    )
    return Funnel(1000, 900, 900, 0, 0, steps, (), seconds)


def test_who_took_exactly_the_promised_time_was_promised_right() -> None:
    """A time of the promised minutes keeps the promise, a second more doesn't, and who left is no finisher."""
    found = promise(funnel(seconds=(End(59, 3, 10), End(60, 3, 20), End(61, 3, 30))), minutes=1)
    assert (found.kept, found.finishers, found.share) == (30, 60, wilson(30, 60))


def test_each_alarm_is_raised_where_it_should() -> None:
    """A quiz as it should be raises none; one with a gap, a broken promise and a harmed device raises all three."""
    good = funnel(seconds=(End(40, 0, 900), End(80, 0, 100)))
    bad = funnel(left=(10, 300, 10), seconds=(End(40, 0, 500), End(80, 0, 500)))
    fine, harmed = {"device phone": ArmPurchases(400, 100, 0.8)}, {"device phone": ArmPurchases(200, 150, 0.8)}
    assert concerns(good, minutes=1, categories=fine) == ()
    found = concerns(bad, minutes=1, categories=harmed)
    assert [(alarm.kind, alarm.where) for alarm in found] == [("hurts", "device phone"), ("gap", "q1"), ("promise", "")]


def test_purchases_are_counted_by_device_and_by_channel() -> None:
    """A visitor is in one device and one channel; money and who waits are in none."""
    rows = [
        row(100, 10, device="phone", channel="paid"),
        row(100, 5, device="phone"),
        row(40, 3, arm="holdout", device="phone", channel="paid"),
        row(40, 3, device="desktop", mature=0),
        row(0, 3, device="desktop", currency="GBP"),
    ]
    assert categories(rows, share=0.2) == {
        "channel paid": ArmPurchases(10, 3, 0.8),
        "channel unknown": ArmPurchases(5, 0, 0.8),
        "device phone": ArmPurchases(15, 3, 0.8),
    }
