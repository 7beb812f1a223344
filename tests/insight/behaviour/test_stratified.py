"""Laws of the adjusted ratio: what is seen of confounding goes out, by published formulas, from counts alone."""

from datetime import date
from importlib import import_module
from itertools import product
from math import exp, log

import numpy as np
import pytest

from quizfunnel.insight.behaviour import stratified
from quizfunnel.insight.behaviour.stratified import Stratum, adj_ratio
from quizfunnel.stats.aggregates import Key, Sums

LEVELS = tuple(product(range(3), range(4), range(2)))


def drawn(seed: int, *, ratio: float = 1.3, confounding: float = 1.0, visitors: int = 40_000) -> list[Stratum]:
    """Return counts where the same three covariates move both taking the quiz and buying."""
    draw = np.random.default_rng(seed)
    found = []
    sizes = draw.multinomial(visitors, draw.dirichlet(np.full(len(LEVELS), 5)))
    for (device, channel, again), size in zip(LEVELS, sizes, strict=True):
        pull = confounding * (0.4 * device - 0.3 * channel + 0.8 * again)
        takers = draw.binomial(size, 1 / (1 + exp(1.5 - pull)))
        base = 0.03 * exp(0.6 * pull)
        found.append(
            Stratum(
                (device, channel, again),
                (draw.binomial(takers, base * ratio), takers),
                (draw.binomial(size - takers, base), size - takers),
            )
        )
    return found


def test_measured_confounding_goes_out() -> None:
    """Takers looked far better than they are; among people alike the ratio is the true one within its limits."""
    found = adj_ratio(drawn(1))
    assert found is not None
    assert found.crude.low > 1.45
    assert found.ratio.low < 1.3 < found.ratio.high
    assert found.gap_before > 0.3
    assert found.gap_after < 0.01


@pytest.mark.thorough
def test_rows_and_statsmodels_say_the_same() -> None:
    """A row a visitor, statsmodels' logistic regressions and the influence function give estimate and limits."""
    found = drawn(2, visitors=8000)
    rows = np.array(
        [
            (*stratum.covariates, taker, bought)
            for stratum in found
            for taker, (buyers, visitors) in ((1, stratum.takers), (0, stratum.others))
            for bought, count in ((1, buyers), (0, visitors - buyers))
            for _ in range(count)
        ]
    )
    a, y = rows[:, 3], rows[:, 4]
    columns = np.column_stack([np.ones(len(rows)), *(rows[:, 0] == n for n in (1, 2)),
                               *(rows[:, 1] == n for n in (1, 2, 3)), rows[:, 2]])  # fmt: skip
    logit = import_module("statsmodels.api").Logit
    e = logit(a, columns).fit(disp=0).predict()
    ones, twos = (logit(y[a == group], columns[a == group]).fit(disp=0).predict(columns) for group in (1, 0))
    h = (a - e) ** 2
    scores = a * (1 - e) * (y - ones) + h * ones, (1 - a) * e * (y - twos) + h * twos
    means = [score.sum() / h.sum() for score in scores]
    influence = [(score - mean * h) / mean / h.mean() for score, mean in zip(scores, means, strict=True)]
    error = np.std(influence[0] - influence[1]) / len(rows) ** 0.5
    got = adj_ratio(found)
    assert got is not None
    assert got.ratio.estimate == pytest.approx(means[0] / means[1], rel=2e-3)
    assert log(got.ratio.high / got.ratio.low) == pytest.approx(2 * 1.959963985 * error, rel=1e-2)


def test_two_kinds_of_visitors_have_a_closed_form() -> None:
    """With one covariate of two values the ratio is that of means weighted by takers times others over all."""
    found = [Stratum(("a",), (900, 30_000), (800, 50_000)), Stratum(("b",), (2500, 60_000), (600, 20_000))]
    weights = [t[1] * o[1] / (t[1] + o[1]) for _, t, o in found]
    tops = sum(w * t[0] / t[1] for w, (_, t, _) in zip(weights, found, strict=True))
    bottoms = sum(w * o[0] / o[1] for w, (_, _, o) in zip(weights, found, strict=True))
    got = adj_ratio(found)
    assert got is not None
    assert got.ratio.estimate == pytest.approx(tops / bottoms, rel=1e-3)


def test_without_confounding_it_is_as_observed() -> None:
    """Where takers are drawn by lot, adjusted and observed ratio agree, and so do their limits, nearly."""
    got = adj_ratio(drawn(3, confounding=0.0, visitors=100_000))
    assert got is not None
    assert got.ratio == pytest.approx(got.crude, rel=0.02)


def test_too_few_cannot_be_adjusted() -> None:
    """Nobody, one visitor, fewer than 20 buyers or 20 others in a group: none."""
    enough = Stratum(("a",), (50, 200), (50, 200))
    assert adj_ratio([]) is None
    assert adj_ratio([Stratum(("a",), (1, 1), (0, 0))]) is None
    assert adj_ratio([enough._replace(takers=(19, 200))]) is None
    assert adj_ratio([enough._replace(others=(200, 200))]) is None
    assert adj_ratio([enough]) is not None


def test_groups_that_never_meet_tell_nothing_narrow() -> None:
    """Takers all of one device and others of another leave limits so wide that nothing follows."""
    apart = [Stratum(("phone",), (300, 5000), (0, 0)), Stratum(("desktop",), (0, 0), (100, 5000))]
    got = adj_ratio(apart)
    assert got is None or got.ratio.estimate is None or got.ratio.low < 1 < got.ratio.high


def test_rare_values_stand_together() -> None:
    """Beyond the 30 most frequent values of a covariate the rest are one column."""
    assert stratified._indicators([(n,) for n in range(40)]).shape == (40, 31)
    assert stratified._indicators([(n % 2,) for n in range(40)]).shape == (40, 2)


def test_strata_hold_both_groups_and_nobody_else() -> None:
    """Cells that differ in day, arm or band only are one stratum; who is in neither group is left out."""
    key = Key(date(2026, 1, 1), "invited", "finished", 4, "phone", "mail", "/", 9, returning=False)
    cold = key._replace(state="cold", band=None)
    cells = {
        key: Sums(10, 3),
        key._replace(day=date(2026, 1, 2)): Sums(5, 1),
        cold: Sums(90, 2),
        cold._replace(hour=10): Sums(7, 1),
        key._replace(state="started"): Sums(99, 9),
    }
    found = stratified.strata(cells, lambda k: k.state == "finished", lambda k: k.state == "cold")
    assert found == (
        Stratum(("phone", "mail", "/", 9, False), (4, 15), (2, 90)),
        Stratum(("phone", "mail", "/", 10, False), (0, 0), (1, 7)),
    )
