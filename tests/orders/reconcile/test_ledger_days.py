"""Laws of reported days: beside the ledger each is as counting by hand gives it, and no other day is looked at."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, func, insert, select

from quizfunnel.orders.event import sum_id
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.orders.reconcile.gap import LedgerEntry, Totals
from quizfunnel.orders.reconcile.report_file import ReportedDay
from quizfunnel.orders.reconcile.result import Store
from quizfunnel.orders.reconcile.store_day import bounds
from quizfunnel.orders.tables import DayTotal, Order, OrderEvent, Refund
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from tests.cast import NOON
from tests.orders.ledger_rows import order, refund

LONDON = ZoneInfo("Europe/London")
SHORT, LONG = date(2026, 3, 29), date(2026, 10, 25)


def reported(*days: date, currency: str = "GBP", orders: int = 1, total: int = 1000) -> list[ReportedDay]:
    """Return days as a store reports them."""
    return [ReportedDay(day, currency, orders, total, 2) for day in days]


def fill(engine: Engine, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows."""
    if some := list(rows):
        with writing(engine) as connection:
            connection.execute(insert(table), some)


def save(engine: Engine, store: Store, days: list[ReportedDay]) -> None:
    """Keep a store's days."""
    with writing(engine) as connection:
        ledger_days.save(connection, store, days, now=NOON)


def town(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw orders and refunds of every sort around the days on which London's clocks change."""
    draw = random.Random(seed)  # noqa: S311
    edges = [moment for day in (SHORT, LONG) for moment in bounds(day, LONDON)]
    step = timedelta(microseconds=1)
    near = [edge + shift for edge in edges for shift in (-step, timedelta(), step)]
    orders = [
        order(
            number,
            near[number % len(near)] if number < 48 else draw.choice(edges) + timedelta(hours=draw.uniform(-30, 30)),
            total_minor=draw.randrange(0, 9000),
            source=draw.choice(["shopify", "shopify", "standard"]),
            currency=draw.choice(["GBP", "GBP", "EUR"]),
            **{name: draw.random() < 0.15 for name in ("cancelled", "test", "simulated")},
            paid=draw.random() < 0.85,
        )
        for number in range(240)
    ]
    refunds = [
        refund(
            number,
            str(draw.randrange(240)) if draw.random() < 0.5 else "of an order before the ledger",
            draw.choice(near) if number % 2 else draw.choice(edges) + timedelta(hours=draw.uniform(-30, 30)),
            amount_minor=draw.randrange(1, 3000),
            source=draw.choice(["shopify", "shopify", "standard"]),
            currency=draw.choice(["GBP", "GBP", "EUR"]),
        )
        for number in range(120)
    ]
    refunds += [
        refund(
            0,
            number,
            draw.choice(near),
            refund_id=sum_id(str(number)),
            amount_minor=draw.randrange(1, 6000),
            source=draw.choice(["shopify", "shopify", "standard"]),
            currency=draw.choice(["GBP", "GBP", "EUR"]),
        )
        for number in range(0, 240, 2)
    ]
    refunds += [
        each
        | {"refund_id": f"{each['refund_id']} failed", "amount_minor": -each["amount_minor"], "at": draw.choice(near)}
        for each in refunds[:120:5]
    ]
    currencies = {(each["source"], each["order_id"]): each["currency"] for each in orders}
    for each in refunds:
        # in another currency than its order, and converted or without a rate
        if currencies.get((each["source"], each["order_id"]), each["currency"]) != each["currency"]:
            rate = draw.choice([None, draw.randrange(1, 3000) * (1 if each["amount_minor"] > 0 else -1)])
            each |= {"converted_minor": rate, "converted_by": "" if rate is None else "totals"}
    return orders, refunds


def by_hand(orders: list[dict[str, Any]], refunds: list[dict[str, Any]], store: Store, day: ReportedDay) -> Totals:
    """Return the ledger's totals of a day, by the local date of each order and refund."""
    known = {(each["source"], each["order_id"]): each for each in orders}

    def counts(each: dict[str, Any]) -> bool:
        return each["paid"] and not each["cancelled"] and not each["test"] and each["simulated"] == store.simulated

    placed = [
        each["total_minor"]
        for each in orders
        if counts(each)
        and (each["source"], each["currency"]) == (store.source, day.currency)
        and each["placed_at"].astimezone(store.zone).date() == day.day
    ]

    def amount_in(currency: str, each: dict[str, Any]) -> int:
        return int(each["amount_minor"] if currency == each["currency"] else each["converted_minor"] or 0)

    back = 0
    for each in refunds:
        its = known.get((each["source"], each["order_id"]))
        currency = its["currency"] if its else each["currency"]
        amount = amount_in(currency, each)
        if each["refund_id"] == sum_id(each["order_id"]):
            same = (each["source"], each["order_id"])
            others = [one for one in refunds if (one["source"], one["order_id"]) == same and one["amount_minor"] > 0]
            others.remove(each)
            amount = max(0, amount - sum(amount_in(currency, one) for one in others))
        mine = (each["source"], currency) == (store.source, day.currency)
        if mine and each["at"].astimezone(store.zone).date() == day.day and not store.before_refunds:
            back += amount if (counts(its) if its else not store.simulated) else 0
    return Totals(len(placed), sum(placed) - back)


@pytest.mark.parametrize("simulated", [False, True])
@pytest.mark.parametrize("before", [False, True])
def test_the_ledgers_side_is_that_of_counting_by_hand(engine: Engine, *, before: bool, simulated: bool) -> None:
    """A day of 23 hours, one of 25, and their neighbours; other sources, sorts and currencies beside them."""
    orders, refunds = town(7)
    fill(engine, Order, orders)
    fill(engine, Refund, refunds)
    days = sorted(
        each
        for change in (SHORT, LONG)
        for currency in ("GBP", "EUR")
        for each in reported(*(change + timedelta(days=far) for far in (-1, 0, 1)), currency=currency)
    )
    store = Store("shopify", LONDON, simulated, before)
    save(engine, store, days)
    with reading(engine) as connection:
        found = ledger_days.compare(connection, store, days)
        assert [each.ledger for each in ledger_days.latest(connection, simulated=simulated, days=100)] == [
            each.ledger for each in found
        ]
        assert ledger_days.latest(connection, simulated=not simulated, days=100) == []
    assert [each[:4] for each in found] == [(day.day, "shopify", day.currency, Totals(1, 1000)) for day in days]
    assert [each.ledger for each in found] == [by_hand(orders, refunds, store, day) for day in days]
    assert sum(each.ledger.orders for each in found) > (5 if simulated else 30)


def test_a_later_word_replaces_an_earlier_one(engine: Engine) -> None:
    """Of the same day, source, sort and currency; in another time zone it is the same day."""
    utc, london = Store("shopify", ZoneInfo("UTC"), False), Store("shopify", LONDON, False, True)
    save(engine, utc, reported(LONG, SHORT))
    save(engine, london, reported(LONG, orders=9))
    save(engine, utc._replace(simulated=True), reported(LONG, orders=5))
    save(engine, utc._replace(source="standard"), reported(LONG, orders=6))
    save(engine, utc, reported(LONG, currency="EUR", orders=7))
    with reading(engine) as connection:
        real = ledger_days.latest(connection, simulated=False, days=9)
        row = connection.execute(select(*columns(DayTotal)).where(columns(DayTotal).orders == 9)).one()
    assert [(each.day, each.source, each.currency, each.told.orders) for each in real] == [
        (SHORT, "shopify", "GBP", 1),
        (LONG, "shopify", "EUR", 7),
        (LONG, "shopify", "GBP", 9),
        (LONG, "standard", "GBP", 6),
    ]
    assert (row.time_zone, row.before_refunds, row.told_at) == ("Europe/London", True, NOON)
    assert row.ends_at - row.starts_at == timedelta(hours=25)


def test_the_last_days_are_those_that_were_told_last(engine: Engine) -> None:
    """Days, not rows: both currencies of a day are one, and a hole between days is none."""
    store = Store("shopify", LONDON, False)
    for currency in ("GBP", "EUR"):
        save(engine, store, reported(*(SHORT + timedelta(days=3 * number) for number in range(5)), currency=currency))
    with reading(engine) as connection:
        found = ledger_days.latest(connection, simulated=False, days=2)
    assert [(each.day, each.currency) for each in found] == [
        (SHORT + timedelta(days=far), currency) for far in (9, 12) for currency in ("EUR", "GBP")
    ]


def waiting(number: int, at: datetime, state: str, **more: Any) -> dict[str, Any]:
    """Return a row of the inbox."""
    row = {"id": f"{number:032}", "source": "shopify", "delivery": str(number), "topic": "", "received_at": at}
    return row | {"body": b"", "state": state, "error": "", "simulated": False} | more


def test_what_is_known_around_a_day_is_of_that_day(engine: Engine) -> None:
    """Deliveries, orders that do not count, refunds and moments; neighbours, other sorts and sources are none of it."""
    first, last = bounds(LONG, LONDON)
    noon = first + timedelta(hours=12)
    left_out = {"paid": {"paid": False}, "cancelled": {"cancelled": True}, "test": {"test": True, "cancelled": True}}
    rows = [order(number, noon, **more) for number, more in enumerate(left_out.values())]
    rows += [order(10 + number, last, **more) for number, more in enumerate(left_out.values())]
    rows += [order(20, first - timedelta(hours=14)), order(21, noon), order(22, last + timedelta(hours=14))]
    rows += [order(30, noon, simulated=True), order(31, noon, source="standard"), order(32, noon, currency="EUR")]
    fill(engine, Order, rows)
    fill(engine, Refund, [refund(1, 21, noon), refund(2, 0, noon), refund(3, "x", last), refund(4, 30, noon)])
    events: list[tuple[datetime, str, dict[str, Any]]] = [
        (first, "dead", {}),
        (noon, "dead", {}),
        (noon, "new", {}),
        (noon, "applied", {}),
        (last, "dead", {}),
    ]
    events += [(noon, "dead", {"simulated": True}), (noon, "dead", {"source": "standard"})]
    fill(engine, OrderEvent, (waiting(n, at, state, **more) for n, (at, state, more) in enumerate(events)))
    store = Store("shopify", LONDON, False)
    save(engine, store, reported(LONG))
    with reading(engine) as connection:
        found = ledger_days.context(connection, store, ledger_days.compare(connection, store, reported(LONG))[0])
    assert (found.begins, found.ends, found.before_refunds, found.dead, found.unread) == (first, last, False, 2, 1)
    assert (found.unpaid, found.cancelled, found.tests) == (Totals(1, 1000),) * 3
    assert found.refunds == Totals(1, 100)
    assert found.entries == [
        LedgerEntry(first - timedelta(hours=14), 1, 1000),
        LedgerEntry(noon, 0, -100),
        LedgerEntry(noon, 1, 1000),
        LedgerEntry(last, 0, -100),
    ]


def test_sources_and_currencies_are_those_of_the_sort(engine: Engine) -> None:
    """Simulated orders never lend theirs to real ones."""
    fill(engine, Order, [order(1, NOON), order(2, NOON, source="standard", simulated=True, currency="EUR")])
    known = ("shopify", "standard")
    with reading(engine) as connection:
        assert ledger_days.sources(connection, known, simulated=False) == ["shopify"]
        assert ledger_days.sources(connection, known, simulated=True) == ["standard"]
        assert ledger_days.currencies(connection, Store("shopify", LONDON, False)) == ["GBP"]
        assert ledger_days.currencies(connection, Store("shopify", LONDON, True)) == []


def plan(connection: Connection, statement: Any) -> str:
    """Return how SQLite goes about a statement."""
    text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    return " ".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))


def test_no_other_days_orders_are_looked_at(engine: Engine) -> None:
    """The orders and refunds of a day are found by the index of source and moment, however many there are."""
    fill(engine, Order, (order(number, NOON - timedelta(hours=number)) for number in range(2000)))
    save(engine, Store("shopify", LONDON, False), reported(NOON.date(), orders=24))
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(Order)).scalar_one() == 2000
        if connection.dialect.name == "sqlite":
            simulated = columns(DayTotal).simulated.is_(False)
            assert "shop_order_placed (source=? AND placed_at>? AND placed_at<?)" in plan(
                connection, ledger_days._orders(simulated)
            )
            assert "refund_at (source=? AND at>? AND at<?)" in plan(connection, ledger_days._refunds(simulated))
        found = ledger_days.latest(connection, simulated=False, days=1)
    assert [each.ledger.orders for each in found] == [13]
    assert datetime.combine(NOON.date(), datetime.min.time(), UTC) == NOON - timedelta(hours=12)
