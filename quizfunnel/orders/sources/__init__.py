"""Where orders come from: a folder a source, each with its signature and its reading of a body."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from quizfunnel.orders.event import EventFacts


class OrderSource(Protocol):
    """One way in which a store tells of its orders."""

    @property
    def name(self) -> str:
        """Name the source as it stands in the address and in the ledger."""
        ...

    def is_genuine(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:
        """Tell whether the store signed these very bytes, compared in constant time."""
        ...

    def delivery(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Return what tells a repeated delivery from a new one; only what is signed may count."""
        ...

    def read(self, body: bytes) -> EventFacts:
        """Return what the body says; raise UnreadableError where it says nothing usable."""
        ...
