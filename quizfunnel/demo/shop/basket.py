"""Basket of the demo shop: products, and attributes that scripts on its pages put into it; pure."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

MOST_ITEMS = 20
MOST_OF_ONE = 9
MOST_ATTRIBUTES = 20
LONGEST_NAME = 40
LONGEST_VALUE = 255
_ORDER = re.compile(r"D-[0-9A-F]{10}\Z")


@dataclass(frozen=True)
class Basket:
    """Product ids with how many of each, and attributes, which an order carries on.

    `order` is the id of the order that this basket will become, so that a checkout pressed twice is one order.
    """

    order: str
    items: Mapping[str, int] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many things are in it."""
        return sum(self.items.values())

    def add(self, product: str) -> "Basket":
        """Return the basket with one more of a product; a full one stays as it is."""
        if product not in self.items and len(self.items) >= MOST_ITEMS:
            return self
        count = min(self.items.get(product, 0) + 1, MOST_OF_ONE)
        return replace(self, items={**self.items, product: count})

    def remove(self, product: str) -> "Basket":
        """Return the basket without a product."""
        return replace(self, items={id: count for id, count in self.items.items() if id != product})

    def with_attributes(self, changes: Mapping[str, str]) -> "Basket":
        """Return the basket with these attributes beside its own; an empty text takes one out."""
        merged = {name: value for name, value in {**self.attributes, **changes}.items() if value}
        return replace(self, attributes=dict(list(merged.items())[:MOST_ATTRIBUTES]))


Verb = Callable[[Basket], Basket]
"""Returns the basket that is made of one."""


def empty() -> Basket:
    """Return a basket with nothing in it, which knows the id of its order to be."""
    return Basket(f"D-{secrets.token_hex(5).upper()}")


def is_order_id(text: str) -> bool:
    """Tell whether `text` has the form of an order's id."""
    return _ORDER.match(text) is not None


def attributes_of(body: object) -> dict[str, str] | None:
    """Return the attributes that a script's JSON sets, None where it is not of the form {"attributes": {name: text}}.

    null takes one out, as an empty text does.
    """
    given = body.get("attributes") if isinstance(body, Mapping) else None
    if not isinstance(given, Mapping) or len(given) > MOST_ATTRIBUTES:
        return None
    attributes = {str(name): "" if value is None else value for name, value in given.items()}
    fits = all(
        0 < len(name) <= LONGEST_NAME and isinstance(value, str) and len(value) <= LONGEST_VALUE
        for name, value in attributes.items()
    )
    return attributes if fits else None
