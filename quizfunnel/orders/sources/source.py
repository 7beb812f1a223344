"""Order sources as a type: one way in which a store tells of its orders, and the kind that it is of; pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from quizfunnel.orders.event import EventFacts


class OrderSource(Protocol):
    """One way in which a store tells of its orders, with its secret."""

    @property
    def name(self) -> str:
        """Name the source as it stands in the address and in the ledger."""
        ...

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:
        """Tell whether the store signed these very bytes, compared in constant time."""
        ...

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return the id that tells a repeated delivery from a new one; only what is signed may count."""
        ...

    def read(self, body: bytes) -> EventFacts:
        """Return the order and refunds that a body tells of; raise UnreadableError where it says nothing usable."""
        ...


class DayReport(NamedTuple):
    """A platform's own report of its sales by day: its title, and its names of our columns that it has."""

    title: str
    columns: Mapping[str, str]


class SourceKind(NamedTuple):
    """A kind of order source: its name in addresses, settings and ledger, and how one is made of a secret.

    `meaning` is that of its secret in the table of settings; `make` raises ValueError, with the remedy,
    for a secret that no store of this kind has. `report` is None where the store's report has our own columns.
    """

    name: str
    meaning: str
    make: Callable[[str], OrderSource]
    report: DayReport | None = None
