"""Page contexts of the demo shop: one frozen value a page; pure."""

from dataclasses import dataclass

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.rating import ATTRIBUTES, rating_of
from quizfunnel.i18n.words import Words


@dataclass(frozen=True, slots=True)
class Item:
    """One product as the shop shows it; `price` in minor units."""

    id: str
    title: str
    price: int
    currency: str
    url: str
    image: str
    available: bool
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Category:
    """One shelf of the shop."""

    url: str
    title: str
    count: int
    image: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Frame around every page of the shop: its shelves, the basket's size, and the origin of the quiz server."""

    shelves: tuple[tuple[str, str], ...]
    basket: int
    quiz: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """`shop/home.html`: the shelves."""

    lang: str
    title: str
    frame: Frame
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """`shop/shelf.html`: the products of one category."""

    lang: str
    title: str
    frame: Frame
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """`shop/product.html`: one product."""

    lang: str
    title: str
    frame: Frame
    item: Item
    details: tuple[str, ...]
    category_url: str
    category: str


@dataclass(frozen=True, slots=True)
class BasketPage:
    """`shop/basket.html`: what is in the basket and what it costs."""

    lang: str
    title: str
    frame: Frame
    items: tuple[Item, ...]
    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """`shop/checkout.html`: what is in the basket, what it costs, and the order that it will be."""

    lang: str
    title: str
    frame: Frame
    items: tuple[Item, ...]
    total: int
    currency: str
    order: str


@dataclass(frozen=True, slots=True)
class ThanksPage:
    """`shop/thanks.html`: the order is made; whether the quiz server knows of it, and where to see it counted."""

    lang: str
    title: str
    frame: Frame
    order_id: str
    delivered: bool
    waiting: bool
    results: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`shop/message.html`: something that went wrong, and how to go on."""

    lang: str
    title: str
    frame: Frame
    text: str


def shelf_url(slug: str) -> str:
    """Return the address of a shelf."""
    return f"/shop/{slug}"


def item(product: Product, slug: str, *, language: str, quantity: int = 1) -> Item:
    """Return a product of a shelf as the shop shows it in a language."""
    return Item(
        product.id,
        product.titles.get(language, product.title),
        product.price,
        product.currency,
        f"{shelf_url(slug)}/{product.id}",
        product.image,
        product.available,
        quantity,
    )


def details(product: Product, say: Words) -> tuple[str, ...]:
    """Return the catalogue's facts about a product, a line each."""
    traits = ", ".join(sorted(tag.replace("-", " ") for tag in product.tags))
    facts = [
        product.type,
        say("By %(vendor)s", vendor=product.vendor) if product.vendor else "",
        traits[:1].upper() + traits[1:],
    ]
    facts += [
        say("%(attribute)s: %(value)s", attribute=name.replace("_", " ").capitalize(), value=say.number(value))
        for name, value in product.attributes.items()
        if isinstance(value, float) and name not in ATTRIBUTES
    ]
    holds = product.shown.net_quantity if product.shown else ""
    return tuple(filter(None, [holds, *facts, _rated(product, say)]))


def _rated(product: Product, say: Words) -> str:
    """Return a product's rating in a sentence, empty where it has none."""
    rating = rating_of(product)
    if rating is None or rating.given is None:
        return ""
    value, best = say.number(rating.value), say.number(rating.best)
    return say.ngettext(
        "Rated %(value)s out of %(best)s in %(num)s rating",
        "Rated %(value)s out of %(best)s in %(num)s ratings",
        rating.given,
        value=value,
        best=best,
    )


def total(items: tuple[Item, ...]) -> tuple[int, str]:
    """Return what is in the basket in minor units, and its currency; what is sold out by now is not counted."""
    currency = items[0].currency if items else "GBP"
    return sum(item.price * item.quantity for item in items if item.available), currency
