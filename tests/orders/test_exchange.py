"""Refunds in another currency: converted by the order's own two totals, in whichever order both come, or named."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, select

from quizfunnel.kit.signing import Signer
from quizfunnel.log import orders
from quizfunnel.log.scope import Scope
from quizfunnel.orders import ledger
from quizfunnel.orders.event import EventFacts, OrderFacts, Presentment, RefundFacts
from quizfunnel.orders.ledger import AttributionKeys, Origin
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.store.transaction import writing
from quizfunnel.store.types import columns
from tests.cast import KEY, NOON

KEYS = AttributionKeys(Signer([KEY]), lambda _line: None)
EUROS = OrderFacts(
    order_id="1",
    placed_at=NOON,
    updated_at=NOON,
    currency="EUR",
    total_minor=10000,
    paid=True,
    cancelled=False,
    test=False,
    visitor_tokens=(),
    click_tokens=(),
    lines=(),
    presentment=Presentment("JPY", 16500),
)
YEN = RefundFacts("r1", "1", 8250, "JPY", NOON)


def tell(connection: Connection, *events: EventFacts) -> tuple[list[tuple[int | None, str]], list[int]]:
    """Return the conversions, and what counts of the orders, after these events from nothing."""
    for table in (Order, OrderLine, Refund):
        connection.execute(delete(table))
    for number, facts in enumerate(events):
        ledger.apply(connection, KEYS, facts, Origin("shopify", f"{number:064}"))
    refund = columns(Refund)
    kept = connection.execute(select(refund.converted_minor, refund.converted_by).order_by(refund.refund_id)).all()
    net = orders.net_orders(Scope("coffee", None, simulated=False)).subquery()
    return [(row[0], row[1]) for row in kept], list(connection.execute(select(net.c.net)).scalars())


ORDER, BACK = EventFacts("order", EUROS, ()), EventFacts("refund", None, (YEN,))


@pytest.mark.parametrize("events", list(itertools.permutations([ORDER, BACK, BACK])), ids=str)
def test_a_refund_is_converted_whichever_comes_first(engine: Engine, events: tuple[EventFacts, ...]) -> None:
    """Half of the yen that the customer saw are half of the euros that the shop counts."""
    with writing(engine) as connection:
        assert tell(connection, *events) == ([(5000, "totals")], [5000])


@pytest.mark.parametrize(
    ("order", "refund", "converted", "counts"),
    [
        (EUROS, YEN._replace(amount_minor=16500), (10000, "totals"), []),  # all of it: no purchase is left
        (EUROS, YEN._replace(amount_minor=1), (1, "totals"), [9999]),  # 0.6 cents, rounded
        (EUROS, YEN._replace(currency="EUR", amount_minor=2500), (None, ""), [7500]),  # needs no rate
        (EUROS, YEN._replace(currency="USD"), (None, ""), [10000]),  # no total in dollars
        (replace(EUROS, presentment=None), YEN, (None, ""), [10000]),
        (replace(EUROS, presentment=Presentment("JPY", 0)), YEN, (None, ""), [10000]),
    ],
)
def test_only_the_orders_own_totals_are_a_rate(
    engine: Engine, order: OrderFacts, refund: RefundFacts, converted: tuple[int | None, str], counts: list[int]
) -> None:
    """What cannot be converted is not taken off, and is counted as without a rate; nothing is guessed."""
    with writing(engine) as connection:
        assert tell(connection, EventFacts("order", order, (refund,))) == ([converted], counts)
        without = refund.currency != "EUR" and converted[0] is None
        assert orders.store_orders(connection, Scope("coffee", None, simulated=False)).unconverted == int(without)


def test_a_newer_total_is_the_rate_from_then_on(engine: Engine) -> None:
    """An edited order has other totals; the refund is converted by those."""
    edited = replace(EUROS, updated_at=NOON + timedelta(hours=1), presentment=Presentment("JPY", 33000))
    with writing(engine) as connection:
        assert tell(connection, ORDER, BACK, EventFacts("order", edited, ())) == ([(2500, "totals")], [7500])


def test_refunds_in_both_moneys_are_added_in_the_orders_own(engine: Engine) -> None:
    """An order is one row of what counts, however many refunds of whatever currency it has."""
    euros = RefundFacts("r2", "1", 1000, "EUR", NOON)
    with writing(engine) as connection:
        assert tell(connection, ORDER, EventFacts("refund", None, (YEN, euros)))[1] == [4000]
