"""Tables of offers, the products in them, their impressions and their clicks."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from quizfunnel.store.types import PARTITIONED, UtcDateTime, month_of_at


class Offer(SQLModel, table=True):
    """Offer chosen for one finished attempt and one set of answers; never changed.

    The composite foreign key refers to the attempt's `finished_at`, so that no offer can exist for
    an attempt that is not finished. `answers` is the JSON object of the answers that it was chosen for,
    `eligible` the JSON list of product ids that were allowed, in catalogue order; with `model`, `seed`
    and `policy` every propensity can be computed again. `fallback` says in a word why the rules chose
    although a model should have. While two models are compared `rival` names the other one, and
    `model_share` is the chance with which `model` was the one to choose.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "finished_at"], ["attempt.id", "attempt.finished_at"], name="offer_finished_attempt"
        ),
        UniqueConstraint("attempt_id", "answers_hash", name="offer_answers"),
        UniqueConstraint("attempt_id", "revision", name="offer_revision"),
        CheckConstraint("model_share > 0 AND model_share <= 1", name="offer_model_share"),
    )

    id: str = Field(primary_key=True, max_length=32)
    attempt_id: str = Field(max_length=32)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    answers_hash: str = Field(max_length=64)
    revision: int
    chosen_at: datetime = Field(sa_type=UtcDateTime)
    show: int
    answers: str  # JSON object of answers by question
    model: str = Field(max_length=64)  # a version, or "rules" until a trained model serves
    fallback: str = Field(default="", max_length=32)
    rival: str = Field(default="", max_length=64)
    model_share: float = 1.0
    policy: str  # JSON: temperature, epsilon, k
    seed: str = Field(max_length=128)
    eligible: str  # JSON list of product ids
    rejected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rejected_why: str = Field(default="", max_length=500)
    catalog_version: str | None = Field(default=None, foreign_key="catalog_version.id", max_length=64)
    sections: str = ""  # JSON list of {section, show, policy, eligible}; empty where the offer has no sections


class OfferItem(SQLModel, table=True):
    """One product of an offer. Ranks above `show` are the next ones, shown when the first suit nobody.

    Ranks are those within a `section` of the offer, which is empty where it has none; a product stands in one alone.
    """

    __tablename__ = "offer_item"
    __table_args__ = (
        UniqueConstraint("offer_id", "product", name="offer_item_product"),
        CheckConstraint("rank >= 1", name="offer_item_rank"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="offer_item_propensity"),
    )

    offer_id: str = Field(primary_key=True, foreign_key="offer.id", max_length=32)
    section: str = Field(default="", primary_key=True, max_length=64)
    rank: int = Field(primary_key=True)
    product: str = Field(max_length=200)
    score: float
    propensity: float  # of this product in this slot, given the slots before it
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    reasons: str  # JSON list of sentences


class OfferView(SQLModel, table=True):
    """One time an offer was put before the shopper, up to which rank."""

    __tablename__ = "offer_view"
    __table_args__ = (Index("offer_view_offer", "offer_id", "at"), PARTITIONED)

    id: str = Field(primary_key=True, max_length=32)
    month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False, "default": month_of_at})
    offer_id: str = Field(foreign_key="offer.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    up_to: int


class Click(SQLModel, table=True):
    """One way from an offer to a product page; its id is the click token's payload."""

    id: str = Field(primary_key=True, max_length=32)
    offer_id: str = Field(foreign_key="offer.id", index=True, max_length=32)
    product: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcDateTime)
