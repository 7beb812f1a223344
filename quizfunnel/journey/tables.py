"""Rows of attempts, their answers and the views of their questions."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import PARTITIONED, UtcDateTime

SOURCES = ("client", "clamped", "server", "none")


class Attempt(SQLModel, table=True):
    """One shopper's run through one quiz version; `finished_at` is set once and never cleared."""

    __table_args__ = (
        UniqueConstraint("id", "finished_at", name="attempt_finished"),
        CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name="attempt_order"),
        CheckConstraint("entry IN ('page', 'frame', 'popup', 'door')", name="attempt_entry"),
        CheckConstraint("token_kind IN ('', 'visitor', 'session', 'address')", name="attempt_token_kind"),
        Index("attempt_quiz", "quiz", "started_at"),
        Index("attempt_visitor", "visitor_id", "quiz", "started_at"),
        Index(
            "attempt_unfinished",
            "started_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    quiz: str = Field(max_length=64)
    version: str = Field(foreign_key="quiz_version.id", max_length=64)
    visitor_id: str | None = Field(default=None, foreign_key="visitor.id", max_length=32)
    first_question: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kind: str = Field(default="shopper", max_length=8)  # as the visitor's kind; kept here for who has no visitor id
    simulated: bool = False
    language: str = Field(default="", max_length=35)  # BCP 47, in which it was taken; empty before that was kept
    entry: str = Field(default="page", max_length=8)  # by which door the shopper came
    token_kind: str = Field(default="", max_length=8)  # what lets the browser go on with it; empty before that was kept


class Answer(SQLModel, table=True):
    """One revision of an answer, in the order in which it was given.

    Times are milliseconds that this revision adds: wall time since the question was shown, active
    time (30 s rule) and its stricter form (10 s rule). The sum over all revisions of an attempt is
    its invested time. `value` is JSON: a choice id, a sorted list of them, a number, or null for a
    question that was skipped. `next_question` is what the shopper was shown then, null at the end.
    """

    __table_args__ = (
        CheckConstraint("revision >= 1", name="answer_revision"),
        CheckConstraint("source IN ('client', 'clamped', 'server', 'none')", name="answer_source"),
        CheckConstraint(
            "(wall_ms IS NULL AND active_ms IS NULL AND active10_ms IS NULL) OR "
            "(active10_ms >= 0 AND active10_ms <= active_ms AND active_ms <= wall_ms)",
            name="answer_times",
        ),
    )

    attempt_id: str = Field(primary_key=True, foreign_key="attempt.id", max_length=32)
    question: str = Field(primary_key=True, max_length=64)
    revision: int = Field(primary_key=True)
    value: str
    nonce: str | None = Field(default=None, max_length=32)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime = Field(sa_type=UtcDateTime)
    wall_ms: int | None = None
    active_ms: int | None = None
    active10_ms: int | None = None
    source: str = Field(max_length=8)
    wall_clock: str = Field(default="", max_length=9)  # monotonic, or utc where the machine restarted in between
    next_question: str | None = Field(default=None, max_length=64)


class QuestionView(SQLModel, table=True):
    """The latest beacon of one rendered question: cumulative times of that view, in milliseconds."""

    __tablename__ = "question_view"
    __table_args__ = (
        CheckConstraint("active10_ms >= 0 AND active10_ms <= active_ms AND active_ms <= wall_ms", name="view_times"),
        PARTITIONED,
    )

    attempt_id: str = Field(primary_key=True, foreign_key="attempt.id", max_length=32)
    question: str = Field(primary_key=True, max_length=64)
    nonce: str = Field(primary_key=True, max_length=32)
    month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # of the attempt's start
    seq: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UtcDateTime)
    wall_ms: int
    active_ms: int
    active10_ms: int
    source: str = Field(max_length=8)
