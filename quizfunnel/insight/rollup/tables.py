"""Rows of the rollup: cells of the log, to be read instead of it; all of it can be made again."""

from datetime import datetime

from sqlalchemy import BigInteger, Double, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import UtcDateTime


class Rollup(SQLModel, table=True):
    """The rollup of one quiz and experiment (empty where there is none), of simulated or of real visitors."""

    __table_args__ = (UniqueConstraint("quiz", "experiment", "simulated", name="rollup_of"),)

    id: int | None = Field(default=None, primary_key=True)
    quiz: str = Field(max_length=64)
    experiment: str = Field(max_length=64)
    simulated: bool
    as_of: datetime = Field(sa_type=UtcDateTime)
    caps: str  # JSON: the most that an order counts for, in minor units by currency
    beside: str  # JSON: what is no visitor's cell, such as the funnel and the health of the log


class RollupDay(SQLModel, table=True):
    """One day of t0 (days since 1970, UTC): the mark of what its cells were made from, and when they were."""

    __tablename__ = "rollup_day"

    rollup_id: int = Field(primary_key=True, foreign_key="rollup.id")
    day: int = Field(primary_key=True)
    mark: str = Field(max_length=64)
    as_of: datetime = Field(sa_type=UtcDateTime)


class RollupCell(SQLModel, table=True):
    """Visitors that are alike, as counts and sums; `insight/cells/statement.py` says what each column is.

    A row without a currency counts visitors; one with a currency sums money, in minor units. The same
    visitors are there in three grains, each of which adds up to all of them, told apart by `fine`: 0 without
    covariates, 1 by device and channel, and 2, of the declared window alone, also by landing page, hour and
    whether they came before.
    """

    __tablename__ = "rollup_cell"
    __table_args__ = (
        Index("rollup_cell_read", "rollup_id", "fine", "days", "day"),
        Index("rollup_cell_day", "rollup_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    rollup_id: int = Field(foreign_key="rollup.id")
    fine: int
    day: int
    arm: str = Field(max_length=8)
    share: float
    declared: int
    days: int
    mature: int
    state: str = Field(max_length=8)
    band: int
    device: str = Field(max_length=16)
    channel: str = Field(max_length=32)
    landing: str = Field(max_length=200)
    hour: int
    came_before: int
    currency: str = Field(max_length=16)  # or another measure, as `measures.py` names it
    visitors: int = Field(sa_type=BigInteger)
    buyers: int = Field(sa_type=BigInteger)
    orders: int = Field(sa_type=BigInteger)
    stayed: int = Field(sa_type=BigInteger)
    stayed_buyers: int = Field(sa_type=BigInteger)
    revenue: int = Field(sa_type=BigInteger)
    revenue_squared: float = Field(sa_type=Double)
    revenue_prior: float = Field(sa_type=Double)
    capped: int = Field(sa_type=BigInteger)
    capped_squared: float = Field(sa_type=Double)
    capped_prior: float = Field(sa_type=Double)
    prior: int = Field(sa_type=BigInteger)
    prior_squared: float = Field(sa_type=Double)
    prior_buyers: int = Field(sa_type=BigInteger)
    first_t0: int | None = Field(default=None, sa_type=BigInteger)
    last_t0: int | None = Field(default=None, sa_type=BigInteger)
    first_buyer_t0: int | None = Field(default=None, sa_type=BigInteger)
    latest_order: int | None = Field(default=None, sa_type=BigInteger)
