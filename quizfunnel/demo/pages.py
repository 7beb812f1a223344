"""Page contexts of the demo store: one frozen value a page; pure."""

from dataclasses import dataclass

from quizfunnel.catalog.product import Product


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
class Invitation:
    """The quiet card that invites to a quiz, or leads who has just finished it back to the products."""

    url: str
    shortest: int
    longest: int
    minutes: float
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """One shelf of the shop."""

    url: str
    title: str
    count: int
    image: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Frame around every page of the shop: the basket's size, how the visitor is seen, and the page's address."""

    basket: int
    seen_as: str
    here: str


@dataclass(frozen=True, slots=True)
class LandingPage:
    """`shop/landing.html`: the three ways into the demo."""

    lang: str
    title: str
    quizzes: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    simulated: int


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
    invitation: Invitation | None


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
    invitation: Invitation | None


@dataclass(frozen=True, slots=True)
class BasketPage:
    """`shop/basket.html` and `shop/checkout.html`: what is in the basket and what it costs."""

    lang: str
    title: str
    frame: Frame
    items: tuple[Item, ...]
    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class ThanksPage:
    """`shop/thanks.html`: the order is made; where to see it counted."""

    lang: str
    title: str
    frame: Frame
    order_id: str
    results: tuple[tuple[str, str], ...]


def item(product: Product, quantity: int = 1) -> Item:
    """Return a product as the shop shows it."""
    return Item(
        product.id,
        product.title,
        product.price,
        product.currency,
        product.url,
        product.image,
        product.available,
        quantity,
    )


def details(product: Product) -> tuple[str, ...]:
    """Return the catalogue's facts about a product, a line each."""
    traits = ", ".join(sorted(tag.replace("-", " ") for tag in product.tags))
    facts = [product.type, f"By {product.vendor}" if product.vendor else "", traits[:1].upper() + traits[1:]]
    facts += [
        f"{name.replace('_', ' ').capitalize()}: {value:g}"
        for name, value in product.attributes.items()
        if isinstance(value, float)
    ]
    return tuple(filter(None, facts))


def basket(title: str, frame: Frame, items: tuple[Item, ...]) -> BasketPage:
    """Return a page of what is in the basket; what is sold out by now is not counted."""
    currency = items[0].currency if items else "GBP"
    total = sum(item.price * item.quantity for item in items if item.available)
    return BasketPage("en", title, frame, items, total, currency)
