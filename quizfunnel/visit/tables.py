"""Tables of visitors, their page views, events and arms, and of what is counted or erased of them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import PARTITIONED, UtcDateTime, month_of_at

KINDS = ("shopper", "bot", "staff", "test")


class Visitor(SQLModel, table=True):
    """One browser, by first-party cookie; only `shopper` visitors enter a figure."""

    __table_args__ = (
        CheckConstraint("kind IN ('shopper', 'bot', 'staff', 'test')", name="visitor_kind"),
        Index("visitor_seen", "first_seen"),
    )

    id: str = Field(primary_key=True, max_length=32)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=8)
    kind_reason: str = Field(default="", max_length=80)
    device: str = Field(default="", max_length=16)
    channel: str = Field(default="", max_length=32)
    landing_page: str = Field(default="", max_length=200)
    simulated: bool = False


class PageView(SQLModel, table=True):
    """One view of a page of the store or of a quiz's promise."""

    __tablename__ = "page_view"
    __table_args__ = (Index("page_view_visitor", "visitor_id", "at"), PARTITIONED)

    id: str = Field(primary_key=True, max_length=32)
    month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False, "default": month_of_at})
    visitor_id: str = Field(foreign_key="visitor.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    path: str = Field(max_length=200)
    visible_ms: int | None = None


class Assignment(SQLModel, table=True):
    """A visitor's arm in one experiment of one quiz, or of the store (`*`): set at t0, never changed.

    In a comparison of two quizzes `holdout_share` is the share of the first.
    """

    __table_args__ = (
        CheckConstraint("arm IN ('invited', 'holdout', 'first', 'second')", name="assignment_arm"),
        CheckConstraint("holdout_share >= 0 AND holdout_share < 1", name="assignment_share"),
        CheckConstraint("window_days >= 1", name="assignment_window"),
        Index("assignment_quiz", "quiz", "experiment", "t0"),
    )

    visitor_id: str = Field(primary_key=True, foreign_key="visitor.id", max_length=32)
    quiz: str = Field(primary_key=True, max_length=64)
    experiment: str = Field(primary_key=True, max_length=64)
    arm: str = Field(max_length=8)
    t0: datetime = Field(sa_type=UtcDateTime)
    holdout_share: float
    window_days: int


class VisitorEvent(SQLModel, table=True):
    """Event of a visitor, as a snippet, a hook or a verb told it; nobody's where `visitor_id` is null.

    `event_id` is the teller's own, so that telling it twice is telling it once. `late` events came after the window
    that they would have counted in was read.
    """

    __tablename__ = "visitor_event"
    __table_args__ = (
        CheckConstraint("(value_minor IS NULL) = (currency IS NULL)", name="visitor_event_value"),
        Index("visitor_event_visitor", "visitor_id", "name", "at"),
        Index("visitor_event_name", "name", "at"),
    )

    source: str = Field(primary_key=True, max_length=32)
    event_id: str = Field(primary_key=True, max_length=200)
    name: str = Field(max_length=64)
    visitor_id: str | None = Field(default=None, foreign_key="visitor.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
    late: bool = False
    simulated: bool = False


class RateCount(SQLModel, table=True):
    """Rate counter over all workers: events of a kind, such as a network's new visitors, within one window of time.

    `digest` is keyed: neither an address nor an account can be read from it.
    """

    __tablename__ = "rate_count"
    __table_args__ = (CheckConstraint("count >= 0", name="rate_count_count"), Index("rate_count_window", "window"))

    kind: str = Field(primary_key=True, max_length=32)
    digest: str = Field(primary_key=True, max_length=64)
    window: datetime = Field(primary_key=True, sa_type=UtcDateTime)  # its start
    count: int


class DayCount(SQLModel, table=True):
    """Daily counter (UTC) of events of which nothing else is kept, such as a view without consent."""

    __tablename__ = "day_count"
    __table_args__ = (CheckConstraint("count >= 0", name="day_count_count"),)

    kind: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True, max_length=200)  # such as the quiz, or empty
    day: date = Field(primary_key=True)
    count: int = Field(sa_type=BigInteger)


class UsedToken(SQLModel, table=True):
    """A token that opens something once, and has: kept until it would have expired anyway."""

    __tablename__ = "used_token"
    __table_args__ = (Index("used_token_expires", "expires_at"),)

    digest: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=16)
    used_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class RevokedToken(SQLModel, table=True):
    """A token that opens nothing any more though it has not expired."""

    __tablename__ = "revoked_token"
    __table_args__ = (Index("revoked_token_expires", "expires_at"),)

    digest: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=16)
    revoked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Erasure(SQLModel, table=True):
    """One visitor, order, attempt or lead that was erased, by a digest under a key that never rotates."""

    __table_args__ = (
        CheckConstraint("kind IN ('visitor', 'order', 'attempt', 'lead')", name="erasure_kind"),
        Index("erasure_at", "at"),
    )

    digest: str = Field(primary_key=True, max_length=64)
    kind: str = Field(primary_key=True, max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
