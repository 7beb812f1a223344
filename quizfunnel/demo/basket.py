"""The demo store's basket: what is in it, and the tokens that a store's cart carries; kept in a signed cookie; pure."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from quizfunnel.kit.signing import Signer

COOKIE = "qf_basket"
_PURPOSE = "demo-basket"
MOST_ITEMS = 20
MOST_OF_ONE = 9


@dataclass(frozen=True)
class Basket:
    """Product ids with how many of each; the visitor's token since t0, and the latest click's."""

    items: Mapping[str, int] = field(default_factory=dict)
    visitor_token: str = ""
    click_token: str = ""

    def add(self, product: str) -> "Basket":
        """Return the basket with one more of a product; a full one stays as it is."""
        if product not in self.items and len(self.items) >= MOST_ITEMS:
            return self
        count = min(self.items.get(product, 0) + 1, MOST_OF_ONE)
        return replace(self, items={**self.items, product: count})

    def remove(self, product: str) -> "Basket":
        """Return the basket without a product."""
        return replace(self, items={id: count for id, count in self.items.items() if id != product})

    def emptied(self) -> "Basket":
        """Return the basket with its tokens and nothing else."""
        return replace(self, items={}, click_token="")


def pack(signer: Signer, basket: Basket) -> str:
    """Return a basket as the value of its cookie."""
    text = json.dumps([dict(basket.items), basket.visitor_token, basket.click_token], separators=(",", ":"))
    return signer.sign(_PURPOSE, base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def unpack(signer: Signer, cookie: str | None) -> Basket:
    """Return the basket of a cookie, an empty one where it is missing or not ours."""
    payload = signer.verify(_PURPOSE, cookie)
    if payload is None:
        return Basket()
    items, visitor, click = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return Basket(items, visitor, click)
