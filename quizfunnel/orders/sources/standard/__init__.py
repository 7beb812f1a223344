"""Standard Webhooks: the envelope for every store that has no form of its own.

Source: the Standard Webhooks specification 1.0 (signature ``v1`` over ``id.timestamp.body``).
The bytes are verified before anything is parsed, so that a signed body that is not JSON is kept; the
standard's own library decodes the body first, reads its own clock, and raises on a signature without a version.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from quizfunnel.kit.signing import SHORTEST_KEY
from quizfunnel.orders.event import (
    EventFacts,
    OrderFacts,
    RefundFacts,
)
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.line_items import LineNames, as_text, read_lines
from quizfunnel.orders.sources.secrets import first_match
from quizfunnel.orders.sources.source import RefusalReason, SourceKind
from quizfunnel.orders.sources.standard import export_file
from quizfunnel.orders.sources.tokens import CLICK_NAMES, VISITOR_NAMES, candidates

TOLERANCE_SECONDS = 300
TYPES = ("order.paid", "order.updated", "order.refunded", "order.cancelled")
_LINE = LineNames(lines="lines", price="unit_price")
_PREFIX = "whsec_"
_MOST_DIGITS = 12
_MOST_ID = 128
# The other types say nothing of money: an order can be changed or called off before anybody paid.
_PAID = frozenset({"order.paid", "order.refunded"})


class StandardSource:
    """POST /hooks/standard, by the secret that both sides know."""

    name = "standard"

    def __init__(self, secret: str) -> None:
        """Take the secret, ``whsec_`` and base64, or new,old; ValueError for any other text."""
        self._secrets = tuple(part.strip() for part in secret.split(","))
        self._keys = tuple(map(_key, self._secrets))

    def refusal(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> RefusalReason | None:
        """Return why no ``v1`` signature is right, or that the timestamp is more than five minutes off."""
        id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if (
            not id.isascii()
            or not id
            or not timestamp.isascii()
            or not timestamp.isdigit()
            or len(timestamp) > _MOST_DIGITS
        ):
            return RefusalReason.UNSIGNED
        if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
            return RefusalReason.CLOCK
        return None if self.signer(body, headers) else RefusalReason.SIGNATURE

    def signer(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Return the secret that made one of the header's signatures."""
        id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        signatures = headers.get("webhook-signature", "").encode("utf-8", "replace").split(b" ")
        made = [_signature(key, id, timestamp, body) for key in self._keys]
        # every one is compared, so that the time taken tells nothing
        right = [[hmac.compare_digest(expected, signature) for signature in signatures] for expected in made]
        return first_match(self._secrets, [any(row) for row in right])

    def is_greeting(self, body: bytes) -> bool:  # noqa: ARG002 - none comes
        """Tell that nothing comes unsigned."""
        return False

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the signed id of the message with the body's digest: two bodies under one id are two messages."""
        return f"{headers.get('webhook-id', '')[:_MOST_ID]} {hashlib.sha256(body).hexdigest()}"

    def read(self, body: bytes) -> EventFacts:
        """Return the facts of a body; it needs no secret."""
        return read(body)


def read(body: bytes) -> EventFacts:
    """Return the facts of an ``order.*`` event; unknown types are of no concern."""
    envelope = json_body.read_object(body)
    topic = json_body.text(envelope, "type", most=64, needed=True)
    if topic not in TYPES:
        return EventFacts(topic, None, ())
    return _event(topic, json_body.mapping(envelope, "data"))


KIND = SourceKind(
    name=StandardSource.name,
    meaning="The Standard Webhooks secret (whsec_...) of POST /hooks/standard; to change it, write new,old.",
    make=StandardSource,
    read=read,
    page="docs/any-shop.md",
    first_step='Have the shop\'s program send an order.paid with "test": true; the page shows one that can be run.',
    export=export_file.EXPORT,
)


def sign(secret: str, *, delivery: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that a store sends with `body`."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": delivery,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(_key(secret), delivery, timestamp, body).decode("ascii"),
    }


def _signature(key: bytes, id: str, timestamp: str, body: bytes) -> bytes:
    mac = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return b"v1," + base64.b64encode(mac)


def _key(secret: str) -> bytes:
    # Python skips what is no base64 unless told otherwise, and a secret that was cut off would pass in silence.
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        raise ValueError("is no base64; copy it whole, like whsec_MfKQ...") from None
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"is too short: {SHORTEST_KEY} bytes or more in base64")
    return key


def _event(topic: str, data: Mapping[str, object]) -> EventFacts:
    order_id = json_body.text(data, "order_id", needed=True)
    currency = json_body.currency(data, "currency")
    lines = read_lines(data, currency, _LINE)
    order = OrderFacts(
        order_id=order_id,
        placed_at=json_body.moment(data, "placed_at"),
        updated_at=json_body.moment(data, "updated_at"),
        currency=currency,
        total_minor=json_body.money(data, "total", currency),
        paid=topic in _PAID,
        cancelled=topic == "order.cancelled",
        test=json_body.flag(data, "test"),
        visitor_tokens=candidates([("qf_visitor", as_text(data.get("visitor_token"), 500))], VISITOR_NAMES),
        click_tokens=candidates([("qf_click", as_text(data.get("click_token"), 500))], CLICK_NAMES),
        lines=lines.items,
    )
    refunds = tuple(_refund(refund, order_id, currency) for refund in json_body.items(data, "refunds"))
    return EventFacts(topic, order, refunds, lines.remarks)


def _refund(refund: Mapping[str, object], order_id: str, currency: str) -> RefundFacts:
    return RefundFacts(
        refund_id=json_body.text(refund, "refund_id", needed=True),
        order_id=order_id,
        amount_minor=json_body.money(refund, "amount", currency),
        currency=currency,
        at=json_body.moment(refund, "at"),
    )
