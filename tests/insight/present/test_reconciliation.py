"""Laws of the line about the store's own totals: as the ledger is now, an alarm above one in a hundred."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert

from quizfunnel.insight.output import csv_report, json_report, text_report
from quizfunnel.insight.present import data_quality
from quizfunnel.insight.report import quiz
from quizfunnel.insight.report.figures import Report
from quizfunnel.log.thresholds import RECONCILED_DAYS, STORE_GAP
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.orders.reconcile.report_file import ReportedDay
from quizfunnel.orders.reconcile.result import Store
from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import Books, live
from tests.orders.ledger_rows import order

NAME = "The store's own totals"
YESTERDAY = NOON.date() - timedelta(days=1)


def tell(engine: Engine, *days: tuple[date, int, int], **more: Any) -> None:
    """Keep what a store tells of days: orders and minor units."""
    store = Store("standard", ZoneInfo("UTC"), more.get("simulated", False))
    told = [ReportedDay(day, more.get("currency", "GBP"), orders, total, 2) for day, orders, total in days]
    with writing(engine) as connection:
        ledger_days.save(connection, store, told, now=NOON)


def sell(engine: Engine, *orders: tuple[date, int]) -> None:
    """Write so many orders of 25.00 a day."""
    books = Books()
    for day, count in orders:
        for _ in range(count):
            books.order(None, NOON - (NOON.date() - day))
    with writing(engine) as connection:
        books.write(connection)


def built(engine: Engine, *, simulated: bool = False) -> Report:
    """Return the report as of noon."""
    with reading(engine) as connection:
        return quiz.build(connection, live(), simulated=simulated, now=NOON)


def fact(report: Report) -> tuple[str, bool]:
    """Return what the strip says of it, and whether it is an alarm."""
    found = next(each for each in data_quality.facts(report) if each.name == NAME)
    return found.says, found.alarm


def test_nothing_told_says_how_to_tell(engine: Engine) -> None:
    """With the option where the demo's visitors are shown."""
    assert fact(built(engine)) == (
        "not reconciled yet; quizfunnel orders reconcile FILE compares a day's totals",
        False,
    )
    assert "reconcile FILE --simulated compares" in fact(built(engine, simulated=True))[0]


def test_a_late_order_closes_the_gap_on_the_page(engine: Engine) -> None:
    """What was told is set beside the ledger as it is when the page is read."""
    sell(engine, (YESTERDAY, 2))
    tell(engine, (YESTERDAY - timedelta(days=1), 0, 0), (YESTERDAY, 3, 7500))
    says, alarm = fact(built(engine))
    assert says == "1 of 2 days agree; 1 March 2026: 1 order and £25.00 are not in the ledger"
    assert alarm
    assert NAME.lower() in data_quality.trusted(built(engine))
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, NOON - timedelta(days=1), source="standard", total_minor=2500)])
    assert fact(built(engine)) == ("2 of 2 days agree", False)


@pytest.mark.thorough
def test_one_in_a_hundred_is_no_alarm_and_more_is(engine: Engine) -> None:
    """Of the orders, and of the money; of any of the last days."""
    tell(engine, (YESTERDAY, 200, 500000))
    sell(engine, (YESTERDAY, 198))
    assert STORE_GAP == 0.01
    assert fact(built(engine))[1] is False
    tell(engine, (YESTERDAY, 200, 500001))
    assert fact(built(engine))[1] is True
    tell(engine, *((YESTERDAY + timedelta(days=1) - timedelta(days=far), 0, 0) for far in range(3, 20)))
    assert fact(built(engine))[1] is True
    tell(engine, (YESTERDAY, 198, 495000))
    assert fact(built(engine)) == (f"{RECONCILED_DAYS} of {RECONCILED_DAYS} days agree", False)


def test_a_gap_that_is_older_than_the_last_days_is_past(engine: Engine) -> None:
    """It is on the page as long as its day is among the last fourteen that were told, and no longer."""
    tell(engine, (YESTERDAY - timedelta(days=RECONCILED_DAYS), 5, 5000))
    assert fact(built(engine))[1]
    tell(engine, *((YESTERDAY - timedelta(days=far), 0, 0) for far in range(RECONCILED_DAYS - 1)))
    assert fact(built(engine))[1]
    tell(engine, (YESTERDAY - timedelta(days=RECONCILED_DAYS - 1), 0, 0))
    assert fact(built(engine)) == ("14 of 14 days agree", False)


def test_simulated_and_real_totals_never_mix(engine: Engine) -> None:
    """Neither what is told, nor the orders beside it."""
    sell(engine, (YESTERDAY, 1))
    tell(engine, (YESTERDAY, 1, 2500), simulated=True)
    assert fact(built(engine))[0].startswith("not reconciled yet")
    says, alarm = fact(built(engine, simulated=True))
    assert (says, alarm) == ("0 of 1 day agrees; 1 March 2026: 1 order and £25.00 are not in the ledger", True)


def test_several_gaps_and_currencies_are_told_apart(engine: Engine) -> None:
    """The latest three by name, the others counted; a currency is named where there are two."""
    tell(engine, *((YESTERDAY - timedelta(days=far), 1, 100) for far in range(5)))
    tell(engine, (YESTERDAY, 0, 0), currency="EUR")
    says = fact(built(engine))[0].split("; ")
    assert says[0] == "1 of 6 totals of days agree"
    assert says[1] == "1 March 2026 (standard, GBP): 1 order and £1.00 are not in the ledger"
    assert [part.split(" (")[0] for part in says[2:4]] == ["28 February 2026", "27 February 2026"]
    assert says[4:] == ["and 2 earlier ones"]


def test_totals_that_were_told_long_ago_say_so(engine: Engine) -> None:
    """Nobody takes an old agreement for today's."""
    tell(engine, (YESTERDAY - timedelta(days=30), 0, 0))
    assert fact(built(engine)) == ("1 of 1 day agrees; nothing was told since 30 January 2026", False)


def test_every_output_has_it(engine: Engine) -> None:
    """JSON with both sides, CSV with a line for orders and one for money, the text in the page's words."""
    sell(engine, (YESTERDAY, 1))
    tell(engine, (YESTERDAY, 3, -7500))
    report = built(engine)
    assert json_report.as_json(report)["health"]["reconciled"] == [
        {
            "day": "2026-03-01",
            "source": "standard",
            "currency": "GBP",
            "told": {"orders": 3, "total_minor": -7500},
            "ledger": {"orders": 1, "total_minor": 2500},
        }
    ]
    lines = csv_report.as_csv(report).splitlines()
    assert 'store totals,2026-03-01 standard GBP,"orders, told and in the ledger",3,1' in lines
    assert 'store totals,2026-03-01 standard GBP,"minor units, told and in the ledger",-7500,2500' in lines
    assert f"{NAME}: {fact(report)[0]}" in text_report.as_text(report)
