"""Stripe's events of Checkout, of payment links, of subscriptions' invoices and of refunds.

Source: Stripe's documentation of web hooks (``Stripe-Signature``: ``t=`` and ``v1=``, hex HMAC-SHA256 over
``t.body``, five minutes of tolerance), of its currencies, and of the objects of its events. The visitor's token
travels as ``client_reference_id`` or in the metadata.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from quizfunnel.orders.event import EventFacts
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.secrets import each_secret, first_match, refuse_keys
from quizfunnel.orders.sources.source import RefusalReason, SourceKind
from quizfunnel.orders.sources.stripe import checkout, invoices, refunds

TOLERANCE_SECONDS = 300
_KEYS = ("sk_", "rk_", "pk_")
_MOST_DIGITS = 12
_MOST_SIGNATURES = 20
_CONCERNING = checkout.COMPLETED | invoices.PAID | refunds.ONE_BY_ONE | {invoices.PAYMENT, refunds.OF_A_CHARGE}


class StripeSource:
    """POST /hooks/stripe, by the secret of the endpoint."""

    name = "stripe"

    def __init__(self, secret: str) -> None:
        """Take the endpoint's signing secret, or new,old; ValueError for a key of Stripe's own interface."""
        refuse_keys(secret, _KEYS, "copy the endpoint's signing secret, which begins with whsec_")
        self._secrets = each_secret(secret)

    def refusal(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> RefusalReason | None:
        """Return why no ``v1`` signature is right, or that its moment is more than five minutes off, either way."""
        header = _header(headers)
        if header is None:
            return RefusalReason.UNSIGNED
        if self.signer(body, headers) is None:
            return RefusalReason.SIGNATURE
        is_old = abs(now.timestamp() - int(header.moment)) > TOLERANCE_SECONDS
        return RefusalReason.CLOCK if is_old else None

    def signer(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Return the secret that made one of the header's signatures."""
        header = _header(headers)
        if header is None:
            return None
        signed = header.moment.encode() + b"." + body
        made = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest().encode() for key in self._secrets]
        # all are compared, so that the time taken tells nothing
        right = [[hmac.compare_digest(expected, signature) for signature in header.signatures] for expected in made]
        return first_match(self._secrets, [any(row) for row in right])

    def is_greeting(self, body: bytes) -> bool:  # noqa: ARG002 - none comes
        """Tell that nothing comes unsigned."""
        return False

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:  # noqa: ARG002 - none tells a delivery
        """Return the body's digest: the event's id stands in the body."""
        return hashlib.sha256(body).hexdigest()

    def read(self, body: bytes) -> EventFacts:
        """Return the facts of a body; it needs no secret."""
        return read(body)


class _Header(NamedTuple):
    """Stripe's header: the moment as it is signed, and the signatures of our version."""

    moment: str
    signatures: tuple[bytes, ...]


def _header(headers: Mapping[str, str]) -> _Header | None:
    """Return what the header says, None where it is not one of Stripe's."""
    pairs = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    signatures = [value.encode("utf-8", "replace") for name, _, value in pairs if name == "v1"][:_MOST_SIGNATURES]
    if not signatures or not moments or not _is_moment(moments[0]):
        return None
    return _Header(moments[0], tuple(signatures))


def _is_moment(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def read(body: bytes) -> EventFacts:
    """Return the facts of an event of Checkout, of an invoice or of a refund; others are of no concern."""
    event = json_body.read_object(body)
    topic = json_body.text(event, "type", most=64, needed=True)
    if topic not in _CONCERNING:
        return EventFacts(topic, None, ())
    about = json_body.mapping(json_body.mapping(event, "data"), "object")
    if topic in checkout.COMPLETED:
        return checkout.read(topic, event, about)
    if topic in invoices.PAID:
        return invoices.read(topic, event, about)
    if topic == invoices.PAYMENT:
        return invoices.read_payment(about)
    if topic == refunds.OF_A_CHARGE:
        return refunds.read_charge(event, about)
    return refunds.read_refund(topic, event, about)


KIND = SourceKind(
    name=StripeSource.name,
    meaning="The signing secret of Stripe's endpoint POST /hooks/stripe; to change it, write new,old.",
    make=StripeSource,
    read=read,
    page="docs/stripe.md",
    first_step="In Stripe's dashboard: Developers, Webhooks, the endpoint; Send test event, or pay once in test mode.",
)
