"""Links into the shop: to a product's page or into the basket, on the store's own hosts alone; pure."""

from collections.abc import Sequence
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit.addresses import in_the_shop, is_on
from quizfunnel.offer.links import clicks
from quizfunnel.offer.links.basket import Addition, CartTokens, ShopBasket
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.store_site import store_site
from quizfunnel.settings import Settings

_NO_TOKENS = CartTokens("")


class ShopLinks(NamedTuple):
    """The shop as a quiz's offer leads to it: its home, its hosts, and how it adds products, where buttons do that."""

    home: str
    hosts: frozenset[str]
    basket: ShopBasket

    @classmethod
    def of(cls, settings: Settings, live: LiveQuiz) -> "ShopLinks":
        """Return the links of a quiz: to the hosts of the settings, and the one that it names for products."""
        adds = live.quiz.offer.button == "basket"
        basket = ShopBasket(settings.shop.platform, settings.shop.add_url) if adds else ShopBasket()
        return cls(settings.shop_url or "/", store_site(settings, live.quiz).hosts, basket)

    def address(self, product: Product) -> str:
        """Return a product's own address, whosever host it is on."""
        return in_the_shop(product.url, self.home)

    def is_of_the_store(self, product: Product) -> bool:
        """Tell whether a product's address is the store's."""
        return is_on(self.address(product), self.hosts)

    def page(self, product: Product, click: str = "") -> str:
        """Return where a product is shown, with a click's token where it is recorded; home for a strange host."""
        address = self.address(product)
        if click:
            return clicks.target(address, click, hosts=self.hosts, home=self.home)
        return address if self.is_of_the_store(product) else self.home

    def adds(self, product: Product) -> bool:
        """Tell whether a click can put a product into the basket."""
        return bool(self.basket.id_of(product)) and is_on(self._added([product]), self.hosts)

    def adds_all(self, products: Sequence[Product]) -> bool:
        """Tell whether one click can put these products into the basket."""
        return (len(products) == 1 or self.basket.takes_several) and all(map(self.adds, products))

    def into_basket(self, products: Sequence[Product], tokens: Sequence[CartTokens] = ()) -> str:
        """Return the address that puts products into the basket, with the tokens of each."""
        address = self._added(products, tokens)
        if not tokens or self.basket.carries_tokens:
            return address
        return clicks.target(address, tokens[0].click, hosts=self.hosts, home=self.home)

    def _added(self, products: Sequence[Product], tokens: Sequence[CartTokens] = ()) -> str:
        each = tokens or [_NO_TOKENS] * len(products)
        address = self.basket.address(
            [
                Addition(self.address(product), self.basket.id_of(product), carried)
                for product, carried in zip(products, each, strict=True)
            ]
        )
        return in_the_shop(address, self.home)
