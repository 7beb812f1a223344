"""Hard rule: selectors or a bound that one answer puts on every product; pure.

A rule about an attribute that a product does not have cannot be proven to hold, so the product is
not allowed: a shopper who asked for at most 20 is not shown what has no price on record.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit.money import to_major

_FIELDS = {"product": "id", "type": "type", "vendor": "vendor"}

RuleKind = Literal["requires", "excludes", "limits", "at_least"]


class SelectorParts(NamedTuple):
    """A selector's two parts: ``tag:decaf`` is kind `tag`, value `decaf`."""

    kind: str
    value: str


class Rule(NamedTuple):
    """One hard rule of one answer: selectors of which a product has one, or has none, or an attribute and its bound."""

    question: str
    choice: str | None
    kind: RuleKind
    names: tuple[str, ...]
    bound: float = 0.0

    @property
    def attribute(self) -> str:
        """Return the attribute that a bound is of."""
        return self.names[0]

    @property
    def written(self) -> str:
        """Return what the rule names, as one reads it: ``tag:a or tag:b``."""
        return " or ".join(self.names)

    def allows(self, product: Product) -> bool:
        """Tell whether `product` keeps the rule."""
        if self.kind == "requires":
            return any(matches(product, name) for name in self.names)
        if self.kind == "excludes":
            return not any(matches(product, name) for name in self.names)
        value = attribute(product, self.attribute)
        if not isinstance(value, float | int):
            return False
        return value <= self.bound if self.kind == "limits" else value >= self.bound


@lru_cache(maxsize=4096)
def split_selector(selector: str) -> SelectorParts:
    """Split ``kind:value`` at its first colon."""
    kind, _, value = selector.partition(":")
    return SelectorParts(kind.strip(), value.strip())


def attribute(product: Product, name: str) -> float | str | None:
    """Return an attribute of a product; `price` is its cheapest price in major units."""
    if name == "price":
        return float(to_major(product.price, product.currency))
    return product.attributes.get(name)


def matches(product: Product, selector: str) -> bool:
    """Tell whether a product has what ``tag:``, ``product:``, ``type:``, ``vendor:`` or ``attribute:value`` names."""
    kind, value = split_selector(selector)
    if kind == "tag":
        return value in product.tags
    if kind in _FIELDS:
        return bool(getattr(product, _FIELDS[kind]) == value)
    has = product.attributes.get(kind)
    if isinstance(has, float):
        try:
            return has == float(value)
        except ValueError:
            return False
    return has == value
