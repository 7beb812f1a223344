"""Rating: the mean of what buyers gave a product, how many they were, and of how many points at most; pure.

It is read of the attributes `rating`, `rating_count` and `rating_best`, whatever form the catalogue has.
"""

import json
import math
from collections.abc import Mapping
from typing import NamedTuple

from quizfunnel.catalog.product import Product

VALUE, COUNT, BEST = "rating", "rating_count", "rating_best"
ATTRIBUTES = frozenset((VALUE, COUNT, BEST))
USUAL_BEST = 5.0
_SHOPIFY_BEST = "scale_max"


class Rating(NamedTuple):
    """A mean of `given` ratings, None where the catalogue does not count them; `best` is the most that can be given."""

    value: float
    given: int | None
    best: float


def rating_of(product: Product) -> Rating | None:
    """Return a product's rating; None where nobody gave one, or what is told can be none."""
    written = product.attributes.get(VALUE)
    parts = _parts(written) if isinstance(written, str) else {}
    value = _number(parts.get("value", written))
    best = _number(product.attributes.get(BEST, parts.get(_SHOPIFY_BEST, USUAL_BEST)))
    if value is None or best is None or not 0 < value <= best:
        return None
    if COUNT not in product.attributes:
        return Rating(value, None, best)
    count = _number(product.attributes[COUNT])
    return Rating(value, int(count), best) if count and count >= 1 and count.is_integer() else None


def _parts(text: str) -> Mapping[str, object]:
    """Return the parts of a rating as Shopify's metafields write it, none where it is plain."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return parts if isinstance(parts, dict) else {}


def _number(cell: object) -> float | None:
    try:
        number = float(cell) if isinstance(cell, float | int | str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
