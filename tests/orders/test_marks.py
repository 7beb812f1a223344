"""Marks hold for good: an order that was deleted before it was known, a refund before anything told whose it is."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Arrival, Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.marks import order_of, payments_of
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.stripe import KIND as STRIPE
from quizfunnel.orders.tables import Order, OrderEvent, Refund
from quizfunnel.privacy import erase, forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.linkage import Linkage
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from tests.cast import KEY, NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order
from tests.orders.signing import signed_by_shopify

KEYS = AttributionKeys(Signer([KEY]), lambda _line: None)
_COMPLETED = "checkout.session.completed"
SOURCE = ShopifySource(SHOPIFY_SECRET)


def take(engine: Engine, body: dict[str, Any]) -> str:
    """Receive a body, and return the answer."""
    raw = json.dumps(body).encode()
    return inbox.receive(engine, Delivery(SOURCE, raw, signed_by_shopify(raw), NOON), keys=KEYS).message


def cancelled(connection: Connection) -> dict[str, bool]:
    """Return which orders of the ledger are called off."""
    order = columns(Order)
    return {id: bool(off) for id, off in connection.execute(select(order.order_id, order.cancelled)).all()}


def test_a_deleted_order_is_called_off_whichever_came_first(engine: Engine) -> None:
    """And no other one is; the number of something else that was deleted changes nothing."""
    for body in ({"id": 2}, shopify_order(id=1), shopify_order(id=2), shopify_order(id=3), {"id": 1}, {"id": 9}):
        assert take(engine, body) == "received"
    with reading(engine) as connection:
        assert cancelled(connection) == {"1": True, "2": True, "3": False}


def stripes(number: int, kind: str, **about: Any) -> dict[str, Any]:
    """Return an event of Stripe's."""
    at = int(NOON.timestamp()) + number
    return {"id": f"evt_{number}", "type": kind, "created": at, "livemode": True, "data": {"object": about}}


PAYMENT = stripes(2, "invoice_payment.paid", invoice="in_1", payment={"payment_intent": "pi_1"})


def read_in(engine: Engine, events: Sequence[dict[str, Any]], keys: AttributionKeys) -> None:
    """Keep events of Stripe's and read them."""
    for event in events:
        with writing(engine) as connection:
            arrival = Arrival("stripe", f"{event['id']} {len(events)}", json.dumps(event).encode(), NOON)
            kept = inbox.keep_trusted(connection, arrival)
            assert kept
            inbox.read(connection, kept, source=STRIPE, keys=keys, now=NOON + timedelta(hours=1))


def test_what_names_only_the_payment_of_an_erased_order_is_emptied_too(engine: Engine, tmp_path: Path) -> None:
    """A charge has the customer's name and the payment's id, and no invoice; another customer's stays as it is."""
    subscribed = {"mode": "subscription", "invoice": "in_1", "payment_status": "paid", "amount_total": 1000}
    events = (
        stripes(1, _COMPLETED, id="cs_1", created=int(NOON.timestamp()), currency="eur", **subscribed),
        PAYMENT,
        stripes(3, "charge.refunded", id="ch_1", payment_intent="pi_1", currency="eur", amount_refunded=1, name="Anna"),
        stripes(4, "charge.refunded", id="ch_2", payment_intent="pi_2", currency="eur", amount_refunded=1, name="Ben"),
    )
    read_in(engine, events, KEYS)
    forget.forget_order(Keeper(engine, ErasureKey(tmp_path / "erasures")), ("stripe", "in_1"), now=NOON, by="test")
    with reading(engine) as connection:
        bodies = b"".join(connection.execute(select(columns(OrderEvent).body)).scalars())
        assert (b"Anna" in bodies, b"in_1" in bodies, b"Ben" in bodies) == (False, False, True)
        assert connection.execute(select(columns(Refund).order_id)).scalars().all() == ["pi_2"]


def test_what_comes_later_of_the_payment_of_an_erased_order_is_not_kept(engine: Engine, tmp_path: Path) -> None:
    """A refund that is given after the customer was forgotten, or a second word of what the payment paid."""
    key = ErasureKey(tmp_path / "erasures")
    read_in(engine, [PAYMENT], KEYS)
    forget.forget_order(Keeper(engine, key), ("stripe", "in_1"), now=NOON, by="test")
    refund = stripes(3, "charge.refunded", id="ch_1", payment_intent="pi_1", currency="eur", amount_refunded=1)
    read_in(engine, [refund, PAYMENT], KEYS._replace(permission=Linkage(key)))
    with reading(engine) as connection:
        assert not any(connection.execute(select(columns(OrderEvent).body)).scalars())
        assert connection.execute(select(func.count()).select_from(Refund)).scalar_one() == 0
        assert [payments_of(connection, "stripe", "in_1"), order_of(connection, "stripe", "pi_1")] == [[], ""]


def paid_twice(name: str) -> list[dict[str, Any]]:
    """Return what Stripe sends of an invoice that two people paid, each of whom is given something back."""
    subscribed = {"mode": "subscription", "invoice": f"in_{name}", "payment_status": "paid", "amount_total": 1000}
    dated = {"created": int(NOON.timestamp()), "currency": "eur"}
    bodies = [stripes(0, _COMPLETED, id=f"cs_{name}", **subscribed, **dated)]
    for amount in (1, 2):
        payment, refund = f"pi_{name}_{amount}", f"re_{name}_{amount}"
        bodies += [
            stripes(amount, "invoice_payment.paid", invoice=f"in_{name}", payment={"payment_intent": payment}),
            stripes(amount, "refund.created", id=refund, payment_intent=payment, amount=amount, **dated),
        ]
    return bodies


def test_refunds_of_every_payment_of_an_invoice_are_its_orders(engine: Engine) -> None:
    """Whichever event came first, and nothing twice."""
    names = {"".join(map(str, numbers)): numbers for numbers in permutations(range(5))}
    with writing(engine) as connection:
        for name, numbers in names.items():
            bodies = paid_twice(name)
            for number in (*numbers, numbers[0]):
                arrival = Arrival("stripe", f"{name} {number}", json.dumps(bodies[number]).encode(), NOON)
                if kept := inbox.keep_trusted(connection, arrival):
                    inbox.read(connection, kept, source=STRIPE, keys=KEYS, now=NOON + timedelta(hours=1))
        refund = columns(Refund)
        rows = connection.execute(select(refund.order_id, refund.refund_id, refund.amount_minor)).all()
    wanted = [(f"in_{name}", f"re_{name}_{amount}", amount) for name in names for amount in (1, 2)]
    assert sorted(map(tuple, rows)) == sorted(wanted)


def test_an_erased_order_leaves_no_mark(engine: Engine) -> None:
    """Its number stands nowhere any more but in the deliveries that the shop sent."""
    take(engine, shopify_order(id=1))
    take(engine, {"id": 1})
    event = columns(OrderEvent)
    marks = select(func.count()).where(event.delivery.startswith("mark: "))
    with writing(engine) as connection:
        assert connection.execute(marks).scalar_one() == 1
        erase.orders(connection, [("shopify", "1")])
        assert connection.execute(marks).scalar_one() == 0
