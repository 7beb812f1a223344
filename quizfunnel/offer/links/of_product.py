"""Links of a product on its offer's page: by way of a recorded click to its page in the shop or the basket; pure."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from quizfunnel.catalog.product import Product
from quizfunnel.offer.facts.variants import VariantLink, links_of
from quizfunnel.offer.links.basket import only_variant
from quizfunnel.offer.links.shop import ShopLinks
from quizfunnel.quiz.kinds.rule import Rule


class Links(NamedTuple):
    """Links of a product: to its page in the shop, and into the shop's basket, empty where it cannot be added.

    With `choose` it has several variants, of which one is chosen on its page, or on its card where there are links of
    `variants`; these put one into the basket where the basket `adds` them.
    """

    page: str
    basket: str = ""
    choose: bool = False
    variants: tuple[VariantLink, ...] = ()
    adds: bool = False


class RecordedLinks(NamedTuple):
    """Links of one attempt: with its token where there is no cookie, and the rules that a variant has to keep."""

    shop: ShopLinks
    attempt: str
    access: str
    hard: Sequence[Rule] = ()

    def of(self, product: Product) -> Links:
        """Return the links of a product."""
        # what has an id in the basket goes there, which is not asked again for each of a hundred sizes
        added = links_of(product, self.hard, self._basket_id, partial(self._address, basket="1"))
        return Links(
            page=self._address(product),
            basket=self._into_basket(product),
            choose=self.shop.basket.is_known and only_variant(product) is None,
            variants=added or links_of(product, self.hard, self._own_page, self._address),
            adds=bool(added),
        )

    def _basket_id(self, product: Product) -> str:
        """Return the id by which the shop's basket adds a product, empty where it cannot."""
        return self.shop.basket.id_of(product) if self.shop.adds(product) else ""

    def _own_page(self, product: Product) -> str:
        """Return the address at which a product is shown in its one variant, empty where none is the shop's."""
        return product.variants[0].url if self.shop.is_of_the_store(product) else ""

    def _into_basket(self, product: Product) -> str:
        """Return the address of a click that puts a product into the basket, empty where nothing does."""
        return self._address(product, basket="1") if self.shop.adds(product) else ""

    def _address(self, product: Product, **query: str) -> str:
        alone = product.variants[0].key if len(product.variants) == 1 and product.variants[0].options else ""
        pairs = {"variant": alone, **query, "t": self.access}
        kept = {name: value for name, value in pairs.items() if value}
        return f"/go/{self.attempt}/{product.id}{f'?{urlencode(kept)}' if kept else ''}"
