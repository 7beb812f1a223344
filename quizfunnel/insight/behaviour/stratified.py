"""Stratified ratio: takers' purchase rate over that of others who look alike, from grouped counts; pure.

Computed when the rollup is made and never for a page: it needs scikit-learn. People who look alike still
differ in what no log knows, above all in what they came to buy; the ratio is never a cause.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from quizfunnel.stats import intervals
from quizfunnel.stats.aggregates import Cells, Key
from quizfunnel.stats.causal import EValue, e_value
from quizfunnel.stats.defaults import ALPHA, BURN_IN
from quizfunnel.stats.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COVARIATES = ("device", "channel", "landing", "hour", "returning")
_COMMON = 30  # values of one covariate that stand for themselves; the rest are one


class Stratum(NamedTuple):
    """Visitors alike in all covariates: (buyers, visitors) of the takers and of the others."""

    covariates: tuple[object, ...]
    takers: tuple[int, int]
    others: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The ratio among people alike, beside the one as observed, and how alike they were before and after.

    The gaps are the largest standardised difference of any covariate's value between takers and others.
    """

    ratio: Interval
    crude: Interval
    e_value: EValue
    gap_before: float
    gap_after: float


def strata(cells: Cells, taker: Callable[[Key], bool], other: Callable[[Key], bool]) -> tuple[Stratum, ...]:
    """Return the counts of two groups of visitors by covariates; who is in neither is left out."""
    places = [Key._fields.index(name) for name in COVARIATES]
    counts: dict[tuple[object, ...], list[int]] = {}
    for key, sums in cells.items():
        first = 0 if taker(key) else 2 if other(key) else None
        if first is not None:
            stratum = counts.setdefault(tuple(key[place] for place in places), [0, 0, 0, 0])
            stratum[first] += sums.buyers
            stratum[first + 1] += sums.visitors
    return tuple(Stratum(values, (a, b), (c, d)) for values, (a, b, c, d) in counts.items())


def adj_ratio(strata: Sequence[Stratum], *, alpha: float = ALPHA) -> Adjusted | None:
    """Return the ratio by overlap weights with an outcome model beside them, None where too few bought.

    The weights are those of Li, Morgan & Zaslavsky, "Balancing covariates via propensity score weighting", JASA 113
    (2018). The estimate is augmented by an outcome model, in the form that small errors of either model leave as it
    is (Robins, Rotnitzky & Zhao, JASA 89, 1994; Chernozhukov et al., Econometrics Journal 21, 2018): the overlap
    e (1 - e) is estimated by (A - e)^2. The limits are those of its influence function for the ratio's logarithm.
    """
    counts = _counts(strata)
    takers, others = _pair(counts.takers_bought, counts.takers), _pair(counts.others_bought, counts.others)
    if not all(BURN_IN <= buyers <= visitors - BURN_IN for buyers, visitors in (takers, others)):
        return None
    columns = _indicators([stratum.covariates for stratum in strata])
    chance = _logistic(columns, counts.takers, counts.others)
    buys = (
        _logistic(columns, counts.takers_bought, counts.takers - counts.takers_bought),
        _logistic(columns, counts.others_bought, counts.others - counts.others_bought),
    )
    ratio = _ratio(counts, chance, buys, alpha)
    before = _gap(columns, counts.takers, counts.others)
    after = _gap(columns, counts.takers * (1 - chance), counts.others * chance)
    return Adjusted(ratio, intervals.ratio(takers, others, alpha=alpha), e_value(ratio), before, after)


class _Counts(NamedTuple):
    """Visitors and buyers of both groups, a place a stratum."""

    takers_bought: "Floats"
    takers: "Floats"
    others_bought: "Floats"
    others: "Floats"


def _counts(strata: Sequence[Stratum]) -> _Counts:
    import numpy as np

    rows = [(*stratum.takers, *stratum.others) for stratum in strata]
    return _Counts(*np.asarray(rows, float).reshape(-1, 4).T)


def _pair(buyers: "Floats", visitors: "Floats") -> tuple[int, int]:
    return round(buyers.sum()), round(visitors.sum())


def _indicators(covariates: Sequence[tuple[object, ...]]) -> "Floats":
    """Return a column for each value of each covariate, the rare ones of a covariate in one."""
    import numpy as np

    columns = []
    for values in zip(*covariates, strict=True):
        common = [value for value, _ in Counter(values).most_common(_COMMON)]
        places = {value: place for place, value in enumerate(common)}
        codes = np.array([places.get(value, len(common)) for value in values])
        columns.append(np.eye(len(common) + 1)[codes][:, : codes.max() + 1])
    return np.hstack(columns)


def _logistic(columns: "Floats", ones: "Floats", zeros: "Floats") -> "Floats":
    """Return each stratum's fitted chance of a one; a penalty as of one visitor keeps empty strata finite."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(solver="newton-cholesky", max_iter=200, tol=1e-8)
    outcome = np.repeat([1, 0], len(columns))
    with threadpool_limits(
        1, user_api="blas"
    ):  # on a busy machine threads wait for each other ten times as long as one works
        model.fit(np.vstack([columns, columns]), outcome, sample_weight=np.concatenate([ones, zeros]))
    chance: Floats = model.predict_proba(columns)[:, 1]
    return chance


def _ratio(counts: _Counts, chance: "Floats", buys: tuple["Floats", "Floats"], alpha: float) -> Interval:
    import numpy as np

    # four kinds of visitors a stratum: takers and others, who bought and who did not
    weights = np.stack(
        [
            counts.takers_bought,
            counts.takers - counts.takers_bought,
            counts.others_bought,
            counts.others - counts.others_bought,
        ]
    )
    bought, taker = np.array([[1], [0], [1], [0]]), np.array([[1], [1], [0], [0]])
    overlap = (taker - chance) ** 2
    takers = taker * (1 - chance) * (bought - buys[0]) + overlap * buys[0]
    others = (1 - taker) * chance * (bought - buys[1]) + overlap * buys[1]
    total = (weights * overlap).sum()
    one, two = (weights * takers).sum() / total, (weights * others).sum() / total
    if min(one, two) <= 0:
        return Interval(None, 0.0, inf)
    influence = (takers - one * overlap) / one - (others - two * overlap) / two
    error = sqrt((weights * influence**2).sum()) / total
    half = NormalDist().inv_cdf(1 - alpha / 2) * error
    middle = log(one / two)
    return Interval(exp(middle), exp(middle - half), exp(middle + half))


def _gap(columns: "Floats", takers: "Floats", others: "Floats") -> float:
    """Return the largest difference of a column's mean between the groups, in standard deviations."""
    import numpy as np

    one, two = takers @ columns / takers.sum(), others @ columns / others.sum()
    # a value that everybody has is 1 but for the last bit, and has no spread
    spread = np.sqrt(np.maximum(0, one * (1 - one) + two * (1 - two)) / 2)
    return float(np.max(np.abs(one - two) / np.where(spread > 0, spread, 1)))
