"""Products and the catalogue that holds them: plain frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

COST = "cost"  # names what a unit costs the store, and never an attribute


@dataclass(frozen=True, slots=True)
class Variant:
    """One buyable form of a product; `stock` None is not tracked, `price` is in minor units.

    `cost` is what one costs the store, in minor units, None where that is unknown. It is for the analyst: no rule
    names it and no page for shoppers shows it. `was` is the price before a sale, which `sale_ends` closes where the
    catalogue says when. `net_quantity` is how much a pack holds, ``250 g``, and `unit_price_for` the amount that its
    unit price is told for where the catalogue names one. `options` are what sets it apart from the product's other
    variants, each with its name; `url` is where the shop shows it chosen, empty where there is no such address.
    """

    sku: str
    price: int
    stock: int | None = None
    continue_selling: bool = False
    id: str = ""
    title: str = ""
    cost: int | None = None
    was: int | None = None
    sale_ends: datetime | None = None
    net_quantity: str = ""
    unit_price_for: str = ""
    options: tuple[tuple[str, str], ...] = ()
    url: str = ""

    @property
    def available(self) -> bool:
        """Tell whether it can be bought now."""
        return self.continue_selling or self.stock is None or self.stock > 0

    @property
    def key(self) -> str:
        """Return the name by which a shopper's choice is told from the product's other variants."""
        return self.id or self.sku or self.title

    def was_at(self, now: datetime) -> int | None:
        """Return the price before the sale that runs at a moment, None where none does or nothing is saved by it."""
        is_over = self.sale_ends is not None and now > self.sale_ends
        return None if self.was is None or self.was <= self.price or is_over else self.was


@dataclass(frozen=True, slots=True)
class Product:
    """One product as its catalogue has it.

    `price` is the cheapest available variant's, in minor units of `currency`. `attributes` holds
    the catalogue's further columns: a float where every cell of the column is a number (money
    columns too, in major units), text otherwise. `line` is where the catalogue's file names it.
    `number` is the id by which the shop's own program knows it, where that is another one than `id`.
    `titles` are its title in other languages, by language.
    """

    id: str
    title: str
    price: int
    currency: str
    url: str
    image: str = ""
    tags: frozenset[str] = frozenset()
    type: str = ""
    vendor: str = ""
    attributes: Mapping[str, float | str] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    published: bool = True
    line: int = 0
    number: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def available(self) -> bool:
        """Tell whether it is published and some variant can be bought now."""
        return self.published and any(variant.available for variant in self.variants)

    @property
    def has_several_prices(self) -> bool:
        """Tell whether `price` is only where the prices begin: of the variants that can be bought, else of all."""
        buyable = {variant.price for variant in self.variants if variant.available}
        return len(buyable or {variant.price for variant in self.variants}) > 1

    @property
    def shown(self) -> Variant | None:
        """Return the variant that `price` is of: the first of the cheapest that can be bought, else of all."""
        buyable = [variant for variant in self.variants if variant.available]
        return min(buyable or self.variants, key=lambda variant: variant.price, default=None)

    def only(self, variant: Variant) -> "Product":
        """Return the product as if it came in one of its variants alone: at its price and its address."""
        return replace(self, price=variant.price, url=variant.url or self.url, variants=(variant,))

    def chosen(self, key: str) -> "Product":
        """Return the product in the variant that a shopper chose; itself where none such can be bought."""
        named = (variant for variant in self.variants if key and variant.key == key and variant.available)
        return next(map(self.only, named), self)

    def cost_of(self, sku: str) -> int | None:
        """Return a unit's cost to the store: of the variant with this SKU, else the cost that all variants share."""
        mine = {variant.cost for variant in self.variants if sku and variant.sku == sku}
        costs = mine or {variant.cost for variant in self.variants}
        return costs.pop() if len(costs) == 1 else None


@dataclass(frozen=True, eq=False)
class Catalog:
    """The products of one file, in the file's order; compared by identity, since one is read once."""

    products: tuple[Product, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Product]:
        """Map each product's id to the product."""
        return {product.id: product for product in self.products}

    @cached_property
    def on_sale(self) -> int:
        """Count the products that can be bought."""
        return sum(product.available for product in self.products)

    def speaking(self, language: str) -> "Catalog":
        """Return the same products with their titles in a language, where they have one; itself where none has."""
        titles = [product.titles.get(language) for product in self.products]
        if not any(titles):
            return self
        named = zip(self.products, titles, strict=True)
        return Catalog(tuple(replace(product, title=title) if title else product for product, title in named))

    @cached_property
    def _by_sku(self) -> Mapping[str, Product | None]:
        return self._unique((variant.sku, product) for product in self.products for variant in product.variants)

    @cached_property
    def _by_title(self) -> Mapping[str, Product | None]:
        return self._unique(
            (f"{product.title} - {title}" if title else product.title, product)
            for product in self.products
            for title in ("", *(variant.title for variant in product.variants))
        )

    @cached_property
    def _by_number(self) -> Mapping[str, Product | None]:
        return self._unique((product.number, product) for product in self.products)

    @cached_property
    def _by_variant(self) -> Mapping[str, Product | None]:
        return self._unique((variant.id, product) for product in self.products for variant in product.variants)

    @staticmethod
    def _unique(named: Iterable[tuple[str, Product]]) -> Mapping[str, Product | None]:
        """Map each name to its product, to none where two products have it."""
        products: dict[str, Product | None] = {}
        for name, product in named:
            if name:
                products[name] = product if products.get(name, product) is product else None
        return products

    def find(
        self, *, product_id: str = "", variant_id: str = "", sku: str = "", title: str = ""
    ) -> tuple[Product, str] | None:
        """Return the product of an order line and by what it was found: `id`, `variant`, `sku` or `title`.

        What two products share finds neither. A platform may name a variant in its title, "Mug - Small".
        """
        if product_id and (product := self.by_id.get(product_id) or self._by_number.get(product_id)):
            return product, "id"
        if variant_id and (product := self._by_variant.get(variant_id)):
            return product, "variant"
        if sku and (product := self._by_sku.get(sku)):
            return product, "sku"
        if title and (product := self._by_title.get(title)):
            return product, "title"
        return None
