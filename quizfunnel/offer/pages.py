"""Page contexts of the offer's templates: one frozen value a page, nothing else; pure."""

from dataclasses import dataclass
from typing import NamedTuple

from quizfunnel.offer.facts import pictures
from quizfunnel.offer.facts.differences import DifferenceTable
from quizfunnel.offer.facts.stars import Stars
from quizfunnel.offer.facts.variants import VariantPicker
from quizfunnel.offer.preview import Preview
from quizfunnel.web.framing.frame import ShopFrame


class Chip(NamedTuple):
    """One answer in words, and the link that changes it."""

    text: str
    url: str


class Card(NamedTuple):
    """One product as it is shown; `price` in minor units, `url` leads to the shop.

    With `is_from` other variants of it cost more. `reasons` say what fits, `misses` apart from them what lies beside an
    answer; `facts` are what it has and the others do not, where its reasons do not set it apart. `was` is the price
    before a sale that runs, `unit_price` that of a kilogram or the like in words. `basket_url` puts it into the shop's
    basket, empty where nothing does; with `choose` its page is where one of its variants is chosen, or `picker`.
    """

    title: str
    image: str
    price: int
    currency: str
    url: str
    reasons: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    unit_price: str = ""
    is_from: bool = False
    basket_url: str = ""
    choose: bool = False
    was: int | None = None
    stars: Stars | None = None
    picker: VariantPicker | None = None

    @property
    def srcset(self) -> str:
        """Return other widths of the picture, where its host makes them."""
        return pictures.srcset(self.image)

    @property
    def sizes(self) -> str:
        """Return the widths that a card gives its picture."""
        return pictures.SIZES


class AllInBasket(NamedTuple):
    """All products of the cards in one click: its address, how many they are, and what they come to."""

    url: str
    products: int
    total: int
    currency: str


class Near(NamedTuple):
    """A product that breaks some of the answers, and which ones it breaks, in words."""

    card: Card
    breaks: tuple[str, ...]


class SectionView(NamedTuple):
    """One section of an offer: its heading and its cards, fewer than `promised` where no more fit.

    `more` are the next ones of it, for whom something does not suit. Where nothing fits `near` are the closest, headed
    by `relaxed`, and `shared_misses` what all of these break. `differences` tells what sets its products apart.
    """

    id: str
    title: str
    promised: int
    cards: tuple[Card, ...]
    more: tuple[Card, ...] = ()
    near: tuple[Near, ...] = ()
    relaxed: str = ""
    shared_misses: tuple[str, ...] = ()
    differences: DifferenceTable | None = None


@dataclass(frozen=True, slots=True)
class OfferPage:
    """`shopper/offer.html` and the swapped `shopper/_offer.html`: the products and why they are here.

    `shared` and `shared_misses` are true of every product on the page and said once: no card repeats them.
    `considered` counts the catalogue's products on sale, which `products` names in the plural; `promised` is the quiz's
    `show`, `relaxed` heads what is `near`, by what it gives up. `varied` is the share, 0 to 1, of
    offers whose order is varied, computed from the policy. `none_said` shows `more` and the question why, `why_said`
    the thanks for it. `copy_url` leads to the shared result, whose whole address is `result_address`. `access` is the
    attempt's token where there is no cookie, `measured` whether anything may be kept. `all_in_basket` adds every card's
    product at once, None where the shop cannot. `differences` tells what sets the products apart, None where nothing
    does. Where the offer has `sections` they hold the cards, in their order, and `near` and `relaxed` are theirs.
    """

    lang: str
    title: str
    headline: str
    considered: int
    products: str
    promised: int
    answers: tuple[Chip, ...]
    cards: tuple[Card, ...]
    shared: tuple[str, ...]
    shared_misses: tuple[str, ...]
    near: tuple[Near, ...]
    relaxed: str
    varied: float
    none_action: str
    all_url: str
    all_label: str
    again_action: str
    copy_url: str
    mine_url: str
    result_address: str
    access: str = ""
    all_in_basket: AllInBasket | None = None
    differences: DifferenceTable | None = None
    sections: tuple[SectionView, ...] = ()
    more: tuple[Card, ...] = ()
    none_said: bool = False
    why_said: bool = False
    measured: bool = False
    frame: ShopFrame | None = None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`shopper/result.html`, a shared result: cards whose `reasons` are properties; `quiz_url` starts one's own.

    `preview` is what messengers draw beside its link; `copy_url` leads to this page, `result_address` is it as a whole.
    """

    lang: str
    title: str
    headline: str
    promised: int
    cards: tuple[Card, ...]
    varied: float
    all_url: str
    all_label: str
    quiz_url: str
    copy_url: str
    result_address: str
    preview: Preview
    differences: DifferenceTable | None = None
    sections: tuple[SectionView, ...] = ()
