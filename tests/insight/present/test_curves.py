"""Laws of the curves: they stay on the chart, and their tables say what they draw."""

import re
from datetime import date, timedelta

from quizfunnel.insight.present import charts, curves, experiment_tables
from quizfunnel.insight.randomised.figures import Look
from quizfunnel.insight.report.figures import Leaving
from quizfunnel.stats.confidence_sequence import ArmPurchases, sequence
from quizfunnel.stats.survival import Ends, curve

ENDS = {1: Ends(40, 0), 2: Ends(20, 5), 3: Ends(10, 900)}


def looks(days: int) -> tuple[Look, ...]:
    """Return looks a day apart, each with more buyers."""
    found = []
    for place in range(days):
        invited, holdout = 12 * place, 2 * place
        ratio = sequence(ArmPurchases(invited, holdout, 0.8))
        found.append(Look(date(2026, 3, 1) + timedelta(place), (invited, 900), (holdout, 300), ratio))
    return tuple(found)


def places(path: str) -> list[tuple[float, float]]:
    """Return the points of a path."""
    return [(float(x), float(y)) for x, y in re.findall(r"([-\d.e]+) ([-\d.e]+)", path)]


def test_the_narrowing_stays_on_the_chart() -> None:
    """Whatever the limits are, also without an end, every mark is inside, and the line runs from left to right."""
    chart = charts.narrowing(looks(30), says="So.")
    assert chart is not None
    for path in (chart.band, chart.line):
        assert all(40 <= x <= 380 and 5 <= y <= 160 for x, y in places(path))
    xs = [x for x, _ in places(chart.line)]
    assert xs == sorted(xs)
    assert all(5 <= tick.x <= 160 for tick in chart.up)


def test_a_single_day_draws_nothing() -> None:
    """Before the second day with an estimate there is nothing to narrow."""
    assert charts.narrowing(looks(2), says="") is None
    assert charts.narrowing((), says="") is None


def test_few_rows_stand_for_many_looks() -> None:
    """The first and the last are among them, in their order, and few looks stay as they are."""
    many = looks(100)
    few = experiment_tables.thin(many)
    assert len(few) == 12
    assert (few[0], few[-1]) == (many[0], many[-1])
    assert [look.day for look in few] == sorted(look.day for look in few)
    assert experiment_tables.thin(many[:5]) == many[:5]


def test_the_curve_by_questions_has_a_row_a_point() -> None:
    """Its table has everybody who came so far, who left, and the share that stays."""
    (found,) = curves.leaving(Leaving(curve(ENDS), ()))
    assert [row.cells[:2] for row in found.table.rows] == [("975", "40"), ("935", "20"), ("910", "10")]
    assert found.table.rows[0].cells[2].startswith("95.9%")
    assert all(40 <= x <= 380 and 5 <= y <= 160 for x, y in places(found.chart.line))


def test_the_curve_by_time_says_who_is_left() -> None:
    """At each time its row has those neither gone nor done, and the last share of the curve until then."""
    points = curve({20: Ends(10, 0), 50: Ends(10, 40), 110: Ends(0, 40)})
    found = next(each for each in curves.leaving(Leaving((), points)) if each.id == "by-second")
    assert [(row.label, row.cells[0]) for row in found.table.rows][:4] == [
        ("0:15", "100"),
        ("0:30", "90"),
        ("0:45", "90"),
        ("1:00", "40"),
    ]
    assert [row.cells[1][:4] for row in found.table.rows][:4] == ["100%", "90.0", "90.0", "80.0"]


def test_nobody_leaves_no_curve() -> None:
    """Before the first attempt there is none."""
    assert curves.leaving(Leaving((), ())) == ()
