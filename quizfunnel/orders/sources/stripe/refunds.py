"""Refunds of Stripe: charges that tell their sum, and refunds one by one, of which some fail afterwards; pure.

`amount_refunded` of a charge adds up, and counts where it is more than the refunds that are known one by one. A refund
that failed or was called off was given back all the same until then, and is taken back by an amount below zero: so no
order of events matters, and the day of each is its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from quizfunnel.orders.event import EventFacts, RefundFacts, UnreadableError, sum_id
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.stripe.amounts import minor_units
from quizfunnel.orders.sources.stripe.parts import id_at, moment, rows

OF_A_CHARGE = "charge.refunded"
ONE_BY_ONE = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
_GIVEN = frozenset({"pending", "succeeded"})
_TAKEN_BACK = frozenset({"failed", "canceled"})


def read_charge(event: Mapping[str, Any], charge: Mapping[str, Any]) -> EventFacts:
    """Return what was given back of a payment so far, and the refunds that the charge lists.

    A charge without a payment is of no session. Its list comes with older versions of Stripe's API only.
    """
    payment = id_at(charge, "payment_intent")
    if not payment:
        return EventFacts(OF_A_CHARGE, None, ())
    currency = json_body.text(charge, "currency", most=3, needed=True).upper()
    amount = minor_units(charge.get("amount_refunded"), currency)
    whole = RefundFacts(sum_id(payment), payment, amount, currency, moment(event, "created"))
    remarks = list[str]()
    listed = list[RefundFacts]()
    for each in rows(charge, "refunds"):
        try:
            listed += _refund(event, {"payment_intent": payment, "currency": currency, **each})
        except UnreadableError as error:
            remarks.append(f"a refund: {error}"[:120])
    return EventFacts(OF_A_CHARGE, None, (whole, *listed), tuple(remarks))


def read_refund(topic: str, event: Mapping[str, Any], refund: Mapping[str, Any]) -> EventFacts:
    """Return one refund; one of a charge without a payment is of no session."""
    return EventFacts(topic, None, tuple(_refund(event, refund)))


def _refund(event: Mapping[str, Any], refund: Mapping[str, Any]) -> Iterator[RefundFacts]:
    """Yield a refund, and what takes it back where it failed; one that waits for the customer gave nothing yet."""
    payment, status = id_at(refund, "payment_intent"), json_body.text(refund, "status", most=64) or "succeeded"
    if not payment or status not in _GIVEN | _TAKEN_BACK:
        return
    currency = json_body.text(refund, "currency", most=3, needed=True).upper()
    amount = minor_units(refund.get("amount"), currency)
    id = json_body.text(refund, "id", most=180, needed=True)
    yield RefundFacts(id, payment, amount, currency, moment(refund, "created"))
    if status in _TAKEN_BACK:
        yield RefundFacts(f"{id} {status}", payment, -amount, currency, moment(event, "created"))
