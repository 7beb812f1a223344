"""Stripe's events: the signature's age both ways, its own smallest units, sessions and refunds by their payment."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quizfunnel.kit.iso4217 import MINOR_DIGITS
from quizfunnel.orders.event import (
    EventFacts,
    LineItem,
    OrderFacts,
    PaymentOf,
    Presentment,
    UnreadableError,
    sum_id,
)
from quizfunnel.orders.sources.source import RefusalReason
from quizfunnel.orders.sources.stripe import StripeSource
from quizfunnel.orders.sources.stripe.amounts import minor_units
from tests.cast import NOON

SECRET = "whsec_a_signing_secret_of_an_endpoint"
STRIPE = StripeSource(SECRET)
CREATED = int(NOON.timestamp())


def event(kind: str = "checkout.session.completed", *, live: bool = True, **about: Any) -> bytes:
    """Return the body of an event about an object."""
    data = {"object": about}
    return json.dumps({"id": "evt_1", "type": kind, "created": CREATED, "livemode": live, "data": data}).encode()


def session(**changes: Any) -> dict[str, Any]:
    """Return a session of Checkout that is paid, changed."""
    data = {
        "id": "cs_1",
        "object": "checkout.session",
        "created": CREATED - 60,
        "payment_intent": "pi_1",
        "amount_total": 2150,
        "currency": "gbp",
        "payment_status": "paid",
        "client_reference_id": None,
        "metadata": {},
    }
    return data | changes


def order(kind: str = "checkout.session.completed", *, live: bool = True, **changes: Any) -> OrderFacts:
    """Return the order of a session."""
    found = STRIPE.read(event(kind, live=live, **session(**changes))).order
    assert found is not None
    return found


def signed(body: bytes, *, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """Return the header of a body, by the documentation's formula."""
    stamp = int(at.timestamp())
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={stamp},v1={'0' * 64},v1={mac},v0=abc"}


@pytest.mark.parametrize("seconds", [-301, -300, 0, 300, 301])
def test_a_signature_holds_for_five_minutes_both_ways(seconds: int) -> None:
    """One of a moment further off, past or to come, is refused by the clock and not by the secret."""
    headers = signed(b"{}", at=NOON + timedelta(seconds=seconds))
    reason = RefusalReason.CLOCK if abs(seconds) > 300 else None
    assert STRIPE.refusal(b"{}", headers, now=NOON) is reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", RefusalReason.UNSIGNED),
        ("t=1", RefusalReason.UNSIGNED),
        ("v1=abc", RefusalReason.UNSIGNED),
        ("t=now,v1=abc", RefusalReason.UNSIGNED),
        (f"t={'9' * 99},v1=abc", RefusalReason.UNSIGNED),
        (f"t={CREATED},v1=\u00e9", RefusalReason.SIGNATURE),
        (f"t={CREATED},v1=abc", RefusalReason.SIGNATURE),
    ],
)
def test_a_header_that_stripe_does_not_send_is_refused(header: str, reason: RefusalReason) -> None:
    """With its reason, and raises nothing."""
    assert STRIPE.refusal(b"{}", {"stripe-signature": header}, now=NOON) is reason


def test_a_secret_changes_while_both_hold() -> None:
    """`new,old`: what either signed is taken, a body of other bytes is not."""
    both = StripeSource(f"whsec_another_signing_secret,{SECRET}")
    for secret in (SECRET, "whsec_another_signing_secret"):
        assert both.refusal(b"{}", signed(b"{}", at=NOON, secret=secret), now=NOON) is None
    assert both.refusal(b"{} ", signed(b"{}", at=NOON), now=NOON) is RefusalReason.SIGNATURE


def test_a_session_is_an_order() -> None:
    """Its number is the payment's, its moment the session's; money in the currency's own smallest units."""
    found = order()
    assert (found.order_id, found.total_minor, found.currency, found.paid) == ("pi_1", 2150, "GBP", True)
    assert found.placed_at == datetime.fromtimestamp(CREATED - 60, UTC)
    assert (found.updated_at, found.test) == (NOON, False)
    assert order(live=False).test
    assert order(payment_intent={"id": "pi_2"}).order_id == "pi_2"
    free = order(payment_intent=None, amount_total=0, payment_status="no_payment_required")
    assert (free.order_id, free.total_minor, free.paid) == ("cs_1", 0, True)


def test_money_that_comes_later_is_told_of_by_itself() -> None:
    """A debit is unpaid at first, and the same order once it succeeded."""
    first = order(payment_status="unpaid")
    second = order("checkout.session.async_payment_succeeded")
    assert (first.order_id, first.paid, second.order_id, second.paid) == ("pi_1", False, "pi_1", True)


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        ("USD", 2150, 2150),
        ("JPY", 500, 500),
        ("MGA", 500, 50000),
        ("ISK", 500, 5),
        ("UGX", 500, 5),
        ("HUF", 1000, 1000),
        ("KWD", 5120, 5120),
        ("KMF", 7, 7),
    ],
)
def test_stripes_smallest_units_are_not_always_the_standards(currency: str, amount: int, minor: int) -> None:
    """Ariary without decimals, krona and Uganda shilling with two that they do not have, dinars with three."""
    assert minor_units(amount, currency) == minor
    assert order(currency=currency.lower(), amount_total=amount).total_minor == minor


@pytest.mark.parametrize("currency", sorted(MINOR_DIGITS))
def test_every_currency_has_units(currency: str) -> None:
    """A hundred thousand of them are a whole amount in each."""
    assert minor_units(100_000, currency) > 0


def test_the_token_travels_as_the_reference_or_in_the_metadata() -> None:
    """In this order; the click in the metadata alone."""
    found = order(client_reference_id="first", metadata={"qf_visitor": "second", "qf_click": "click", "other": "x"})
    assert (found.visitor_tokens, found.click_tokens) == (("first", "second"), ("click",))


def test_a_refunded_charge_is_one_refund_of_its_payment() -> None:
    """The sum of what was given back so far, whichever event is read; a charge without a payment is of no session."""
    charge: dict[str, Any] = {"id": "ch_1", "payment_intent": "pi_1", "currency": "gbp", "amount_refunded": 500}
    found = STRIPE.read(event("charge.refunded", **charge)).refunds
    assert [each[:4] for each in found] == [(sum_id("pi_1"), "pi_1", 500, "GBP")]
    assert STRIPE.read(event("charge.refunded", **charge | {"payment_intent": None})).refunds == ()


def refund(**changes: Any) -> dict[str, Any]:
    """Return a refund as Stripe's documentation shows one, changed."""
    data = {
        "id": "re_1Nispe2eZvKYlo2Cd31jOCgZ",
        "object": "refund",
        "amount": 1000,
        "charge": "ch_1NirD82eZvKYlo2CIvbtLWuY",
        "created": CREATED - 3600,
        "currency": "usd",
        "payment_intent": "pi_1",
        "reason": None,
        "status": "succeeded",
    }
    return data | changes


@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])
@pytest.mark.parametrize(
    ("status", "amounts"),
    [
        ("succeeded", [1000]),
        ("pending", [1000]),
        ("requires_action", []),
        ("failed", [1000, -1000]),
        ("canceled", [1000, -1000]),
    ],
)
def test_a_refund_counts_until_it_fails(kind: str, status: str, amounts: list[int]) -> None:
    """By its own id, on its own day; what failed is taken back on the day on which it is told."""
    found = STRIPE.read(event(kind, **refund(status=status))).refunds
    assert [each.amount_minor for each in found] == amounts
    assert [each.at for each in found] == [NOON - timedelta(hours=1), NOON][: len(amounts)]
    assert {each.order_id for each in found} <= {"pi_1"}
    assert STRIPE.read(event(kind, **refund(status=status, payment_intent=None))).refunds == ()


def test_the_refunds_that_a_charge_lists_are_read_too() -> None:
    """As older versions of the API send them; one that cannot be read is remarked, and the sum counts all the same."""
    listed = {"object": "list", "data": [refund(), refund(id="re_2", amount="x"), refund(id="re_3", status="failed")]}
    charge: dict[str, Any] = {"id": "ch_1", "payment_intent": "pi_1", "currency": "usd", "amount_refunded": 2000}
    facts = STRIPE.read(event("charge.refunded", **charge, refunds=listed))
    assert [each.amount_minor for each in facts.refunds] == [2000, 1000, 1000, -1000]
    assert facts.remarks == ("a refund: an amount is no whole number",)


def invoice(**changes: Any) -> dict[str, Any]:
    """Return a paid invoice of a subscription, changed."""
    data = {
        "id": "in_1MtHbELkdIwHu7ixl4OzzPMv",
        "object": "invoice",
        "billing_reason": "subscription_cycle",
        "created": CREATED - 60,
        "currency": "gbp",
        "number": "ABCD-0002",
        "metadata": {},
        "parent": {"type": "subscription_details", "subscription_details": {"metadata": {"qf_visitor": "tok"}}},
        "lines": {
            "object": "list",
            "data": [
                {
                    "description": "1 x Dark bean, monthly",
                    "quantity": 1,
                    "amount": 1431,
                    "pricing": {"type": "price_details", "price_details": {"price": "price_1", "product": "prod_1"}},
                    "metadata": {},
                }
            ],
        },
        "total": 1431,
    }
    return data | changes


def test_each_paid_invoice_of_a_subscription_is_an_order() -> None:
    """The first one that of its session; a token travels in the subscription's metadata, of either version."""
    facts = STRIPE.read(event("invoice.paid", **invoice()))
    assert facts.order is not None
    assert (facts.order.order_id, facts.order.total_minor, facts.order.paid) == (invoice()["id"], 1431, True)
    assert (facts.order.number, facts.order.visitor_tokens, facts.payment) == ("ABCD-0002", ("tok",), None)
    assert facts.order.lines == (LineItem("prod_1", "", "1 x Dark bean, monthly", Decimal(1), 1431),)
    named = {"product_id": "dark", "variant_id": "dark-1kg", "sku": "D1"}  # by the shop, as on a session's product
    its_own = invoice(lines={"data": [{"description": "Dark bean", "quantity": 2, "amount": 1000, "metadata": named}]})
    order_of_it = STRIPE.read(event("invoice.paid", **its_own)).order
    assert order_of_it is not None
    assert order_of_it.lines == (LineItem("dark", "D1", "Dark bean", Decimal(2), 500, "dark-1kg"),)
    older = invoice(parent=None, subscription_details={"metadata": {"qf_visitor": "old"}}, payment_intent="pi_1")
    facts = STRIPE.read(event("invoice.payment_succeeded", **older))
    assert facts.order is not None
    assert facts.order.visitor_tokens == ("old",)
    assert facts.payment == PaymentOf("pi_1", older["id"])
    first = order(mode="subscription", payment_intent=None, invoice="in_1")
    assert (first.order_id, first.updated_at) == ("in_1", first.placed_at)


@pytest.mark.parametrize("reason", ["manual", "quote_accept", "automatic_pending_invoice_item_invoice", None, 7])
def test_an_invoice_of_no_subscription_is_no_order(reason: object) -> None:
    """A session of one payment has its order already, and the invoice about it is another paper."""
    assert STRIPE.read(event("invoice.paid", **invoice(billing_reason=reason))) == EventFacts("invoice.paid", None, ())


def test_a_payment_says_which_invoice_it_paid() -> None:
    """One by a charge alone names no payment, and refunds name none either."""
    paid: dict[str, Any] = {"id": "inpay_1", "invoice": "in_1", "payment": {"payment_intent": "pi_1"}}
    assert STRIPE.read(event("invoice_payment.paid", **paid)).payment == PaymentOf("pi_1", "in_1")
    by_charge = paid | {"payment": {"type": "charge", "charge": "ch_1"}}
    assert STRIPE.read(event("invoice_payment.paid", **by_charge)).is_idle


def test_lines_are_read_where_the_event_has_them() -> None:
    """Stripe sends them to those who ask; the shop's own number and SKU may stand in the product's metadata."""
    product = {"id": "prod_1", "metadata": {"product_id": "dark-bean", "sku": "S-1"}}
    items = [
        {"description": "Dark", "quantity": 3, "amount_subtotal": 4293, "price": {"product": product}},
        {"description": "Light", "quantity": 1, "amount_subtotal": 900, "price": {"product": "prod_2"}},
    ]
    facts = STRIPE.read(event(**session(line_items={"object": "list", "data": items})))
    assert facts.order is not None
    assert facts.order.lines == (
        LineItem("dark-bean", "S-1", "Dark", Decimal(3), 1431),
        LineItem("prod_2", "", "Light", Decimal(1), 900),
    )
    assert facts.remarks == ()
    odd = order(line_items={"data": [{"quantity": None, "price": 7}, 8]})
    assert odd.total_minor == 2150


def test_what_the_customer_paid_in_a_currency_of_their_own_is_kept() -> None:
    """Where Stripe converted it; nonsense there loses no order."""
    details = {"presentment_amount": 4100, "presentment_currency": "jpy"}
    assert order(presentment_details=details).presentment == Presentment("JPY", 4100)
    assert order(presentment_details={"presentment_amount": "x"}).presentment is None


@pytest.mark.parametrize("kind", ["checkout.session.expired", "payment_intent.succeeded", "charge.succeeded"])
def test_other_events_are_of_no_concern(kind: str) -> None:
    """An abandoned session is no order, and a payment is told of by its session."""
    assert STRIPE.read(event(kind, **session())) == EventFacts(kind, None, ())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount_total": "21.50"}, "no whole number"),
        ({"amount_total": True}, "no whole number"),
        ({"currency": "xxz"}, "XXZ"),
        ({"currency": "isk", "amount_total": 501}, "more decimals than ISK"),
        ({"created": "yesterday"}, "`created` is no moment"),
        ({"created": 10**15}, "`created` is no moment"),
        ({"id": None, "payment_intent": None}, "`id` is missing"),
    ],
)
def test_what_cannot_be_read_is_said(changes: dict[str, Any], says: str) -> None:
    """The dead letter's reason."""
    with pytest.raises(UnreadableError, match=says):
        STRIPE.read(event(**session(**changes)))
