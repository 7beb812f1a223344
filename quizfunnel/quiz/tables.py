"""Rows of published quiz versions."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class QuizVersion(SQLModel, table=True):
    """One content of a quiz file as it was first served; attempts stay on the version they began with."""

    __tablename__ = "quiz_version"

    id: str = Field(primary_key=True, max_length=64)  # sha256 of the file, hexadecimal
    quiz: str = Field(index=True, max_length=64)
    body: str  # the YAML text
    products: str  # the catalogue's products as JSON, for when its file is gone
    published_at: datetime = Field(sa_type=UtcDateTime)
