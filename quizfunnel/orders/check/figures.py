"""Figures of a source's connection: what came in a period, by which secret, whose tokens its orders carried; pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple


class Period(NamedTuple):
    """The time that is looked at, up to now."""

    since: datetime
    now: datetime

    @property
    def first_day(self) -> date:
        """Return its first day (UTC): counters are kept by the day."""
        return self.since.date()


class ArmOrders(NamedTuple):
    """Orders of the visitors of one arm of an experiment; `quiz` is empty for one of the store.

    `holdout_share` is what its draw gives to the holdout, in a comparison to the first.
    """

    quiz: str
    experiment: str
    arm: str
    orders: int
    holdout_share: float

    @property
    def of(self) -> str:
        """Name the experiment."""
        return f"{self.experiment} of {self.quiz}" if self.quiz else self.experiment


class Deliveries(NamedTuple):
    """Bodies that were kept: how many since the period began, the last one ever, and how many cannot be read."""

    since: int = 0
    last: datetime | None = None
    unreadable: int = 0


class Tokens(NamedTuple):
    """Orders that were placed in the period, tests among them, and how many of all carry a visitor's token of ours."""

    orders: int = 0
    tests: int = 0
    with_token: int = 0


class RefusedCount(NamedTuple):
    """Deliveries that were refused on a day (UTC), for one reason."""

    day: date
    reason: str
    deliveries: int


class Figures(NamedTuple):
    """Figures of one source; `proven` counts genuine deliveries by their secret's fingerprint.

    `proven_on` is the last day on which any came, `greeted` the last one of an unsigned ping.
    """

    deliveries: Deliveries
    proven: Mapping[str, int]
    proven_on: date | None
    greeted: date | None
    tokens: Tokens
    arms: tuple[ArmOrders, ...]
    refused: tuple[RefusedCount, ...]

    @property
    def connected(self) -> bool:
        """Tell whether anything that the store signed has ever come by its hook."""
        return self.proven_on is not None or self.deliveries.last is not None


def nothing() -> Figures:
    """Return the figures of a source from which nothing has ever come."""
    return Figures(Deliveries(), {}, proven_on=None, greeted=None, tokens=Tokens(), arms=(), refused=())
