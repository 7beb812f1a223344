"""Facts of an order or a refund, in one shape for every source's events; plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple


class UnreadableError(ValueError):
    """A body with a right signature that says nothing usable; the text says why."""


class LineItem(NamedTuple):
    """One line of an order; `unit_price_minor` in minor units of the order's currency, below zero for a discount.

    `quantity` may be a part of a unit (half a metre), and is None where it could not be read. `variant_id` helps to
    find the product and is kept nowhere.
    """

    product_id: str
    sku: str
    title: str
    quantity: Decimal | None
    unit_price_minor: int
    variant_id: str = ""


class RefundFacts(NamedTuple):
    """Money given back, by the refund's own id; below zero for one that failed, and so is the store's again."""

    refund_id: str
    order_id: str
    amount_minor: int
    currency: str
    at: datetime


class Presentment(NamedTuple):
    """Presentment money: what the customer saw of an order's total, in the currency of its checkout."""

    currency: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order as one event has it; tokens are still unverified, in the order in which they are to be tried.

    `total_minor` is what counts as revenue before refunds: of an order that is paid in part what was paid, and
    without gift cards that it sells. `paid` and `cancelled` are false where this event says nothing of it.
    """

    order_id: str
    placed_at: datetime
    updated_at: datetime
    currency: str
    total_minor: int
    paid: bool
    cancelled: bool
    test: bool
    visitor_tokens: tuple[str, ...]
    click_tokens: tuple[str, ...]
    lines: tuple[LineItem, ...]
    number: str = ""
    presentment: Presentment | None = None
    paid_minor: int | None = None
    outstanding_minor: int | None = None


class PrivacyRequest(NamedTuple):
    """Request about personal data: to disclose or redact a customer's by their orders, or to redact the whole shop's.

    `customer` and `names` (address, telephone) are what bodies call the customer.
    """

    asks: Literal["disclose", "redact", "redact_shop"]
    orders: tuple[str, ...]
    customer: str = ""
    names: tuple[str, ...] = ()


class PaymentOf(NamedTuple):
    """Payment that refunds name, and the id that its order goes by: a subscription's order goes by its invoice."""

    payment: str
    order_id: str


class EventFacts(NamedTuple):
    """Facts of one event: perhaps an order, perhaps refunds; neither where it is of no concern.

    `remarks` say what of it could not be read, while the rest counts. With `privacy` it is no event of an order at all.
    `deleted` is the id of an order that the store deleted.
    """

    topic: str
    order: OrderFacts | None
    refunds: tuple[RefundFacts, ...]
    remarks: tuple[str, ...] = ()
    privacy: PrivacyRequest | None = None
    deleted: str = ""
    payment: PaymentOf | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether the event says nothing of an order."""
        return self.order is None and not (self.refunds or self.deleted or self.payment)

    def latest(self) -> datetime | None:
        """Return the latest moment that the event speaks of, None where it speaks of none."""
        moments = [refund.at for refund in self.refunds]
        if self.order is not None:
            moments += [self.order.placed_at, self.order.updated_at]
        return max(moments, default=None)


SUM_OF = "sum of "


def sum_id(order_id: str) -> str:
    """Return the id of the one refund that stands for all of an order's: files tell their sum, and no single one.

    It counts where it is more than those that are known one by one.
    """
    return f"{SUM_OF}{order_id}"[:200]
