"""Metric, as an entry of the catalogue: its words, its method, and the estimand that both arms have of it; pure.

Two estimands carry every figure that the arms are compared on. A share is of visitors, and a ratio of two counts is one
too: those who ordered again, of those who ordered. A mean is of money, one a currency, cut where its measure has a cap.
Either may be a guardrail.
"""

from typing import Literal, NamedTuple

from quizfunnel.log.measures import Measure

Role = Literal["headline", "outcome", "guardrail"]
Count = str | Measure
"""Visitors counted: by a column of the cells, or as those with orders of a measure."""


class Share(NamedTuple):
    """Share of the visitors in `of`, who must be all of those that are `counted` and may be more."""

    counted: Count
    of: Count = "visitors"


class MeasureCoverage(NamedTuple):
    """Coverage of a measure that not every order has: the mean is shown where the `least` share of both arms' has it.

    How many orders have it is the CSV's `row` and the JSON's `field`, and on the page one of three sentences: that
    `none` has it, that too `few` have it, or of how many it is `known`, with places for the numbers of orders.
    """

    least: float
    row: str
    field: str
    none: str
    few: str
    known: str


class Mean(NamedTuple):
    """Mean of a measure of money over all visitors of an arm, with those that brought nothing."""

    measure: Measure
    coverage: MeasureCoverage | None = None


class Metric(NamedTuple):
    """One metric; `by` names the functions that compute it, by their module within the package.

    A `randomised` metric exists where a holdout runs only, and only such a one may speak of a cause. One that the arms
    are compared on has the `label` of its row and its `estimand`. The limits of its difference are tightest for a
    `planned` rate and change, or for the trial's own plan. The `headline` of each estimand stands first; a `guardrail`
    must not be worsened. A `term` is a word of the glossary with its sentence.
    """

    name: str
    numerator: str
    denominator: str
    method: str
    source: str
    says: str
    by: tuple[str, ...]
    randomised: bool = False
    label: str = ""
    estimand: Share | Mean | None = None
    role: Role = "outcome"
    planned: tuple[float, float] | None = None
    term: tuple[str, str] | None = None
