"""Rows of the log as plain values; moments in milliseconds since 1970; pure."""

from dataclasses import dataclass
from typing import NamedTuple


class Purchase(NamedTuple):
    """One order that counts as a purchase."""

    source: str
    order_id: str
    visitor: str | None
    at: int


class AttemptTimes(NamedTuple):
    """One attempt; moments in milliseconds since 1970."""

    id: str
    visitor: str | None
    started: int
    finished: int | None
    first_question: str


class AnswerRevision(NamedTuple):
    """One revision of an answer; times in milliseconds, None where there is no timing."""

    attempt: str
    question: str
    at: int
    wall: int | None
    active: int | None
    source: str
    following: str | None


class Stages(NamedTuple):
    """Attempts by id that came as far as the offer's page, and as far as a product."""

    opened: frozenset[str]
    clicked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Size:
    """Size of one sort of log: shoppers, and orders that are no tests."""

    visitors: int
    orders: int


@dataclass(frozen=True, slots=True)
class StoreOrders:
    """Orders of the whole store: those that count, those of them without a visitor, their lines, odd deliveries.

    `unreadable` deliveries are in no ledger, `waiting` ones are of a moment to come, of those `read_in_part` some line
    or refund is missing; `unconverted` refunds are in a currency without a rate. `refused` were not taken at all.
    """

    orders: int
    unattributed: int
    lines: int
    lines_unmatched: int
    unreadable: int
    waiting: int = 0
    read_in_part: int = 0
    unconverted: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Direct:
    """Direct visitors of the quiz, without a start of the clock: in no arm, shown apart."""

    visitors: int
    started: int
    finished: int
    buyers: int
