"""Rows of experiments, frozen when their first visitor enters."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class FrozenExperiment(SQLModel, table=True):
    """What an experiment was set to measure, frozen when its first visitor entered."""

    __tablename__ = "experiment"

    quiz: str = Field(primary_key=True, max_length=64)  # or `*`
    name: str = Field(primary_key=True, max_length=64)
    simulated: bool = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    design: str  # JSON; `experiment/design.py` writes and reads it
    fingerprint: str = Field(max_length=64)  # SHA-256 of `design`
