"""Rows of quiz versions, catalogue versions, and which pairs of them were published when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class QuizVersion(SQLModel, table=True):
    """One content of a quiz file and its language files as it was first served; attempts stay on theirs."""

    __tablename__ = "quiz_version"

    id: str = Field(primary_key=True, max_length=64)  # SHA-256 of the files, hexadecimal; the catalogue is not in it
    quiz: str = Field(index=True, max_length=64)
    body: str  # the YAML text
    published_at: datetime = Field(sa_type=UtcDateTime)
    languages: str = "{}"  # JSON object of the language files' texts, by language


class CatalogVersion(SQLModel, table=True):
    """One content of a catalogue: a price that changes makes a new one, and never a new quiz version."""

    __tablename__ = "catalog_version"

    id: str = Field(primary_key=True, max_length=64)  # SHA-256 of `products`, hexadecimal
    products: str  # JSON, as they were read
    first_seen_at: datetime = Field(sa_type=UtcDateTime)


class Publication(SQLModel, table=True):
    """A quiz version with a catalogue version, as one pair that was, is or will be served."""

    __table_args__ = (
        CheckConstraint("state IN ('scheduled', 'live', 'ended', 'withdrawn')", name="publication_state"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="publication_order"),
        Index("publication_quiz", "quiz", "starts_at"),
        Index("publication_version", "quiz_version", "starts_at"),
        Index(
            "publication_live",
            "quiz",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    quiz: str = Field(max_length=64)
    quiz_version: str = Field(foreign_key="quiz_version.id", max_length=64)
    catalog_version: str = Field(foreign_key="catalog_version.id", max_length=64)
    published_at: datetime = Field(sa_type=UtcDateTime)
    who: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=500)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(max_length=16)


class DiskOffer(SQLModel, table=True):
    """The last pair that a disk showed for a quiz: only another one is news, so that two disks do not alternate."""

    __tablename__ = "disk_offer"

    disk: str = Field(primary_key=True, max_length=32)
    quiz: str = Field(primary_key=True, max_length=64)
    pair: str = Field(max_length=64)  # halves of both hashes, the quiz's first; empty once the file is deleted
    at: datetime = Field(sa_type=UtcDateTime)
