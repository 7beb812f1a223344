"""Rows of the outbox: what is to be sent, to whom by reference alone, and how that went."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class Outbox(SQLModel, table=True):
    """One message that is due: its body is built when it is sent, so that erasing its subject empties it."""

    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "channel", "topic", name="outbox_once"),
        CheckConstraint("tries >= 0", name="outbox_tries"),
        CheckConstraint("state IN ('due', 'sent', 'dead')", name="outbox_state"),
        Index("outbox_due", "state", "due_at"),
    )

    id: str = Field(primary_key=True, max_length=32)
    subject_kind: str = Field(max_length=16)
    subject_id: str = Field(max_length=64)
    channel: str = Field(max_length=16)
    topic: str = Field(default="", max_length=64)
    due_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    state: str = Field(max_length=8)
    error: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
