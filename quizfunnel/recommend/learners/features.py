"""Item features: the products' attributes as numbers, so that a product shares what is learnt of its like; pure."""

from collections import Counter
from collections.abc import Sequence
from math import log1p
from typing import NamedTuple

import numpy as np

from quizfunnel.catalog.product import Product
from quizfunnel.recommend.learners.code_book import Floats

MOST = 30


class Features(NamedTuple):
    """The attributes [I, a] and what each of them is."""

    values: Floats
    names: tuple[str, ...]


def features_of(products: Sequence[Product]) -> Features:
    """Return the price's logarithm, the numbers and the commonest labels of a catalogue.

    A label that stands on one product only, or on all, or on the same products as another, says
    nothing; at most 30 are taken, those that part the catalogue most evenly.
    """
    columns: dict[str, list[float]] = {"log price": [log1p(product.price) for product in products]}
    for name in sorted({name for product in products for name in product.attributes}):
        # an attribute that some products lack is no number for them, and 0 would be one
        by_product = [product.attributes.get(name) for product in products]
        if all(isinstance(value, float | int) for value in by_product):
            columns[name] = [float(value) for value in by_product if isinstance(value, float | int)]
    labels = [_labels(product) for product in products]
    counted = Counter(label for each in labels for label in each)
    even = sorted(
        (label for label, n in counted.items() if 1 < n < len(products)),
        key=lambda label: _rank(label, counted, len(products)),
    )
    for label in even[:MOST]:
        columns[label] = [float(label in each) for each in labels]
    kept = _distinct(columns)
    values = np.array([columns[name] for name in kept], dtype=np.float64).T.reshape(len(products), len(kept))
    return Features(values, tuple(kept))


def _labels(product: Product) -> set[str]:
    labels = {f"tag:{tag}" for tag in product.tags}
    labels |= {f"{name}:{value}" for name, value in product.attributes.items() if isinstance(value, str) and value}
    return labels | {f"{name}:{value}" for name in ("type", "vendor") if (value := getattr(product, name, ""))}


def _rank(label: str, counted: Counter[str], count: int) -> tuple[float, str]:
    return abs(counted[label] / count - 0.5), label  # the name decides ties: no file's order may change a model


def _distinct(columns: dict[str, list[float]]) -> list[str]:
    seen: set[tuple[float, ...]] = set()
    kept = []
    for name, values in columns.items():
        key = tuple(values)
        if len(set(key)) > 1 and key not in seen:
            seen.add(key)
            kept.append(name)
    return kept
