"""Changes between two readings of a catalogue, as a merchandiser asks for them: new, gone, dearer, sold out; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.kit.money import to_major

MOST_NAMED = 5


class PriceChange(NamedTuple):
    """A product's price in minor units, before and now; the currency may have changed with it."""

    product: str
    before: int
    was_in: str
    now: int
    currency: str

    def text(self) -> str:
        """Return the change in words."""
        was_in = "" if self.was_in == self.currency else f" {self.was_in}"
        before = f"{to_major(self.before, self.was_in)}{was_in}"
        return f"{self.product} {before} to {to_major(self.now, self.currency)} {self.currency}"


class CatalogChanges(NamedTuple):
    """Products by what became of them; one may be in several, but `others` changed in none of these ways."""

    products: int
    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    prices: tuple[PriceChange, ...] = ()
    sold_out: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    stock: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the changes in one line."""
        kinds = (
            ("new", self.new),
            ("removed", self.removed),
            ("with another price", [price.text() for price in self.prices]),
            ("sold out or withdrawn now", self.sold_out),
            ("to be had again", self.back),
            ("with another stock", self.stock),
            ("changed otherwise", self.others),
        )
        summary = "; ".join(f"{len(names)} {words} ({_some(names)})" for words, names in kinds if names)
        return f"{self.products} product{'' if self.products == 1 else 's'}: {summary or 'all as they were'}"

    def as_json(self) -> dict[str, Any]:
        """Return all of them for a program; prices in major units."""
        prices = [
            {
                "id": price.product,
                "before": str(to_major(price.before, price.was_in)),
                "now": str(to_major(price.now, price.currency)),
                "currency": price.currency,
            }
            for price in self.prices
        ]
        return self._asdict() | {"prices": prices}


def changes(before: Catalog | None, now: Catalog) -> CatalogChanges:
    """Return how a catalogue differs from the one before; without one every product is new."""
    old = before.by_id if before else {}
    kept = [(old[product.id], product) for product in now.products if product.id in old]
    return CatalogChanges(
        products=len(now.products),
        new=tuple(product.id for product in now.products if product.id not in old),
        removed=tuple(id for id in old if id not in now.by_id),
        prices=tuple(_prices(kept)),
        sold_out=tuple(product.id for was, product in kept if was.available and not product.available),
        back=tuple(product.id for was, product in kept if product.available and not was.available),
        stock=tuple(
            product.id for was, product in kept if was.available == product.available and _stock(was) != _stock(product)
        ),
        others=tuple(product.id for was, product in kept if _rest(was) != _rest(product)),
    )


def _prices(kept: Sequence[tuple[Product, Product]]) -> Iterator[PriceChange]:
    for was, product in kept:
        if (was.price, was.currency) != (product.price, product.currency):
            yield PriceChange(product.id, was.price, was.currency, product.price, product.currency)


def _stock(product: Product) -> list[tuple[str, str, int | None]]:
    return [(variant.id, variant.sku, variant.stock) for variant in product.variants]


def _rest(product: Product) -> Product:
    """Return what of a product is neither its price nor its stock, nor where its row stands."""
    variants = tuple(
        replace(variant, price=0, was=None, sale_ends=None, stock=None, continue_selling=False)
        for variant in product.variants
    )
    return replace(product, price=0, currency="", variants=variants, published=True, line=0)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
