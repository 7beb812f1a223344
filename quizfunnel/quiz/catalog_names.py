"""Catalogue names: everything that points and rules can name products by, with how many have it; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.quiz.kinds.words import number

MOST_VALUES = 20


class NamedColumn(NamedTuple):
    """One kind of name: `tag`, `type`, `vendor` or a column; `bounds` are those of a column of numbers."""

    kind: str
    products: int
    counts: Mapping[str, int]
    bounds: tuple[float, float] | None = None

    def lines(self) -> Iterator[str]:
        """Yield the column and its names, each as a rule would write it; of many numbers only the bounds."""
        bounds = f", numbers from {number(self.bounds[0])} to {number(self.bounds[1])}" if self.bounds else ""
        yield f"{self.kind}: {len(self.counts)} different, on {self.products} products{bounds}"
        if self.bounds is None or len(self.counts) <= MOST_VALUES:
            width = max((len(name) for name in self.counts), default=0) + len(self.kind) + 1
            for name, count in self.counts.items():
                yield f"  {f'{self.kind}:{name}':<{width}}  {count}"


def named_columns(catalog: Catalog) -> list[NamedColumn]:
    """Return tags, types and vendors, then every further column, in the catalogue's order."""
    products = catalog.products
    attributes = dict.fromkeys(name for product in products for name in product.attributes)
    columns = [
        _texts("tag", [tag for product in products for tag in product.tags], sum(bool(each.tags) for each in products)),
        _texts("type", [product.type for product in products if product.type]),
        _texts("vendor", [product.vendor for product in products if product.vendor]),
        *(_attribute(name, products) for name in attributes),
    ]
    return [column for column in columns if column.counts]


def _texts(kind: str, names: list[str], products: int | None = None) -> NamedColumn:
    return NamedColumn(kind, len(names) if products is None else products, _by_count(names))


def _attribute(name: str, products: tuple[Product, ...]) -> NamedColumn:
    values = [product.attributes[name] for product in products if name in product.attributes]
    numbers = [value for value in values if isinstance(value, float)]
    if len(numbers) == len(values):
        counts = {number(value): count for value, count in sorted(Counter(numbers).items())}
        return NamedColumn(name, len(values), counts, (min(numbers), max(numbers)))
    return _texts(name, [number(value) if isinstance(value, float) else value for value in values])


def _by_count(names: list[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
