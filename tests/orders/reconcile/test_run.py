"""Laws of reconciling: a file is kept whole or not at all, a late order closes its gap, real and simulated apart."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.reconcile import output
from quizfunnel.orders.reconcile.gap import Totals
from quizfunnel.orders.reconcile.report_file import ReportError
from quizfunnel.orders.reconcile.result import Reconciled
from quizfunnel.orders.reconcile.run import ReconcileError, reconcile
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.tables import DayTotal, Order
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order
from tests.orders.ledger_rows import order
from tests.orders.requests import asked
from tests.orders.signing import signed_by_shopify

SOURCE = ShopifySource(SHOPIFY_SECRET)
NOW = NOON + timedelta(days=1)  # 3 March


def receive(engine: Engine, signer: Signer, **changes: Any) -> None:
    """Have Shopify deliver an order of 10.00 EUR, changed."""
    body = json.dumps(shopify_order(**changes)).encode()
    sent = Delivery(SOURCE, body, signed_by_shopify(body), NOON)
    assert inbox.receive(engine, sent, keys=AttributionKeys(signer, lambda *_: None)).status == 200


def write(folder: Path, *lines: str, head: str = "day,orders,total") -> Path:
    """Write a file of days."""
    file = folder / "days.csv"
    file.write_text("\n".join([head, *lines]), "utf-8")
    return file


def run(engine: Engine, file: Path, **more: Any) -> Reconciled:
    """Reconcile a file."""
    return reconcile(engine, asked(file, **more), now=NOW)


def kept(engine: Engine) -> int:
    """Return how many told days are kept."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(DayTotal)).scalar_one()


def test_a_late_order_closes_the_gap(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """It is missing until its delivery comes; before it is paid it is named as the cause."""
    receive(engine, signer)
    file = write(tmp_path, "2026-03-02,2,15.50")
    late = {"id": 2, "total_price": "5.50"}
    causes = [run(engine, file).lines[0].causes[0].kind]
    receive(engine, signer, **late, financial_status="pending")
    causes += [cause.kind for cause in run(engine, file).lines[0].causes]
    receive(engine, signer, **late, updated_at=(NOON + timedelta(seconds=1)).isoformat())
    found = run(engine, file)
    assert causes == ["unknown", "unpaid"]
    assert (found.agreeing, found.lines[0].causes, kept(engine)) == (1, (), 1)


def test_a_day_of_25_hours_has_its_last_order(engine: Engine, tmp_path: Path) -> None:
    """Half past midnight by London's summer time is in it, half past eleven by its winter time too; UTC's has one."""
    ends = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)
    begins = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, begins), order(2, ends)])
    file = write(tmp_path, "2026-10-24,0,0", "2026-10-25,2,20")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    london = reconcile(engine, asked(file, time_zone="Europe/London"), now=now)
    utc = reconcile(engine, asked(file), now=now)
    assert london.agreeing == 2
    assert [line.day.ledger for line in utc.lines] == [Totals(1, 1000), Totals(1, 1000)]


def test_a_day_is_over_when_it_is_in_the_store(engine: Engine, tmp_path: Path) -> None:
    """An hour after UTC's midnight New York still has yesterday, and Auckland had its midnight half a day ago."""
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, NOON)])
    file = write(tmp_path, "2026-03-01,0,0", "2026-03-02,1,10")
    now = datetime(2026, 3, 3, 1, tzinfo=UTC)
    told = {
        zone: len(reconcile(engine, asked(file, time_zone=zone), now=now - early).lines)
        for zone, early in (
            ("UTC", timedelta()),
            ("America/New_York", timedelta()),
            ("Pacific/Auckland", timedelta(hours=12)),
        )
    }
    assert told == {"UTC": 2, "America/New_York": 1, "Pacific/Auckland": 2}


def test_nothing_of_a_bad_file_is_kept(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """Neither its good lines, nor in place of what was told before."""
    receive(engine, signer)
    run(engine, write(tmp_path, "2026-03-02,1,10"))
    bad = write(tmp_path, "2026-03-01,1,10", "2026-03-02,7,70", "2026-03-02,8,80")
    with pytest.raises(ReportError, match="stands already in line 3"):
        run(engine, bad)
    found = run(engine, write(tmp_path, "2026-03-02,1,10"))
    assert (kept(engine), found.agreeing) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time_zone": "London"}, "--timezone: no time zone is called 'London'; is Europe/London meant?"),
        ({"source": "etsy"}, "no source is called 'etsy'; there is: shopify, standard"),
        ({"currency": "GPB"}, "--currency: 'GPB' is no ISO 4217 currency code"),
        ({"simulated": True}, "the ledger has no simulated order yet; say whose totals these are: --source shopify or"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    engine: Engine, signer: Signer, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    """With what is there instead."""
    receive(engine, signer)
    with pytest.raises(ReconcileError) as refused:
        run(engine, write(tmp_path, "2026-03-02,1,10"), **changes)
    assert says in str(refused.value)
    assert kept(engine) == 0


@pytest.mark.parametrize("name", ["no such.csv", ""])
def test_a_file_that_cannot_be_opened_says_why(engine: Engine, tmp_path: Path, name: str) -> None:
    """One that is not there, and a folder."""
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, NOON)])
    with pytest.raises(ReportError, match=r"cannot be read .*; name the store's report as CSV"):
        run(engine, tmp_path / name)


def test_a_currency_without_orders_is_asked_about(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """It is most likely a slip; said by name it is a gap like any other."""
    receive(engine, signer)
    file = write(tmp_path, "2026-03-02,GBP,1,10", head="day,currency,orders,total")
    with pytest.raises(ReportError, match="no order in GBP, but in EUR; look at the currency, or say --currency GBP"):
        run(engine, file)
    assert kept(engine) == 0
    found = run(engine, file, currency="GBP")
    assert (found.agreeing, kept(engine)) == (0, 1)
    assert [each.severity for each in found.findings] == ["warning"]


def test_of_two_currencies_none_is_guessed(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """A line that names none is refused where the ledger has two."""
    receive(engine, signer)
    receive(engine, signer, id=2, currency="GBP")
    file = write(tmp_path, "2026-03-02,1,10")
    with pytest.raises(ReportError, match="the currency is missing"):
        run(engine, file)
    assert run(engine, file, currency="GBP").agreeing == 1


def test_real_and_simulated_orders_never_mix(engine: Engine, tmp_path: Path) -> None:
    """Each sort has its own totals and its own ledger; of a sort that has none the other is pointed at."""
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, NOON, simulated=True), order(2, NOON, simulated=True)])
    file = write(tmp_path, "2026-03-02,2,20")
    with pytest.raises(ReconcileError, match="no real order yet; it has simulated ones: --simulated"):
        run(engine, file)
    assert run(engine, file, simulated=True).agreeing == 1
    assert run(engine, file, source="shopify", currency="GBP").lines[0].day.ledger == Totals(0, 0)
    assert kept(engine) == 2


def test_of_very_many_days_the_latest_are_looked_into(engine: Engine, tmp_path: Path) -> None:
    """Earlier gaps are named all the same, and how to have one looked into."""
    with writing(engine) as connection:
        connection.execute(insert(Order), [order(1, NOON)])
    days = [date(2026, 3, 2) - timedelta(days=number) for number in range(40)]
    found = run(engine, write(tmp_path, *(f"{day},1,1" for day in days)))
    assert [line.day.day for line in found.lines] == sorted(days)
    assert [bool(line.causes) for line in found.lines] == [False] * 9 + [True] * 31
    assert output.as_text(found).count("reconcile this day alone to see why") == 9


def test_the_text_says_what_was_counted_and_names_the_gap(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """Whole, as a person reads it."""
    receive(engine, signer)
    receive(engine, signer, id=2, created_at=(NOON - timedelta(days=1)).isoformat())
    receive(engine, signer, id=3, cancelled_at=NOON.isoformat(), total_price="1234.50")
    file = write(tmp_path, "2026-03-01,1,10.00", "2026-03-02,2,1244.50")
    said = output.as_text(run(engine, file)).replace(str(file), "days.csv")
    assert said == (
        "days.csv beside the ledger: real orders of shopify, days of UTC, the default (--timezone says another)\n"
        "Counted: orders placed on the day that are paid, not cancelled, no tests; as charged, less what was given "
        "back on that day\n"
        "\n"
        "Day                       Store           Ledger\n"
        "2026-03-01      1 order, €10.00  1 order, €10.00  agrees\n"
        "2026-03-02  2 orders, €1,244.50  1 order, €10.00  1 order and €1,234.50 are not in the ledger\n"
        "    is exactly this: 1 order and €1,234.50 of that day are in the ledger and cancelled: they do not count\n"
        "      to do: leave cancelled orders out of the store's report\n"
        "\n"
        "1 of 2 days agree."
    )


def test_the_json_has_every_figure(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """In minor units, with the gap's sign and its causes."""
    receive(engine, signer)
    found = json.loads(json.dumps(output.as_json(run(engine, write(tmp_path, "2026-03-02,0,0"), before_refunds=True))))
    day = found["days"][0]
    assert (found["agree"], found["of"], found["time_zone"], found["before_refunds"]) == (0, 1, "UTC", True)
    assert (day["store"], day["ledger"]) == ({"orders": 0, "total_minor": 0}, {"orders": 1, "total_minor": 1000})
    assert day["gap"] == {"orders": -1, "total_minor": -1000}
    assert [cause["kind"] for cause in day["causes"]] == ["unknown"]
    assert day["says"] == "the ledger has 1 order and €10.00 more than the store"
