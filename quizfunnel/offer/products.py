"""Products of an offer as plain values: chosen, shown, and near misses; pure."""

from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.offer.allowed import Allowed
from quizfunnel.quiz.kinds.rule import Rule


class Chosen(NamedTuple):
    """One product of an offer, before it is stored."""

    product: Product
    score: float
    propensity: float
    reasons: tuple[str, ...]


class OfferDraft(NamedTuple):
    """A whole offer, before it is stored: the products in order and which ones were allowed."""

    items: tuple[Chosen, ...]
    allowed: Allowed

    @property
    def eligible(self) -> tuple[str, ...]:
        """Return the ids of the products that were allowed, in catalogue order."""
        return self.allowed.ids


class NearMiss(NamedTuple):
    """A product that breaks few rules, for when none fits all, and which rules it breaks."""

    product: Product
    broken: tuple[Rule, ...]


class ShownProduct(NamedTuple):
    """One product as it is shown: its rank when chosen, the product as it is now, why it is here."""

    rank: int
    product: Product
    reasons: list[str]


class CurrentOffer(NamedTuple):
    """An offer as it can be shown now, without what was withdrawn, sold out or priced out of it since.

    `first` are the products shown at once, `more` the next ones for whom none of these suits; `why_said` tells that
    the shopper has said what didn't suit.
    """

    id: str
    attempt: str
    model: str
    rejected: bool
    why_said: bool
    first: tuple[ShownProduct, ...]
    more: tuple[ShownProduct, ...]

    @property
    def up_to(self) -> int:
        """Return the highest rank that is before the shopper."""
        seen = (*self.first, *self.more) if self.rejected else self.first
        return max((item.rank for item in seen), default=0)
