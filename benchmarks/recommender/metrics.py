"""Metrics of predicted choices, with intervals by respondent; pure."""

from typing import NamedTuple

import numpy as np

from benchmarks.recommender.data import Codes, Floats, Mask

RESAMPLES = 1_000
SEED = 14
BINS = 10
LEVEL = 95.0
_LEAST = 1e-12


class Estimate(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


class Outcome(NamedTuple):
    """Predictions of one contender for every tested choice, [n]: loss, hits, and how sure it was of its first pick."""

    loss: Floats
    hit1: Floats
    hit3: Floats
    sure: Floats


def masked(scores: Floats, shown: Mask) -> Floats:
    """Return the probabilities of what was shown, from log-odds; shape [n, I]."""
    hidden = np.where(shown, scores, -np.inf)
    exponents = np.exp(hidden - hidden.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def outcome(scores: Floats, shown: Mask, chosen: Codes) -> Outcome:
    """Judge log-odds [n, I] against what was taken; equal scores stand in catalogue order."""
    probability = masked(scores, shown)
    rows = np.arange(len(chosen))
    own = probability[rows, chosen]
    hidden = np.where(shown, scores, -np.inf)
    mine = hidden[rows, chosen][:, None]
    before = (hidden > mine).sum(axis=1) + ((hidden == mine) & (np.arange(scores.shape[1]) < chosen[:, None])).sum(
        axis=1
    )
    return Outcome(
        -np.log(np.maximum(own, _LEAST)),
        (before < 1).astype(float),
        (before < 3).astype(float),
        probability.max(axis=1),
    )


def log_loss(scores: Floats, shown: Mask, chosen: Codes) -> float:
    """Return the mean log-loss of log-odds [n, I] among what was shown."""
    return float(outcome(scores, shown, chosen).loss.mean())


class Judge:
    """Figures over all seeds' tests together; one respondent's choices are drawn together, whatever their seed."""

    def __init__(self, respondents: Codes, resamples: int = RESAMPLES) -> None:
        """Draw the resamples once, so that contenders are compared on the same ones."""
        people, self._person = np.unique(respondents, return_inverse=True)
        lot = np.random.default_rng(SEED)
        drawn = [
            np.bincount(lot.integers(len(people), size=len(people)), minlength=len(people)) for _ in range(resamples)
        ]
        self._weights = np.asarray(drawn, dtype=float)

    def mean(self, values: Floats) -> Estimate:
        """Return the mean of a value [n] over choices."""
        sums = self._by_person(np.column_stack([values, np.ones(len(values))]))
        drawn = self._weights @ sums
        return _estimate(float(values.mean()), drawn[:, 0] / drawn[:, 1])

    def ratio(self, values: Floats, others: Floats) -> Estimate:
        """Return the mean of one value over that of another."""
        drawn = self._weights @ self._by_person(np.column_stack([values, others]))
        return _estimate(float(values.mean() / others.mean()), drawn[:, 0] / drawn[:, 1])

    def calibration_error(self, outcome: Outcome) -> Estimate:
        """Return the expected calibration error of the first pick: ten bins of equal counts."""
        ranks = np.argsort(np.argsort(outcome.sure, kind="stable"), kind="stable")
        bins = np.eye(BINS)[ranks * BINS // len(ranks)]
        gaps = bins * (outcome.sure - outcome.hit1)[:, None]
        drawn = self._weights @ self._by_person(np.column_stack([gaps, np.ones(len(gaps))]))
        return _estimate(
            float(np.abs(gaps.sum(axis=0)).sum() / len(gaps)),
            np.abs(drawn[:, :-1]).sum(axis=1) / drawn[:, -1],
        )

    def _by_person(self, values: Floats) -> Floats:
        sums = np.zeros((self._weights.shape[1], values.shape[1]))
        np.add.at(sums, self._person, values)
        return sums


def _estimate(value: float, drawn: Floats) -> Estimate:
    low, high = np.percentile(drawn, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return Estimate(value, float(low), float(high))
