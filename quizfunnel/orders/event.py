"""Facts of an order or a refund, in one shape for every source's events; plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class UnreadableError(ValueError):
    """A body with a right signature that says nothing usable; the text says why."""


class LineItem(NamedTuple):
    """One line of an order; `unit_price_minor` in minor units of the order's currency."""

    product_id: str
    sku: str
    title: str
    quantity: int
    unit_price_minor: int


class RefundFacts(NamedTuple):
    """Money given back, by the refund's own id."""

    refund_id: str
    order_id: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order as one event has it; tokens are still unverified.

    `paid` and `cancelled` are false where this event says nothing of it.
    """

    order_id: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    total_minor: int
    paid: bool
    cancelled: bool
    test: bool
    visitor_token: str | None
    click_token: str | None
    lines: tuple[LineItem, ...]


class EventFacts(NamedTuple):
    """Facts of one event: perhaps an order, perhaps refunds; neither where it is of no concern."""

    topic: str
    order: OrderFacts | None
    refunds: tuple[RefundFacts, ...]
