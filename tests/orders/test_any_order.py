"""The ledger ends alike however events come: in any order, repeated, at once, and whatever goes wrong between."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox, ledger
from quizfunnel.orders.event import (
    EventFacts,
    LineItem,
    OrderFacts,
    Presentment,
    RefundFacts,
)
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys, Origin
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import collect
from quizfunnel.visit.identity import Guest, cart_token
from tests.cast import KEY, NOON, SHOPIFY_SECRET, STANDARD_SECRET
from tests.orders.bodies import event, shopify_order
from tests.orders.signing import signed, signed_by_shopify
from tests.servers import LIMIT

SIGNER = Signer([KEY])
KEYS = AttributionKeys(SIGNER, lambda _line: None)
STANDARD, SHOPIFY = StandardSource(STANDARD_SECRET), ShopifySource(SHOPIFY_SECRET)
TOLD = NOON + timedelta(hours=9)  # when all of it has happened
ANNA, ROBOT = "a" * 32, "b" * 32  # the second one is simulated
TABLES = (Order, OrderLine, Refund)
HOURS = st.integers(0, 2).map(lambda hours: NOON + timedelta(hours=hours))
TOKENS = st.sampled_from([(), ("forged",), ("x", cart_token(SIGNER, ANNA)), (cart_token(SIGNER, ROBOT),)])


class Told(NamedTuple):
    """One event: what it says and whether it is simulated."""

    facts: EventFacts
    simulated: bool


@st.composite
def events(draw: st.DrawFn) -> Told:
    """Draw what some event of one of two orders says."""
    number = draw(st.sampled_from(["1", "2"]))
    lines = draw(st.lists(st.integers(1, 3), max_size=2))
    order = OrderFacts(
        order_id=number,
        placed_at=draw(HOURS),
        updated_at=draw(HOURS),
        currency=draw(st.sampled_from(["EUR", "GBP"])),
        total_minor=draw(st.integers(0, 3)),
        paid=draw(st.booleans()),
        cancelled=draw(st.booleans()),
        test=draw(st.booleans()),
        visitor_tokens=draw(TOKENS),
        click_tokens=(),
        lines=tuple(LineItem("", "", "tea", Decimal(count), 100) for count in lines),
        presentment=draw(st.none() | st.builds(Presentment, st.just("CHF"), st.integers(0, 9))),
    )
    refunds = draw(
        st.lists(
            st.builds(
                RefundFacts,
                refund_id=st.sampled_from(["r1", "r2"]),
                order_id=st.just(number),
                amount_minor=st.integers(1, 3),
                currency=st.sampled_from(["EUR", "GBP", "CHF"]),
                at=HOURS,
            ),
            max_size=2,
        )
    )
    return Told(EventFacts("order", draw(st.sampled_from([order, order, None])), tuple(refunds)), draw(st.booleans()))


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the ledger."""
    return {
        table.__name__: sorted(tuple(map(str, row)) for row in connection.execute(select(*columns(table))))
        for table in TABLES
    }


def outcome(connection: Connection, story: Sequence[tuple[int, Told]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the ledger after these events, each with its own number, from nothing."""
    for table in TABLES:
        connection.execute(delete(table))
    for number, told in story:
        ledger.apply(connection, KEYS, told.facts, Origin("standard", f"{number:064}", simulated=told.simulated))
    return rows(connection)


@pytest.mark.thorough
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), told=st.lists(events(), min_size=1, max_size=5))
def test_any_permutation_and_repetition_gives_the_same_rows(
    engine: Engine, data: st.DataObject, told: list[Told]
) -> None:
    """Orders, lines and refunds, whatever the events say and however they contradict each other."""
    story = list(enumerate(told))
    again = data.draw(st.permutations([*story, *data.draw(st.lists(st.sampled_from(story), max_size=3))]))
    with writing(engine) as connection:
        for visitor in (ANNA, ROBOT):
            guest = Guest(visitor, known=False, kind="shopper", kind_reason="", consent=True, device="", channel="")
            collect.remember(connection, guest, at=NOON, simulated=visitor == ROBOT)
        assert outcome(connection, story) == outcome(connection, again)


def standard(delivery: str, *, hours: int = 0, **changes: Any) -> Delivery:
    """Return a genuine standard event of some hours after noon."""
    body = json.dumps(event(updated_at=(NOON + timedelta(hours=hours)).isoformat(), **changes)).encode()
    return Delivery(STANDARD, body, signed(body, at=TOLD, delivery=delivery), TOLD)


def shopify(**changes: Any) -> Delivery:
    """Return a genuine order of Shopify's."""
    body = json.dumps(shopify_order(**changes)).encode()
    return Delivery(SHOPIFY, body, signed_by_shopify(body), NOON)


def take(engine: Engine, *deliveries: Delivery) -> list[Any]:
    """Take deliveries one after another and return the orders."""
    for sent in deliveries:
        assert inbox.receive(engine, sent, keys=KEYS).status == 200
    with reading(engine) as connection:
        return list(connection.execute(select(*columns(Order)).order_by(columns(Order).order_id)).all())


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("paid_first", [False, True])
def test_an_order_told_twice_in_one_second_is_paid(engine: Engine, number: int, *, paid_first: bool) -> None:
    """Shopify tells of a new order and of its payment with the same `updated_at`: the money counts."""
    told = [shopify(financial_status=status, note=number) for status in ("pending", "paid")]
    assert [order.paid for order in take(engine, *(reversed(told) if paid_first else told))] == [True]


def test_a_cancelled_order_stays_cancelled(engine: Engine) -> None:
    """A later change of its address does not make it a purchase again."""
    found = take(engine, standard("1", type="order.cancelled"), standard("2", hours=1, type="order.updated"))
    assert [order.cancelled for order in found] == [True]


def test_a_change_alone_says_nothing_of_money(engine: Engine) -> None:
    """`order.updated` of an order that nobody paid is no purchase; its payment may come before or after."""
    assert [order.paid for order in take(engine, standard("1", hours=1, type="order.updated"))] == [False]
    assert [order.paid for order in take(engine, standard("2"))] == [True]


def test_two_bodies_under_one_id_are_two_events(engine: Engine) -> None:
    """A store that gives an id twice by mistake loses no order."""
    assert len(take(engine, standard("same", order_id="1"), standard("same", order_id="2"))) == 2


def test_a_refund_that_is_told_again_with_more_counts_with_more(engine: Engine) -> None:
    """Its transactions succeed one after another; in whichever order they are told, the whole is given back."""
    transactions = [
        {"kind": "refund", "status": "success", "amount": "3.00", "currency": "EUR"},
        {"kind": "refund", "status": "pending", "amount": "4.00", "currency": "EUR"},
    ]
    done = [each | {"status": "success"} for each in transactions]
    refunds = [{"id": 5, "created_at": NOON.isoformat(), "transactions": each} for each in (done, transactions)]
    take(engine, *(shopify(refunds=[refund]) for refund in refunds))
    with reading(engine) as connection:
        found = connection.execute(select(columns(Refund).order_id, columns(Refund).amount_minor)).all()
    assert [tuple(row) for row in found] == [("1", 700)]


def test_events_of_one_order_that_come_at_once_are_all_taken(engine: Engine) -> None:
    """Eight workers, eight events of a new order: 200 each, and the rows of the newest."""
    together = Barrier(8, timeout=LIMIT)
    line = {"product_id": "dark-bean", "unit_price": "1.00"}

    def worker(number: int) -> int:
        sent = standard(f"m{number}", hours=number, total=f"{number}.00", lines=[line | {"quantity": number}])
        together.wait()
        return inbox.receive(engine, sent, keys=KEYS).status

    with ThreadPoolExecutor(8) as workers:
        assert list(workers.map(worker, range(8))) == [200] * 8
    with reading(engine) as connection:
        states = connection.execute(select(columns(OrderEvent).state)).scalars().all()
        totals = connection.execute(select(columns(Order).total_minor)).scalars().all()
        quantities = connection.execute(select(columns(OrderLine).quantity_micro)).scalars().all()
    assert set(states) <= {"applied", "stale"}
    assert (totals, quantities) == ([700], [7_000_000])


def test_a_fault_of_ours_loses_nothing(engine: Engine) -> None:
    """The store is answered 200, since its body is kept; replay sets a body that still fails aside, and goes on."""

    def broken(_line: LineItem) -> None:
        raise KeyError("catalogue")

    assert inbox.receive(engine, standard("1"), keys=KEYS._replace(find_product=broken))[:2] == (200, "kept")
    assert inbox.receive(engine, standard("2", lines=[], order_id="2"), keys=KEYS).status == 200
    sources = {"standard": STANDARD}
    assert inbox.replay(engine, sources, KEYS._replace(find_product=broken), now=NOON)[:3] == (0, 0, 1)
    with reading(engine) as connection:
        errors = connection.execute(select(columns(OrderEvent).error).where(columns(OrderEvent).state == "dead"))
        assert "KeyError" in errors.scalar_one()
    assert inbox.replay(engine, sources, KEYS, now=NOON, dead=True)[:3] == (1, 0, 0)
    assert [order.order_id for order in take(engine)] == ["1001", "2"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_of_no_possible_order_is_a_dead_letter(engine: Engine, moment: str) -> None:
    """A database or a driver in another time zone could not give it back."""
    assert inbox.receive(engine, standard("1", placed_at=moment), keys=KEYS).status == 200
    with reading(engine) as connection:
        state, error = connection.execute(select(columns(OrderEvent).state, columns(OrderEvent).error)).one()
    assert state == "dead"
    assert "`placed_at`" in error
