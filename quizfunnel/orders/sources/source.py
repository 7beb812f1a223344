"""Order sources as a type: one way in which a store tells of its orders, and the kind that it is of; pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from quizfunnel.orders.event import EventFacts
from quizfunnel.orders.sources.order_export import OrderExport


class RefusalReason(StrEnum):
    """Reason why a delivery is not taken; nothing of it is kept but that it came."""

    UNSIGNED = "unsigned"
    SIGNATURE = "signature"
    CLOCK = "clock"
    TOO_LARGE = "too large"
    NO_SECRET = "no secret"  # noqa: S105 - a reason, and no secret

    @property
    def meaning(self) -> str:
        """Say what is wrong and what to do, without the name of a setting."""
        return _MEANINGS[self]


_MEANINGS = {
    RefusalReason.UNSIGNED: "no signature came with the body; send it with the secret",
    RefusalReason.SIGNATURE: "the signature does not fit the body; write the secret that the store signs with",
    RefusalReason.CLOCK: "the signature is of a moment more than five minutes away; set the clocks of both machines",
    RefusalReason.TOO_LARGE: "the body is larger than 1 MiB; an order is not",
    RefusalReason.NO_SECRET: "the source has no secret here; set it",
}


class BodyReader(Protocol):
    """Reader of the bodies of a source, by its name; a source is one, and so is its kind."""

    @property
    def name(self) -> str:
        """Name the source as it stands in the ledger."""
        ...

    @property
    def read(self) -> Callable[[bytes], EventFacts]:
        """Return the facts of a body; UnreadableError where it says nothing usable."""
        ...


class OrderSource(Protocol):
    """One way in which a store tells of its orders, with its secret."""

    @property
    def name(self) -> str:
        """Name the source as it stands in the address and in the ledger."""
        ...

    def refusal(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> RefusalReason | None:
        """Return why the store did not sign these very bytes, compared in constant time; None where it did."""
        ...

    def signer(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """Return which of the secrets that are set signed these bytes, at whatever moment; None where none did."""
        ...

    def is_greeting(self, body: bytes) -> bool:
        """Tell whether a body only tries the address, unsigned: it is answered 200 and means nothing."""
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
    for a secret that no store of this kind has. `read` reads a body, for which no secret is needed. `page` tells
    how a shop of this kind is connected, and `first_step` what to click there so that something comes. `report` is None
    where the store's report has our own columns, `export` where there is no file of its orders.
    """

    name: str
    meaning: str
    make: Callable[[str], OrderSource]
    read: Callable[[bytes], EventFacts]
    page: str
    first_step: str
    report: DayReport | None = None
    export: OrderExport | None = None
