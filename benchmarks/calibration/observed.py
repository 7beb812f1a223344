"""Observed takers where the cause is known: adjusted for what is measured, and the arms for what is hidden."""

from itertools import product
from math import sqrt

import numpy as np

from benchmarks.calibration.arrays import Array
from benchmarks.calibration.row import Row
from quizfunnel.insight.behaviour.stratified import Adjusted, Stratum, adj_ratio

LEVELS = tuple(product(range(3), range(4), range(4), range(6), range(2)))  # device, channel, landing, hour, returning
TRUE = 1.3
PULLS = ((0.0, 0.5, -0.3), (0.0, -0.3, 0.3, 0.6), (0.0, 0.2, 0.4, -0.4), (-0.3, -0.1, 0.0, 0.1, 0.2, 0.1), (0.0, 0.9))
ADJUSTED = 40_000  # visitors of one store
HIDDEN = 200_000
INTENTS = 40  # levels of hidden intent, alike in size


def rows(runs: int) -> list[Row]:
    """Return bias and coverage of the adjusted ratio, and the arms' ratio under hidden intent without effect."""
    return [*_adjusted(max(1, runs // 20)), *_hidden(max(1, runs // 5))]


def _adjusted(runs: int) -> list[Row]:
    found = [adj_ratio(_store(np.random.default_rng([13, run]))) for run in range(runs)]
    every = [each for each in found if each is not None and each.ratio.estimate is not None]
    if not every:
        raise RuntimeError("no made-up store could be adjusted")
    ratios = np.log(np.array([each.ratio.estimate for each in every], float) / TRUE)
    held = np.mean([each.ratio.low <= TRUE <= each.ratio.high for each in every])
    error = float(np.std(ratios)) / sqrt(len(every))
    stores = f"{len(every):,} stores of {ADJUSTED:,}"
    return [
        Row(f"observed over the true ratio, {stores}", float(np.mean(_crude(every))) / TRUE, 0.0, unit="ratio"),
        Row(f"adj_ratio over the true ratio, {stores}", float(np.exp(ratios.mean())), error, 0.98, 1.02, "ratio"),
        Row("adj_ratio, limits hold the true ratio", float(held), sqrt(held * (1 - held) / len(every)), low=0.93),
    ]


def _crude(every: list[Adjusted]) -> list[float]:
    return [each.crude.estimate or 0.0 for each in every]


def _store(draw: np.random.Generator) -> list[Stratum]:
    """Return a store whose every covariate moves both taking the quiz and buying."""
    pull = np.array([sum(PULLS[place][value] for place, value in enumerate(level)) for level in LEVELS])
    sizes = draw.multinomial(ADJUSTED, draw.dirichlet(np.full(len(LEVELS), 3.0)))
    takers = draw.binomial(sizes, 1 / (1 + np.exp(1.4 - pull)))
    chance = np.minimum(0.025 * np.exp(0.7 * pull), 0.5)
    bought, others = draw.binomial(takers, chance * TRUE), draw.binomial(sizes - takers, chance)
    return [
        Stratum(level, (int(a), int(n)), (int(b), int(m)))
        for level, a, n, b, m in zip(LEVELS, bought, takers, others, sizes - takers, strict=True)
    ]


def _hidden(runs: int) -> list[Row]:
    draw = np.random.default_rng(17)
    spread = np.exp(np.linspace(-2.2, 2.2, INTENTS))
    spread /= spread.mean()
    buys, takes = 0.02 * spread, spread / (spread + 3)
    sizes = np.full((runs, INTENTS), HIDDEN // INTENTS)
    invited = draw.binomial(sizes, 0.8)
    takers = draw.binomial(invited, takes)
    bought = [draw.binomial(of, buys) for of in (takers, invited - takers, sizes - invited)]
    of_takers, of_cold = _rate(bought[0], takers), _rate(bought[1], invited - takers)
    arms = _rate(bought[0] + bought[1], invited) / _rate(bought[2], sizes - invited)
    naive = of_takers / of_cold
    stores = f"hidden intent and no effect, {runs:,} stores of {HIDDEN:,}"
    return [
        Row(f"takers against cold visitors, {stores}", *_mean(naive), unit="ratio"),
        Row(f"itt_ratio, {stores}", *_mean(arms), 0.98, 1.02, "ratio"),
    ]


def _rate(bought: Array, visitors: Array) -> Array:
    found: Array = bought.sum(axis=1) / visitors.sum(axis=1)
    return found


def _mean(ratios: Array) -> tuple[float, float]:
    return float(ratios.mean()), float(ratios.std() / sqrt(len(ratios)))
