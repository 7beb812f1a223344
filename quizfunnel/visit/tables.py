"""Tables of visitors, their page views and their assignments to arms."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime

KINDS = ("shopper", "bot", "staff", "test")


class Visitor(SQLModel, table=True):
    """One browser, by first-party cookie; only `shopper` visitors enter a figure."""

    __table_args__ = (CheckConstraint("kind IN ('shopper', 'bot', 'staff', 'test')", name="visitor_kind"),)

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
    __table_args__ = (Index("page_view_visitor", "visitor_id", "at"),)

    id: str = Field(primary_key=True, max_length=32)
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
