"""Basket of the demo store: products, and the tokens that a store's cart carries, in a signed cookie; pure."""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from quizfunnel.kit.signing import Signer

COOKIE = "qf_basket"
_PURPOSE = "demo-basket"
_ORDER = re.compile(r"D-[0-9A-F]{10}\Z")
MOST_ITEMS = 20
MOST_OF_ONE = 9


@dataclass(frozen=True)
class Basket:
    """Product ids with how many of each; the visitor's token since t0, and the latest click's.

    `order` is the id of the order that these items will become, so that a checkout pressed twice is one order.
    """

    items: Mapping[str, int] = field(default_factory=dict)
    visitor_token: str = ""
    click_token: str = ""
    order: str = ""

    def add(self, product: str) -> "Basket":
        """Return the basket with one more of a product; a full one stays as it is."""
        if product not in self.items and len(self.items) >= MOST_ITEMS:
            return self
        count = min(self.items.get(product, 0) + 1, MOST_OF_ONE)
        return replace(self, items={**self.items, product: count}, order=self.order or new_order_id())

    def remove(self, product: str) -> "Basket":
        """Return the basket without a product."""
        return replace(self, items={id: count for id, count in self.items.items() if id != product})

    def emptied(self) -> "Basket":
        """Return the basket with its tokens and nothing else."""
        return replace(self, items={}, click_token="", order="")


def new_order_id() -> str:
    """Return an order's id that no other basket has."""
    return f"D-{secrets.token_hex(5).upper()}"


def is_order_id(text: str) -> bool:
    """Tell whether `text` has the form that `new_order_id` gives."""
    return _ORDER.match(text) is not None


def pack(signer: Signer, basket: Basket) -> str:
    """Return a basket as the value of its cookie."""
    parts = [dict(basket.items), basket.visitor_token, basket.click_token, basket.order]
    text = json.dumps(parts, separators=(",", ":"))
    return signer.sign(_PURPOSE, base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def unpack(signer: Signer, cookie: str | None) -> Basket:
    """Return the basket of a cookie, an empty one where it is missing or not ours."""
    payload = signer.verify(_PURPOSE, cookie)
    if payload is None:
        return Basket()
    return Basket(*json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
