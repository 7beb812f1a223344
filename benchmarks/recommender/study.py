"""The prior measured: logs of growing size, with the rules, without them, and with rules that know nothing.

In the choice form a log is a sample of the train choices. In the binomial form shoppers like those of the train rows
are shown a few places, drawn by the rules' log-odds as the policy draws them, and buy what they chose where it is
among them; people come again until there are as many purchases.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommender.contest import digest, learners
from benchmarks.recommender.data import Choices, Floats, Mask
from benchmarks.recommender.metrics import Judge, outcome
from benchmarks.recommender.rules import points, scores, shuffled
from benchmarks.recommender.splits import Rows, Split
from quizfunnel.recommend.learners.estimator import QuizRecommender

SIZES = (0, 50, 200, 1_000, 3_000, None)  # purchases; None is as many as there are
FORMS = ("choice", "binomial")
DRAWS = 3  # logs of each size, up to FEW purchases
FEW = 1_000
SEED = 16
STRENGTH = 300.0  # pseudo-shoppers, as `quizfunnel train` has them by default
BATCH = 20_000  # shoppers drawn at once


class Cell(NamedTuple):
    """One log: its likelihood, how many purchases (None: as many as train rows), and which draw."""

    form: str
    size: int | None
    draw: int = 0

    def purchases(self, train: Rows) -> int:
        """Return how many purchases its log has."""
        return len(train) if self.size is None else self.size


class Log(NamedTuple):
    """Log that was seen: rows of the data set with answers, and for each purchases [n, I] and (binomial) trials."""

    rows: Rows
    purchases: Floats
    trials: Floats | None = None


class Losses(NamedTuple):
    """Log-losses of the test rows [n] of one log, and what was learnt of the slopes [2] of rules and useless rules."""

    rules: Floats
    prior: Floats
    none: Floats
    useless: Floats
    slopes: Floats


PAIRS = {"prior - rules": ("prior", "rules"), "prior - none": ("prior", "none"), "useless - none": ("useless", "none")}


def measure(choices: Choices, splits: Sequence[Split], cell: Cell, cache: Path) -> dict[str, Any]:
    """Return the differences in log-loss at one size over all splits and draws, with intervals."""
    draws = DRAWS if cell.size is not None and 0 < cell.size <= FEW else 1
    runs = [(split, cell._replace(draw=draw)) for draw in range(draws) for split in splits]
    found = [_kept(choices, split, each, cache) for split, each in runs]
    judge = Judge(np.concatenate([choices.respondents[split.test] for split, _ in runs]))
    names = ("rules", "prior", "none", "useless")
    loss = {name: np.concatenate([getattr(each, name) for each in found]) for name in names}
    slope, useless_slope = np.mean([each.slopes for each in found], axis=0)
    return {
        "data": choices.name,
        "form": cell.form,
        "purchases": cell.purchases(splits[0].train),
        "losses": {name: float(each.mean()) for name, each in loss.items()},
        "differences": {name: list(judge.mean(loss[one] - loss[other])) for name, (one, other) in PAIRS.items()},
        "slope": float(slope),
        "useless slope": float(useless_slope),
    }


def _kept(choices: Choices, split: Split, cell: Cell, cache: Path) -> Losses:
    """Return the losses of one log, read again where the same was measured before."""
    files = [*learners(), Path(__file__), Path(__file__).with_name("rules.py")]
    arrays = (choices.answers, choices.shown, choices.chosen, choices.features, split.pilot, split.train, split.test)
    content = (*(array.tobytes() for array in arrays), *(file.read_bytes() for file in files))
    path = cache / f"prior-{choices.name}-{digest([json.dumps(cell).encode(), *content])}.npz"
    if not path.exists():
        np.savez_compressed(path, allow_pickle=False, **_losses(choices, split, cell)._asdict())
    with np.load(path) as stored:
        return Losses(**{name: stored[name] for name in Losses._fields})


def _losses(choices: Choices, split: Split, cell: Cell) -> Losses:
    tables = points(choices.take(split.pilot))
    rules, useless = (scores(each, choices.answers) for each in (tables, shuffled(tables, SEED + cell.draw)))
    lot = np.random.default_rng((SEED, cell.draw, cell.purchases(split.train), int(split.test[0])))
    log = log_of(choices, split.train, cell, rules, lot)
    test = choices.take(split.test)
    found = [_fitted(choices, log, prior, split.test) for prior in (rules, None, useless)]
    loss = [outcome(each, test.shown, test.chosen).loss for each in (rules[split.test], *(each for each, _ in found))]
    return Losses(loss[0], loss[1], loss[2], loss[3], np.array([found[0][1], found[2][1]]))


def log_of(choices: Choices, train: Rows, cell: Cell, rules: Floats, lot: np.random.Generator) -> Log:
    """Return a log with so many purchases, drawn from the train rows; one row without any where there are none."""
    size = cell.purchases(train)
    if not size:
        empty = np.zeros((1, len(choices.items)))
        return Log(train[:1], empty, None if cell.form == "choice" else empty)
    if cell.form == "binomial":
        return _places_log(choices, _visits(choices, train, rules, size, lot))
    rows = lot.permutation(train)[:size]
    return Log(rows, np.eye(len(choices.items))[choices.chosen[rows]])


def places_of(shown: Mask) -> int:
    """Return how many places are shown: three, or half of the smallest set where that is fewer."""
    return int(min(3, max(1, shown.sum(axis=1).min() // 2)))


def _visits(
    choices: Choices, train: Rows, rules: Floats, size: int, lot: np.random.Generator
) -> tuple[Rows, NDArray[np.intp]]:
    """Return rows [n] and the places they were shown [n, k], until so many of them bought."""
    count, found, bought = places_of(choices.shown), [], 0
    while bought < size:
        rows = lot.choice(train, size=min(BATCH, 40 * size))
        keys = np.where(choices.shown[rows], rules[rows] + lot.gumbel(size=(len(rows), rules.shape[1])), -np.inf)
        places = np.argpartition(-keys, count - 1, axis=1)[:, :count]
        hits = (places == choices.chosen[rows][:, None]).any(axis=1)
        until = int(np.searchsorted(np.cumsum(hits), size - bought)) + 1
        found.append((rows[:until], places[:until]))
        bought += int(hits[:until].sum())
    return np.concatenate([rows for rows, _ in found]), np.concatenate([places for _, places in found])


def _places_log(choices: Choices, visits: tuple[Rows, NDArray[np.intp]]) -> Log:
    """Return visits with one row for people who answered alike, as training reads them."""
    rows, places = visits
    _, first, pattern = np.unique(choices.answers[rows], axis=0, return_index=True, return_inverse=True)
    trials, purchases = np.zeros((2, len(first), len(choices.items)))
    pairs = (np.repeat(pattern.ravel(), places.shape[1]), places.ravel())
    np.add.at(trials, pairs, 1.0)
    np.add.at(purchases, pairs, (places == choices.chosen[rows][:, None]).ravel().astype(float))
    return Log(rows[first], purchases, trials)


def _fitted(choices: Choices, log: Log, rules: Floats | None, test: Rows) -> tuple[Floats, float]:
    """Return the test rows' scores, such that a softmax over the set is the chance of each choice; and the slope."""
    form = "choice" if log.trials is None else "binomial"
    model = QuizRecommender(form, prior_strength=0.0 if rules is None else STRENGTH)
    model.fit(
        choices.answers[log.rows],
        log.purchases,
        trials=log.trials,
        shown=choices.shown[log.rows] if log.trials is None else None,
        item_features=choices.features,
        ordered=choices.ordered.tolist(),
        prior=None if rules is None else rules[log.rows],
        sizes=(choices.answers.max(axis=0) + 1).tolist(),
    )
    found = model.decision_function(choices.answers[test], None if rules is None else rules[test])
    if form == "binomial" and log.purchases.any():
        # A place was bought when it showed the choice: its chance is that of the choice itself.
        found = -np.logaddexp(0.0, -(found + model.intercept_))
    return found, float(model.slope_)


def every(train: int) -> list[tuple[str, int | None]]:
    """Return every form with every size that so many train rows allow."""
    return [(form, size) for form in FORMS for size in SIZES if size is None or size < train]
