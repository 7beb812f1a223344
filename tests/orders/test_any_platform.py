"""Any permutation and duplication of any platform's events gives the same ledger: whole bodies, signed and received."""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, Engine, delete, select

from quizfunnel.kit.signing import Signer
from quizfunnel.log.orders import given_back
from quizfunnel.orders import inbox
from quizfunnel.orders.event import EventFacts, UnreadableError
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.source import OrderSource
from quizfunnel.orders.sources.stripe import StripeSource
from quizfunnel.orders.sources.woocommerce import WooCommerceSource
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import cart_token
from tests.cast import KEY, NOON
from tests.orders.bodies import shopify_order

SIGNER = Signer([KEY])
KEYS = AttributionKeys(SIGNER, lambda _line: None)
SECRET = "a secret of forty letters for every hook."
ANNA = "a" * 32
TOKEN = cart_token(SIGNER, ANNA)
LATER = NOON + timedelta(hours=9)


class Platform(NamedTuple):
    """A platform with the life of one order: its events, and what the ledger says in the end."""

    source: OrderSource
    sign: Callable[[bytes], dict[str, str]]
    events: tuple[dict[str, Any], ...]
    total: int
    refunds: list[int]
    life: str = ""
    cancelled: bool = False

    @property
    def name(self) -> str:
        """Name the platform and the life of its order."""
        return f"{self.source.name} {self.life}".strip()


def _by(header: str) -> Callable[[bytes], dict[str, str]]:
    def sign(body: bytes) -> dict[str, str]:
        return {header: base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()}

    return sign


def _by_stripe(body: bytes) -> dict[str, str]:
    stamp = str(int(LATER.timestamp()))
    mac = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={mac}"}


def _hour(number: int) -> str:
    return (NOON + timedelta(hours=number)).isoformat()


def _shopify() -> Platform:
    back = {"kind": "refund", "status": "success", "amount": "825", "currency": "JPY"}
    refund = {"id": 9, "order_id": 1, "created_at": _hour(3), "transactions": [back], "refund_line_items": []}
    both = {
        "shop_money": {"amount": "10.00", "currency_code": "EUR"},
        "presentment_money": {"amount": "1650", "currency_code": "JPY"},
    }
    attributes = {"note_attributes": [{"name": "qf_visitor", "value": TOKEN}]}
    whole = shopify_order(total_price_set=both)
    return Platform(
        ShopifySource(SECRET),
        _by("X-Shopify-Hmac-Sha256"),
        (
            whole | attributes | {"financial_status": "pending"},
            whole | {"updated_at": _hour(1)},
            whole | {"updated_at": _hour(3), "refunds": [refund], "current_total_price": "5.00"},
            refund,
        ),
        1000,
        [825],
    )


def _woocommerce() -> Platform:
    order = {
        "id": 1,
        "status": "pending",
        "currency": "EUR",
        "date_created_gmt": "2026-03-02T12:00:00",
        "date_modified_gmt": "2026-03-02T12:00:00",
        "total": "10.00",
        "meta_data": [{"key": "qf_visitor", "value": TOKEN}],
        "line_items": [{"name": "Tea", "quantity": 0.5, "price": 20}],
        "refunds": [],
    }
    back = {"refunds": [{"id": 9, "total": "-5.00"}]}
    return Platform(
        WooCommerceSource(SECRET),
        _by("X-WC-Webhook-Signature"),
        (
            order,
            order | {"status": "processing", "date_modified_gmt": "2026-03-02T12:05:00", "meta_data": []},
            order | back | {"status": "processing", "date_modified_gmt": "2026-03-02T14:00:00"},
            order | back | {"status": "completed", "date_modified_gmt": "2026-03-02T15:00:00"},
        ),
        1000,
        [500],
    )


def _deleted(platform: Platform) -> Platform:
    """Return the life of an order that its store deletes, saying its number alone."""
    events = (*platform.events[:3], {"id": platform.events[0]["id"]})
    return platform._replace(events=events, life="deleted", cancelled=True)


def _event(number: int, kind: str, **about: Any) -> dict[str, Any]:
    at = int(NOON.timestamp()) + number
    return {"id": f"evt_{number}", "type": kind, "created": at, "livemode": True, "data": {"object": about}}


_SESSION = {
    "id": "cs_1",
    "created": int(NOON.timestamp()),
    "payment_intent": "1",
    "amount_total": 1000,
    "currency": "eur",
    "client_reference_id": TOKEN,
}
_CHARGE = {"id": "ch_1", "payment_intent": "1", "currency": "eur"}


def _stripe() -> Platform:
    return Platform(
        StripeSource(SECRET),
        _by_stripe,
        (
            _event(1, "checkout.session.completed", **_SESSION, payment_status="unpaid"),
            _event(2, "checkout.session.async_payment_succeeded", **_SESSION, payment_status="paid"),
            _event(3, "charge.refunded", **_CHARGE, amount_refunded=200),
            _event(4, "charge.refunded", **_CHARGE, amount_refunded=500),
        ),
        1000,
        [500],
    )


def _stripes_failed_refund() -> Platform:
    refund = {"id": "re_1", "payment_intent": "1", "currency": "eur", "amount": 500, "created": _SESSION["created"]}
    return Platform(
        StripeSource(SECRET),
        _by_stripe,
        (
            _event(1, "checkout.session.completed", **_SESSION, payment_status="paid"),
            _event(2, "charge.refunded", **_CHARGE, amount_refunded=500),
            _event(3, "refund.updated", **refund, status="pending"),
            _event(4, "charge.refund.updated", **refund, status="failed"),
        ),
        1000,
        [-500, 500, 500],
        life="whose refund fails",
    )


def _stripes_subscription() -> Platform:
    session = _SESSION | {"mode": "subscription", "payment_intent": None, "invoice": "in_1", "payment_status": "paid"}
    invoice = {
        "id": "in_1",
        "billing_reason": "subscription_create",
        "created": _SESSION["created"],
        "total": 1000,
        "currency": "eur",
        "lines": {"data": [{"description": "Tea, monthly", "quantity": 1, "amount": 1000}]},
    }
    return Platform(
        StripeSource(SECRET),
        _by_stripe,
        (
            _event(1, "checkout.session.completed", **session),
            _event(2, "invoice.paid", **invoice),
            _event(
                2, "invoice_payment.paid", invoice="in_1", payment={"type": "payment_intent", "payment_intent": "1"}
            ),
            _event(3, "charge.refunded", **_CHARGE, amount_refunded=300),
        ),
        1000,
        [300],
        life="subscribed",
    )


def _stripes_invoice() -> Platform:
    """Return the life of an order of one payment, about which Stripe writes an invoice too."""
    session = _SESSION | {"mode": "payment", "invoice": "in_1", "payment_status": "paid"}
    invoice = {"id": "in_1", "billing_reason": "manual", "created": _SESSION["created"], "total": 1000}
    return Platform(
        StripeSource(SECRET),
        _by_stripe,
        (
            _event(1, "checkout.session.completed", **session),
            _event(2, "invoice.paid", **invoice, currency="eur"),
            _event(2, "invoice_payment.paid", invoice="in_1", payment={"payment_intent": "1"}),
            _event(3, "charge.refunded", **_CHARGE, amount_refunded=300),
        ),
        1000,
        [300],
        life="invoiced",
    )


GIVEN_BACK = {
    "shopify": 500,
    "shopify deleted": 500,
    "stripe whose refund fails": 0,
    "stripe subscribed": 300,
    "stripe invoiced": 300,
}
"""Amounts given back of each life in the end, in the order's currency."""

PLATFORMS = (
    _shopify(),
    _deleted(_shopify()),
    _woocommerce(),
    _deleted(_woocommerce()),
    _stripe(),
    _stripes_failed_refund(),
    _stripes_subscription(),
    _stripes_invoice(),
)
OF_THEIR_KIND = tuple(each for each in PLATFORMS if each.name not in ("woocommerce deleted", "stripe invoiced"))
"""Lives of which no other one is read in the same way: each is taken in every order of its events."""


def _ledger(connection: Connection) -> dict[str, list[tuple[str, ...]]]:
    return {
        table.__name__: sorted(tuple(map(str, row)) for row in connection.execute(select(*columns(table))))
        for table in (Order, OrderLine, Refund)
    }


def _take(engine: Engine, platform: Platform, numbers: tuple[int, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Return the ledger after these events from nothing, each received as it comes."""
    with writing(engine) as connection:
        for table in (Order, OrderLine, Refund, OrderEvent):
            connection.execute(delete(table))
    for number in numbers:
        body = json.dumps(platform.events[number]).encode()
        sent = Delivery(platform.source, body, platform.sign(body), LATER)
        assert inbox.receive(engine, sent, keys=KEYS).status == 200
    with reading(engine) as connection:
        return _ledger(connection)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_an_orders_life_ends_as_a_person_reads_it(engine: Engine, platform: Platform) -> None:
    """Paid, of the visitor whose token it carried, with what was given back."""
    _take(engine, platform, (0, 1, 2, 3))
    order, refund = columns(Order), columns(Refund)
    with reading(engine) as connection:
        row = connection.execute(select(order.total_minor, order.paid, order.visitor_id, order.cancelled)).one()
        assert tuple(row) == (platform.total, True, ANNA, platform.cancelled)
        assert sorted(connection.execute(select(refund.amount_minor)).scalars()) == platform.refunds
        back, same = given_back()
        left = select(order.total_minor - back.c.amount).select_from(Order).join(back, same)
        assert connection.execute(left).scalar_one() == platform.total - GIVEN_BACK.get(platform.name, 500)


@pytest.mark.thorough
@pytest.mark.parametrize("platform", OF_THEIR_KIND, ids=lambda platform: platform.name)
def test_any_permutation_and_duplication_gives_the_same_ledger(engine: Engine, platform: Platform) -> None:
    """All 24 permutations of an order's life, each with one of its events sent a second time at the end."""
    orders = [(*order, order[turn % 4]) for turn, order in enumerate(itertools.permutations(range(4)))]
    assert len({json.dumps(_take(engine, platform, order)) for order in orders}) == 1


ODD: tuple[Any, ...] = (None, True, -1, 1.5, 10**30, "", "odd", [], [[]], [None], {}, {"id": {}})


def _changed(value: Any) -> Iterator[Any]:
    """Yield a body with each value in it, one at a time, replaced by each odd one."""
    yield from ODD
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, item in list(inner):
        for other in _changed(item):
            whole = value.copy()
            whole[key] = other
            yield whole


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_a_body_with_any_value_odd_is_read_or_unreadable(platform: Platform) -> None:
    """Whatever stands where a platform writes something else, reading it gives facts or says why not."""
    for event in platform.events:
        for body in _changed(event):
            try:
                facts: object = platform.source.read(json.dumps(body).encode())
            except UnreadableError as error:
                facts = error
            assert isinstance(facts, EventFacts | UnreadableError)
