"""Explanations of an offer as plain values: a product taken apart, question by question; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple


class QuestionContribution(NamedTuple):
    """Contribution of one question to a product's score: by the rules, and as learnt, in log-odds.

    `beside` is the sum of both above its mean over the products that were allowed.
    """

    question: str
    answer: str
    rules: float
    learnt: float
    beside: float


class ProductExplanation(NamedTuple):
    """One product taken apart.

    `section` is the one that it stands in, or the first that could show it; `rank` and `propensity` are those of the
    slot it stands in, `first` is the chance that it had of leading its section, after what earlier ones showed.
    Where the model is no longer there `parts` are those of the rules alone, and `base` is None.
    """

    product: str
    title: str
    rank: int | None
    score: float | None
    propensity: float | None
    first: float | None
    reasons: Sequence[str]
    forbidden: Sequence[str]
    base: float | None
    parts: Sequence[QuestionContribution]
    section: str = ""


class ExplainedSection(NamedTuple):
    """One section of an offer: how many products it shows at once, and how many it had to choose from."""

    section: str
    show: int
    eligible: int


class Explanation(NamedTuple):
    """One offer taken apart: who chose it, from what, and every product that was or was not chosen.

    `page` is the highest rank that is shown at once; without `sections` as many as are shown.
    """

    attempt: str
    quiz: str
    version: str
    revision: int
    chosen_at: datetime
    show: int
    answers: Mapping[str, str]
    model: str
    fallback: str
    rival: str
    model_share: float
    policy: Mapping[str, float]
    notes: Sequence[str]
    chosen: Sequence[ProductExplanation]
    others: Sequence[ProductExplanation]
    forbidden: Sequence[ProductExplanation]
    page: int = 0
    sections: Sequence[ExplainedSection] = ()
