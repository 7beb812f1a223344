"""Rows of staff: people and their sessions, what they did, and the runs of recurring work."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class Staff(SQLModel, table=True):
    """One person of the store's staff; without a password hash only a one-time link lets them in."""

    __table_args__ = (
        CheckConstraint("role IN ('admin', 'analyst', 'merchandiser')", name="staff_role"),
        CheckConstraint("name = lower(name) AND name <> ''", name="staff_name"),
    )

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(unique=True, max_length=200)  # what they sign in with, in small letters
    role: str = Field(max_length=16)
    password_hash: str = Field(default="", max_length=255)  # argon2id
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffSession(SQLModel, table=True):
    """One browser that is signed in, by the digest of its cookie; signing out ends it here."""

    __tablename__ = "staff_session"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="staff_session_order"),
        Index("staff_session_staff", "staff_id"),
        Index("staff_session_expires", "expires_at"),
    )

    digest: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInTry(SQLModel, table=True):
    """One try to sign in, by keyed digests of the account and of the network: counted over workers and restarts."""

    __tablename__ = "sign_in_try"
    __table_args__ = (
        Index("sign_in_try_account", "account", "at"),
        Index("sign_in_try_network", "network", "at"),
    )

    id: str = Field(primary_key=True, max_length=32)
    account: str = Field(max_length=64)
    network: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    succeeded: bool


class Audit(SQLModel, table=True):
    """One thing that somebody of the staff, or the command, did: who, when, to what."""

    __table_args__ = (Index("audit_at", "at"),)

    id: str = Field(primary_key=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=32)  # null is the command
    action: str = Field(max_length=64)
    subject: str = Field(default="", max_length=200)
    detail: str = ""  # JSON object, or empty


class Note(SQLModel, table=True):
    """A note on the timeline of a quiz's figures, or of the whole store's (`*`)."""

    __table_args__ = (Index("note_quiz", "quiz", "day"),)

    id: str = Field(primary_key=True, max_length=32)
    quiz: str = Field(max_length=64)
    day: date
    text: str = Field(max_length=500)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    written_at: datetime = Field(sa_type=UtcDateTime)


class NightlyRun(SQLModel, table=True):
    """One run of the recurring work, with its record: what was done, for how long, and what failed."""

    __tablename__ = "nightly_run"
    __table_args__ = (Index("nightly_run_started", "started_at"),)

    id: str = Field(primary_key=True, max_length=32)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    record: str = ""  # JSON object, or empty while it runs
