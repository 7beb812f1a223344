"""WooCommerce's order web hooks.

Source: WooCommerce's documentation of web hooks (``X-WC-Webhook-Signature``: base64 HMAC-SHA256 of the body) and of
its REST API's orders. The first delivery to a new address is an unsigned form, ``webhook_id=N``, which has to be
answered 200, or the hook is switched off. The tokens travel as the order's meta data.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from quizfunnel.orders.event import EventFacts
from quizfunnel.orders.sources import json_body
from quizfunnel.orders.sources.secrets import Base64Hmac
from quizfunnel.orders.sources.source import RefusalReason, SourceKind
from quizfunnel.orders.sources.woocommerce import export_file, order

_PING = re.compile(rb"webhook_id=[0-9]{1,20}\s*")


class WooCommerceSource:
    """POST /hooks/woocommerce, by the secret of the web hook."""

    name = "woocommerce"

    def __init__(self, secret: str) -> None:
        """Take the secret, whatever text it is, or new,old."""
        self._signature = Base64Hmac(secret)

    def refusal(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> RefusalReason | None:  # noqa: ARG002 - it signs no time
        """Return why the header is not the base64 HMAC-SHA256 of the body, None where it is."""
        return self._signature.refusal(body, headers.get("x-wc-webhook-signature"))

    def signer(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Return the secret that made the header."""
        return self._signature.signer(body, headers.get("x-wc-webhook-signature"))

    def is_greeting(self, body: bytes) -> bool:
        """Tell whether a body is the first ping, which says the hook's number and nothing else."""
        return _PING.fullmatch(body) is not None

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:  # noqa: ARG002 - none of them is signed
        """Return the body's digest: the delivery's own id stands in an unsigned header."""
        return hashlib.sha256(body).hexdigest()

    def read(self, body: bytes) -> EventFacts:
        """Return the facts of a body; it needs no secret."""
        return read(body)


def read(body: bytes) -> EventFacts:
    """Return the facts of an order; a product or a coupon is of no concern.

    Of a deleted order only its number is sent, without a word in what is signed of what it was the number of. Orders,
    products and coupons are numbered in one series, so that the number of another one calls off no order; customers
    are not, and docs/woocommerce.md keeps their web hooks away.
    """
    data = json_body.read_object(body)
    if deleted := json_body.lone_id(data):
        return EventFacts("deleted", None, (), deleted=deleted)
    return order.read(data) if order.is_order(data) else EventFacts("other", None, ())


KIND = SourceKind(
    name=WooCommerceSource.name,
    meaning="The secret of WooCommerce's web hooks to POST /hooks/woocommerce; to change it, write new,old.",
    make=WooCommerceSource,
    read=read,
    page="docs/woocommerce.md",
    first_step="In WordPress: WooCommerce, Settings, Advanced, Webhooks; save the webhook as Active, then place a "
    "test order.",
    export=export_file.EXPORT,
)
