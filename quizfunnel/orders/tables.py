"""Rows of the inbox and of the ledger. Money is in integer minor units of the order's currency."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from quizfunnel.kit.money import exponent
from quizfunnel.store.types import UtcDateTime

MICRO = 1_000_000  # of a quantity's units: half a metre is exact on every database


def _digits(context: Any) -> int:
    """Return the decimals of an order that is being written, by its currency."""
    return exponent(context.get_current_parameters()["currency"])


class OrderEvent(SQLModel, table=True):
    """One signed delivery, its bytes as they came.

    `dead` ones could not be read, `waiting` ones are for a moment to come. Bytes are kept for a while only; `purged_at`
    says when they went.
    """

    __tablename__ = "order_event"
    __table_args__ = (
        UniqueConstraint("source", "delivery", name="order_event_delivery"),
        CheckConstraint("state IN ('new', 'applied', 'stale', 'ignored', 'waiting', 'dead')", name="order_event_state"),
        Index("order_event_state_at", "state", "received_at"),
        Index(
            "order_event_kept",
            "received_at",
            sqlite_where=text("purged_at IS NULL"),
            postgresql_where=text("purged_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    source: str = Field(max_length=32)
    delivery: str = Field(max_length=200)  # the sender's id of the delivery, or the body's sha256
    topic: str = Field(default="", max_length=64)
    received_at: datetime = Field(sa_type=UtcDateTime)
    body: bytes
    state: str = Field(max_length=8)
    error: str = Field(default="", max_length=500)
    simulated: bool = False
    purged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeliveryRefusal(SQLModel, table=True):
    """Count of a source's deliveries that were refused on a day (UTC), by the reason; nothing else of them is kept."""

    __tablename__ = "delivery_refusal"
    __table_args__ = (CheckConstraint("count >= 1", name="delivery_refusal_count"),)

    source: str = Field(primary_key=True, max_length=32)
    day: date = Field(primary_key=True)
    reason: str = Field(primary_key=True, max_length=32)
    count: int


class Order(SQLModel, table=True):
    """One order of one source, as its newest event says.

    `minor_digits` is how many decimals its amounts have, so that what they mean never hangs on a table of
    currencies. `presentment_*` is what the customer saw; `paid_minor` and `outstanding_minor` are null where no
    event told them.
    """

    __tablename__ = "shop_order"
    __table_args__ = (
        Index("shop_order_visitor", "visitor_id", "placed_at"),
        Index("shop_order_placed", "source", "placed_at"),
        CheckConstraint("minor_digits BETWEEN 0 AND 4", name="shop_order_digits"),
        CheckConstraint(
            "(presentment_currency IS NULL) = (presentment_total_minor IS NULL)", name="shop_order_presentment"
        ),
    )

    source: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(primary_key=True, max_length=200)
    visitor_id: str | None = Field(default=None, max_length=32)  # by signed token only; null is unattributed
    conflict: bool = False  # its events named two visitors, by tokens that were both ours: it is nobody's purchase
    click_id: str | None = Field(default=None, max_length=32)
    placed_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    event: str = Field(max_length=64)  # digest of the event it is as of: the tie-break of two of one moment
    currency: str = Field(max_length=3)
    total_minor: int = Field(sa_type=BigInteger)
    paid: bool
    cancelled: bool = False
    test: bool = False
    simulated: bool = False
    order_number: str = Field(default="", max_length=64)  # as the store's people know it
    minor_digits: int = Field(sa_column_kwargs={"default": _digits})
    presentment_currency: str | None = Field(default=None, max_length=3)
    presentment_total_minor: int | None = Field(default=None, sa_type=BigInteger)
    paid_minor: int | None = Field(default=None, sa_type=BigInteger)
    outstanding_minor: int | None = Field(default=None, sa_type=BigInteger)


class OrderLine(SQLModel, table=True):
    """One line of an order and the catalogue's product that it was found to be, if any."""

    __tablename__ = "order_line"

    source: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(primary_key=True, max_length=200)
    position: int = Field(primary_key=True)
    product_id: str = Field(default="", max_length=200)
    sku: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=500)
    unit_price_minor: int = Field(sa_type=BigInteger)
    product: str | None = Field(default=None, max_length=200)
    matched_by: str = Field(default="", max_length=8)  # id, variant, sku, title, or empty
    cost_minor: int | None = Field(default=None, sa_type=BigInteger)  # a unit's, as the catalogue said then
    quantity_micro: int = Field(sa_type=BigInteger)  # millionths


class Refund(SQLModel, table=True):
    """Money given back; it may come before its order.

    Where it is in another currency than its order, `converted_minor` is what it is in the order's, and `converted_by`
    says by which of its two totals; null where nothing told that.
    """

    __table_args__ = (
        CheckConstraint("(converted_minor IS NULL) = (converted_by = '')", name="refund_converted"),
        Index("refund_at", "source", "at"),
    )

    source: str = Field(primary_key=True, max_length=32)
    refund_id: str = Field(primary_key=True, max_length=200)
    order_id: str = Field(index=True, max_length=200)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    at: datetime = Field(sa_type=UtcDateTime)
    converted_minor: int | None = Field(default=None, sa_type=BigInteger)
    converted_by: str = Field(default="", max_length=16)


class DayTotal(SQLModel, table=True):
    """Total of the store's own report for a day of its own time zone; a later report replaces an earlier one.

    The day's bounds are kept as moments, so that the ledger's orders of it are found by index and whoever reads
    them needs no time zone. A day may be sold at a loss: refunds count on their own day.
    """

    __tablename__ = "day_total"
    __table_args__ = (
        CheckConstraint("orders >= 0", name="day_total_orders"),
        CheckConstraint("starts_at < ends_at", name="day_total_bounds"),
    )

    simulated: bool = Field(primary_key=True)
    day: date = Field(primary_key=True)
    source: str = Field(primary_key=True, max_length=32)
    currency: str = Field(primary_key=True, max_length=3)
    time_zone: str = Field(max_length=64)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    orders: int
    total_minor: int = Field(sa_type=BigInteger)
    before_refunds: bool
    told_at: datetime = Field(sa_type=UtcDateTime)
