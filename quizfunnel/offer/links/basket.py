"""Basket addresses: where a click leads that puts products into the shop's cart, by its platform; pure.

Source: Shopify's themes, whose product forms send `id`, `quantity` and `properties` to `/cart/add`, several as
`items[]`; WooCommerce's `add-to-cart` on any page.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.kit.addresses import in_the_shop, is_on

SHOPIFY, WOOCOMMERCE = "shopify", "woocommerce"
_PRODUCT_ID, _SKU = "{product_id}", "{sku}"
_CART = "/cart"
MOST_NAMED = 3


class CartTokens(NamedTuple):
    """Tokens that go with a product into the cart: of the click, and of the visitor where that may travel here."""

    click: str
    visitor: str = ""


class Addition(NamedTuple):
    """One product that is added: its address in the shop, the id by which the platform adds it, and its tokens."""

    page: str
    id: str
    tokens: CartTokens


class ShopBasket(NamedTuple):
    """The way in which a shop adds products: its platform, and a pattern of its own, which goes first."""

    platform: str = ""
    add_url: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether anything can be added at all."""
        return bool(self.platform or self.add_url)

    @property
    def carries_tokens(self) -> bool:
        """Tell whether the lines of the cart carry tokens, so that none has to stand in the address of a page."""
        return self.platform == SHOPIFY and not self.add_url

    @property
    def takes_several(self) -> bool:
        """Tell whether one address adds several products."""
        return self.platform == SHOPIFY and not self.add_url

    @property
    def needs(self) -> str:
        """Name the catalogue's column that holds the id by which products are added."""
        if self.add_url:
            return "sku" if _SKU in self.add_url else "product_id"
        return "variant_id" if self.platform == SHOPIFY else "product_id"

    def id_of(self, product: Product) -> str:
        """Return the id by which a product is added, empty where it has none, or a choice of several variants."""
        variant = only_variant(product)
        if variant is None:
            return ""
        if self.add_url:
            return variant.sku if _SKU in self.add_url else product.number or product.id
        if self.platform == SHOPIFY:
            return _digits(variant.id)
        if self.platform == WOOCOMMERCE:
            return _digits(variant.id) or _digits(product.number) or _digits(product.id)
        return ""

    def address(self, added: Sequence[Addition]) -> str:
        """Return the address that adds these products; several only where `takes_several`."""
        first = added[0]
        if self.add_url:
            return self.add_url.replace(_PRODUCT_ID, quote(first.id, safe="")).replace(_SKU, quote(first.id, safe=""))
        if self.platform == SHOPIFY:
            return _shopify(added)
        parts = urlsplit(first.page)
        query = "&".join(filter(None, (parts.query, urlencode({"add-to-cart": first.id}))))
        return urlunsplit(parts._replace(query=query))


def lacking(basket: ShopBasket, products: Iterable[Product]) -> str:
    """Say what keeps products of one buyable form from being added, and the remedy; nothing where all can be."""
    if not basket.is_known:
        return (
            "the store's settings say neither `platform` nor `add_url` under [shop], so that buttons lead to the "
            "products' pages; write one of them"
        )
    single = [each for each in products if each.available and only_variant(each)]
    without = [each for each in single if not basket.id_of(each)]
    if not without:
        return ""
    named = ", ".join(f"`{each.id}` (line {each.line})" for each in without[:MOST_NAMED])
    more = f" and {len(without) - MOST_NAMED} more" if len(without) > MOST_NAMED else ""
    lack = f"{len(without)} of {len(single)} products that could be added to the basket have no `{basket.needs}`"
    return f"{lack}: {named}{more}; fill in that column of the catalogue, until then their buttons lead to their pages"


def strange(basket: ShopBasket, home: str, hosts: Collection[str]) -> str:
    """Say that the pattern by which products are added is on no host of the store's, and the remedy; else nothing."""
    address = in_the_shop(basket.add_url.replace(_PRODUCT_ID, "0").replace(_SKU, "0"), home)
    if not basket.add_url or is_on(address, hosts):
        return ""
    host = urlsplit(address).hostname or ""
    return (
        f"`add_url` is on {host}, which is no host of the store's, so that buttons lead to the products' pages; write "
        f'it into shop_hosts = ["{host}"]'
    )


def only_variant(product: Product) -> Variant | None:
    """Return the one variant that can be bought, None where there is a choice, or nothing."""
    buyable = [variant for variant in product.variants if variant.available]
    return buyable[0] if len(buyable) == 1 else None


def _shopify(added: Sequence[Addition]) -> str:
    """Return Shopify's address: lines carry the tokens, and the cart's page has the click for the snippet."""
    one = len(added) == 1
    pairs = [pair for each in added for pair in _line("{}" if one else "items[][{}]", each)]
    click = added[0].tokens.click
    back = f"{_CART}?{urlencode({'qf_click': click})}" if click else _CART
    parts = urlsplit(added[0].page)
    query = urlencode([*pairs, ("return_to", back)], safe="[]")
    return urlunsplit(parts._replace(path=f"{_CART}/add", query=query, fragment=""))


def _line(name: str, added: Addition) -> list[tuple[str, str]]:
    """Return a line's fields; a property with an underscore before its name is shown to no buyer."""
    fields = [("id", added.id), ("quantity", "1")]
    tokens = (("qf_click", added.tokens.click), ("qf_visitor", added.tokens.visitor))
    properties = [(f"{name.format('properties')}[_{token}]", value) for token, value in tokens if value]
    return [*((name.format(field), value) for field, value in fields), *properties]


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() else ""
