"""Shopify's web hooks of orders, refunds and personal data.

Source: Shopify's documentation of web hooks (``X-Shopify-Hmac-Sha256``: base64 HMAC-SHA256 of the
body). The headers are not signed, so that the body's own shape tells an order from a refund, and its
digest tells a repeated delivery. The visitor's token travels as the cart attribute or line-item
property ``qf_visitor``, the click's as ``qf_click`` (a leading underscore hides them from buyers).
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from quizfunnel.orders.event import EventFacts
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.secrets import Base64Hmac, refuse_keys
from quizfunnel.orders.sources.shopify import export_file, order, privacy, refund
from quizfunnel.orders.sources.source import DayReport, RefusalReason, SourceKind

_TOKENS = ("shpat_", "shpca_", "shppa_", "shpua_")


class ShopifySource:
    """POST /hooks/shopify, by the secret that Shopify signs with."""

    name = "shopify"

    def __init__(self, secret: str) -> None:
        """Take the secret, whatever text it is, or new,old; ValueError for an access token of Shopify's interface."""
        refuse_keys(secret, _TOKENS, "copy the text that stands under the web hooks, or an app's client secret")
        self._signature = Base64Hmac(secret)

    def refusal(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> RefusalReason | None:  # noqa: ARG002 - Shopify signs no time
        """Return why the header is not the base64 HMAC-SHA256 of the body, None where it is."""
        return self._signature.refusal(body, headers.get("x-shopify-hmac-sha256"))

    def signer(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Return the secret that made the header."""
        return self._signature.signer(body, headers.get("x-shopify-hmac-sha256"))

    def is_greeting(self, body: bytes) -> bool:  # noqa: ARG002 - none comes
        """Tell that nothing comes unsigned."""
        return False

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:  # noqa: ARG002 - none of them is signed
        """Return the body's digest: the delivery's own id stands in an unsigned header."""
        return hashlib.sha256(body).hexdigest()

    def read(self, body: bytes) -> EventFacts:
        """Return the facts of a body; it needs no secret."""
        return read(body)


def read(body: bytes) -> EventFacts:
    """Return the facts of an order or a refund, bare as Shopify sends it or wrapped as its API gives it.

    Carts, checkouts and drafts have lines and totals too, and are no orders: nobody has bought anything. A
    request about personal data is neither, and is handed on. Of what was deleted the id alone is sent: a product's
    is no order's, and calls off none.
    """
    data = json_body.read_object(body)
    for name in ("order", "refund"):
        if isinstance(data.get(name), dict) and "id" not in data:
            data = data[name]
    if privacy.is_privacy(data):
        return privacy.read(data)
    if order.is_order(data):
        return order.read(data)
    if refund.is_refund(data):
        return EventFacts("refund", None, tuple(refund.read(data)))
    if deleted := json_body.lone_id(data):
        return EventFacts("deleted", None, (), deleted=deleted)
    return EventFacts("other", None, ())


KIND = SourceKind(
    name=ShopifySource.name,
    meaning="The secret that Shopify signs POST /hooks/shopify with; to change it, write new,old.",
    make=ShopifySource,
    read=read,
    page="docs/shopify.md",
    first_step="In Shopify's admin: Settings, Notifications, Webhooks; create one for each event of orders, then "
    "Send test notification.",
    export=export_file.EXPORT,
    report=DayReport(
        "Shopify's report of total sales by day", {"day": "Day", "orders": "Orders", "total": "Total sales"}
    ),
)
