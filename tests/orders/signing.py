"""Signing any bytes as a store would, JSON or not."""

import base64
import hashlib
import hmac
from datetime import datetime

from tests.cast import SHOPIFY_SECRET, STANDARD_SECRET


def signed(body: bytes, *, at: datetime, delivery: str = "msg_1") -> dict[str, str]:
    """Return Standard Webhooks headers for `body`, by the specification's formula."""
    key = base64.b64decode(STANDARD_SECRET.removeprefix("whsec_"))
    stamp = str(int(at.timestamp()))
    mac = hmac.digest(key, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": delivery, "webhook-timestamp": stamp, "webhook-signature": signature}


def signed_by_shopify(body: bytes) -> dict[str, str]:
    """Return Shopify's header for `body`."""
    return by_base64("X-Shopify-Hmac-Sha256", SHOPIFY_SECRET, body)


def by_base64(header: str, secret: str, body: bytes) -> dict[str, str]:
    """Return a header with base64 of an HMAC-SHA256 over the body, as Shopify and WooCommerce make theirs."""
    return {header: base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()}
