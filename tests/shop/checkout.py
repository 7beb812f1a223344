"""Checkouts of a fake shop on each platform: the signed web hook of a paid order, with the token of its cart."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import SecretStr

from quizfunnel.settings import SourceSettings
from tests.cast import STANDARD_SECRET
from tests.orders.bodies import event
from tests.orders.signing import by_base64, signed

SECRET = "a secret of the shop, for every platform"
SOURCES = {
    "shopify": SourceSettings(secret=SecretStr(SECRET)),
    "woocommerce": SourceSettings(secret=SecretStr(SECRET)),
    "stripe": SourceSettings(secret=SecretStr(SECRET)),
    "standard": SourceSettings(secret=SecretStr(STANDARD_SECRET)),
}


class Hook(NamedTuple):
    """A web hook as it is sent: its address, body and headers."""

    path: str
    body: bytes
    headers: dict[str, str]


def paid(platform: str, number: int, token: str, *, at: datetime, items: Sequence[Mapping[str, Any]] = ()) -> Hook:
    """Return the web hook of an order that is paid at the platform's checkout; without a token the cart has none.

    `items` are those of a cart on Shopify, whose properties its order lists too.
    """
    data = _BODIES[platform](number, token, at)
    if items:
        data["line_items"] = [_line(item) for item in items]
    body = json.dumps(data).encode()
    return Hook(f"/hooks/{platform}", body, _SIGNATURES[platform](body, at))


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    properties = [{"name": name, "value": value} for name, value in item.get("properties", {}).items()]
    bought = {"product_id": 7, "variant_id": int(item["id"]), "quantity": int(item["quantity"]), "price": "12.00"}
    return bought | {"title": "Bought", "properties": properties}


def _shopify(number: int, token: str, at: datetime) -> dict[str, Any]:
    attributes = [{"name": "qf_visitor", "value": token}, {"name": "gift", "value": "no"}]
    return {
        "id": 820_982_911_946_154 + number,
        "name": f"#{number}",
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "currency": "GBP",
        "total_price": "12.00",
        "financial_status": "paid",
        "note_attributes": attributes if token else attributes[1:],
        "line_items": [{"product_id": 7, "variant_id": 71, "title": "Dark Bean", "quantity": 1, "price": "12.00"}],
    }


def _woocommerce(number: int, token: str, at: datetime) -> dict[str, Any]:
    moment = at.strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "id": number,
        "status": "processing",
        "currency": "GBP",
        "date_created_gmt": moment,
        "date_modified_gmt": moment,
        "total": "12.00",
        "meta_data": [{"id": 1, "key": "qf_visitor", "value": token}] if token else [],
        "line_items": [{"product_id": 7, "name": "Dark Bean", "quantity": 1, "price": 12}],
        "refunds": [],
    }


def _stripe(number: int, token: str, at: datetime) -> dict[str, Any]:
    second = int(at.timestamp())
    session = {
        "id": f"cs_{number}",
        "created": second,
        "payment_intent": f"pi_{number}",
        "amount_total": 1200,
        "currency": "gbp",
        "payment_status": "paid",
        "client_reference_id": token or None,
    }
    kind = "checkout.session.completed"
    return {"id": f"evt_{number}", "type": kind, "created": second, "livemode": True, "data": {"object": session}}


def _standard(number: int, token: str, at: datetime) -> dict[str, Any]:
    moment = at.isoformat()
    return event(order_id=str(number), placed_at=moment, updated_at=moment, visitor_token=token or None)


def _by_stripe(body: bytes, at: datetime) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={mac}"}


_BODIES: dict[str, Callable[[int, str, datetime], dict[str, Any]]] = {
    "shopify": _shopify,
    "woocommerce": _woocommerce,
    "stripe": _stripe,
    "standard": _standard,
}
_SIGNATURES: dict[str, Callable[[bytes, datetime], dict[str, str]]] = {
    "shopify": lambda body, _: by_base64("X-Shopify-Hmac-Sha256", SECRET, body),
    "woocommerce": lambda body, _: by_base64("X-WC-Webhook-Signature", SECRET, body),
    "stripe": _by_stripe,
    "standard": lambda body, at: signed(body, at=at, delivery=hashlib.sha256(body).hexdigest()),
}
