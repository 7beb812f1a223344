"""Products of an offer as plain values: chosen, shown, and near misses; pure."""

from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.offer.allowed import Allowed
from quizfunnel.offer.sections import DraftSection
from quizfunnel.quiz.kinds.rule import Rule


class Chosen(NamedTuple):
    """One product of an offer, before it is stored: its rank is that within its section."""

    product: Product
    score: float
    propensity: float
    reasons: tuple[str, ...]
    section: str
    rank: int


class OfferDraft(NamedTuple):
    """A whole offer, before it is stored: the products as they were drawn, those allowed, and its sections."""

    items: tuple[Chosen, ...]
    allowed: Allowed
    sections: tuple[DraftSection, ...] = ()

    @property
    def eligible(self) -> tuple[str, ...]:
        """Return the ids of the products that were allowed, in catalogue order."""
        return self.allowed.ids


class NearMiss(NamedTuple):
    """A product that breaks few rules, for when none fits all, and which rules it breaks."""

    product: Product
    broken: tuple[Rule, ...]


class ShownProduct(NamedTuple):
    """One product as it is shown: its rank when chosen, the product as it is now, why it is here, in which section."""

    rank: int
    product: Product
    reasons: list[str]
    section: str = ""


class CurrentOffer(NamedTuple):
    """An offer as it can be shown now, without what was withdrawn, sold out or priced out of it since.

    `first` are the products shown at once, `more` the next ones for whom none of these suits, each section by section;
    `why_said` tells that the shopper has said what didn't suit. `page` is how many ranks of a section a page has, 0
    where the offer has no sections.
    """

    id: str
    attempt: str
    model: str
    rejected: bool
    why_said: bool
    first: tuple[ShownProduct, ...]
    more: tuple[ShownProduct, ...]
    page: int = 0

    @property
    def shown(self) -> tuple[ShownProduct, ...]:
        """Return the products that are before the shopper."""
        return (*self.first, *self.more) if self.rejected else self.first

    @property
    def up_to(self) -> int:
        """Return the highest rank that is before the shopper; of sections the last of the pages that are."""
        if self.page and self.shown:
            # One number for all sections, and so for whole pages: what has moved up in place of something that is gone
            # does not count as seen before its own page is.
            return self.page * (2 if self.rejected else 1)
        return max((item.rank for item in self.shown), default=0)

    def of(self, section: str) -> "CurrentOffer":
        """Return the offer's part in one section."""
        return self._replace(
            first=tuple(item for item in self.first if item.section == section),
            more=tuple(item for item in self.more if item.section == section),
        )
