"""Page context of the shopper's own record: one frozen value, nothing else; pure."""

from dataclasses import dataclass
from typing import NamedTuple


class KeptAnswer(NamedTuple):
    """One question with the answer that is kept, both in words."""

    question: str
    answer: str


class KeptOrder(NamedTuple):
    """One order of the shop that is linked: its number there, its day, and its total in minor units."""

    number: str
    day: str
    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class MinePage:
    """`shopper/mine.html`: what is kept of a shopper, in words, and the form that deletes it.

    `minutes` is the time that was spent, 0 for less than half a minute, None where none was measured. `whole` tells
    that the browser itself is remembered: its page views are kept, and deleted, too. `back` is empty where the quiz
    has ended; `access` is the attempt's token where there is no cookie.
    """

    lang: str
    title: str
    day: str
    minutes: int | None
    answers: tuple[KeptAnswer, ...]
    products: tuple[str, ...]
    orders: tuple[KeptOrder, ...]
    whole: bool
    page_views: int
    delete_action: str
    back: str
    access: str = ""
    error: str = ""
