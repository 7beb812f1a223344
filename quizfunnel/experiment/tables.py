"""Rows of experiments, frozen when their first visitor enters."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class FrozenExperiment(SQLModel, table=True):
    """Settings of an experiment, frozen when its first visitor entered."""

    __tablename__ = "experiment"
    __table_args__ = (
        CheckConstraint(
            "(cap_minor IS NULL) = (cap_at IS NULL) AND (cap_currency IS NULL) = (cap_at IS NULL)",
            name="experiment_cap",
        ),
    )

    quiz: str = Field(primary_key=True, max_length=64)  # or `*`
    name: str = Field(primary_key=True, max_length=64)
    simulated: bool = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    design: str  # JSON; `experiment/design.py` writes and reads it
    fingerprint: str = Field(max_length=64)  # SHA-256 of `design`
    cap_minor: int | None = Field(default=None, sa_type=BigInteger)  # the most that an order counts for: written once,
    cap_currency: str | None = Field(default=None, max_length=3)  # blind to the arms, when there are orders enough
    cap_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DailyLook(SQLModel, table=True):
    """One look at an experiment's metric, at the end of a day (UTC): written once, and never again."""

    __tablename__ = "daily_look"
    __table_args__ = (
        ForeignKeyConstraint(
            ["quiz", "experiment", "simulated"],
            ["experiment.quiz", "experiment.name", "experiment.simulated"],
            name="daily_look_experiment",
        ),
    )

    quiz: str = Field(primary_key=True, max_length=64)
    experiment: str = Field(primary_key=True, max_length=64)
    simulated: bool = Field(primary_key=True)
    metric: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    low: float | None = Field(default=None, sa_type=Double)
    high: float | None = Field(default=None, sa_type=Double)  # null is no limit
    verdict: str = Field(max_length=16)
    written_at: datetime = Field(sa_type=UtcDateTime)
