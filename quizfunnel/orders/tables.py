"""Rows of the inbox and of the ledger. Money is in integer minor units of the order's currency."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class OrderEvent(SQLModel, table=True):
    """One signed delivery, its bytes as they came; `dead` when they could not be read."""

    __tablename__ = "order_event"
    __table_args__ = (
        UniqueConstraint("source", "delivery", name="order_event_delivery"),
        CheckConstraint("state IN ('new', 'applied', 'stale', 'ignored', 'dead')", name="order_event_state"),
        Index("order_event_state_at", "state", "received_at"),
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


class Order(SQLModel, table=True):
    """One order of one source, as its newest event says."""

    __tablename__ = "shop_order"
    __table_args__ = (
        Index("shop_order_visitor", "visitor_id", "placed_at"),
        Index("shop_order_placed", "source", "placed_at"),
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


class OrderLine(SQLModel, table=True):
    """One line of an order and the catalogue's product that it was found to be, if any."""

    __tablename__ = "order_line"

    source: str = Field(primary_key=True, max_length=32)
    order_id: str = Field(primary_key=True, max_length=200)
    position: int = Field(primary_key=True)
    product_id: str = Field(default="", max_length=200)
    sku: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=500)
    quantity: int
    unit_price_minor: int = Field(sa_type=BigInteger)
    product: str | None = Field(default=None, max_length=200)
    matched_by: str = Field(default="", max_length=8)  # id, sku, title, or empty
    cost_minor: int | None = Field(default=None, sa_type=BigInteger)  # a unit's, as the catalogue said then


class Refund(SQLModel, table=True):
    """Money given back; it may come before its order."""

    __table_args__ = (Index("refund_at", "source", "at"),)

    source: str = Field(primary_key=True, max_length=32)
    refund_id: str = Field(primary_key=True, max_length=200)
    order_id: str = Field(index=True, max_length=200)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    at: datetime = Field(sa_type=UtcDateTime)


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
