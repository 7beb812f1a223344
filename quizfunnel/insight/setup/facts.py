"""Facts of a shop's setup as plain values: its snippet, its consent, its orders and its arms; pure."""

from datetime import date, datetime
from typing import NamedTuple

from quizfunnel.experiment.design import Design
from quizfunnel.shop.origin_slips import RefusedOrigin
from quizfunnel.shop.places import Placing

VIEWS = "shop_view"  # kinds of daily counters begin so: how views of the shop's pages ended
_NO_CONSENT, _LATER = f"{VIEWS}_no_consent", f"{VIEWS}_consented_later"


class SeenOrder(NamedTuple):
    """An order as the store's people would find it."""

    source: str
    number: str
    placed_at: datetime
    test: bool


class FirstDrawn(NamedTuple):
    """First visitor of each arm of an experiment, None where nobody is in it yet; `missing` are those arms."""

    design: Design
    first: dict[str, datetime | None]

    @property
    def missing(self) -> list[str]:
        """Return the arms that nobody is in yet."""
        return [arm for arm, at in self.first.items() if at is None]


class SetupFacts(NamedTuple):
    """Facts of real visitors and orders alone; `views` counts views of the shop's pages by how they ended."""

    landed: tuple[datetime, str] | None
    views: dict[str, int]
    last_view: date | None
    last_order: SeenOrder | None
    with_token: SeenOrder | None
    drawn: tuple[FirstDrawn, ...]
    places: dict[str, Placing]
    refused: dict[str, RefusedOrigin]

    @property
    def snippet_was_seen(self) -> bool:
        """Tell whether any page of the shop has told of a view."""
        return self.landed is not None or bool(self.views)

    @property
    def told(self) -> int:
        """Return how many views the shop's pages told of; one that was agreed to later is counted twice in `views`."""
        return sum(self.views.values()) - self.views.get(_LATER, 0)

    @property
    def without_consent(self) -> int:
        """Return the views whose visitors did not agree, on the same page neither."""
        return max(self.views.get(_NO_CONSENT, 0) - self.views.get(_LATER, 0), 0)

    @property
    def agreed(self) -> int:
        """Return the views of visitors who may be remembered."""
        return self.views.get(VIEWS, 0)
