"""Rows of leads: what people wrote of themselves, and what they agreed to; apart from answers and figures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class Lead(SQLModel, table=True):
    """One person's contact data from one attempt; what was typed and not submitted goes at `purge_at`, too.

    `address_digest` is keyed, and says whether an address is known without saying which. Purging cuts `attempt_id`.
    """

    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR submitted_at IS NOT NULL", name="lead_confirmed"),
        CheckConstraint("submitted_at IS NULL OR submitted_at >= at", name="lead_submitted"),
        Index("lead_purge", "purge_at"),
        Index("lead_address", "address_digest"),
        Index("lead_attempt", "attempt_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    attempt_id: str | None = Field(default=None, foreign_key="attempt.id", max_length=32)
    quiz: str = Field(max_length=64)
    version: str = Field(foreign_key="quiz_version.id", max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address_digest: str = Field(default="", max_length=64)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    purge_at: datetime = Field(sa_type=UtcDateTime)


class LeadValue(SQLModel, table=True):
    """One field of a lead as it was written."""

    __tablename__ = "lead_value"

    lead_id: str = Field(primary_key=True, foreign_key="lead.id", max_length=32)
    field: str = Field(primary_key=True, max_length=64)
    value: str = Field(max_length=2000)


class LeadConsent(SQLModel, table=True):
    """Consent of a person, given or withdrawn: the sentence, the page and the version that had it, and the moment."""

    __tablename__ = "lead_consent"

    lead_id: str = Field(primary_key=True, foreign_key="lead.id", max_length=32)
    field: str = Field(primary_key=True, max_length=64)
    at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    sentence: str = Field(max_length=500)
    version: str = Field(max_length=64)
    page: str = Field(max_length=500)  # its address
    given: bool
