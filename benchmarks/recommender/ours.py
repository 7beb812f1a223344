"""Our learners, and popularity: ``python -m benchmarks.recommender.ours NAME PROBLEM.npz RESULT.npz [JSON]``.

They read the same problems and are tuned with as many fits as the peers (`peers.tune`): six for each learner, twelve
for the recommender that averages them. Boosting stops early on a part of the train rows; the validation rows choose the
settings alone. No rules are given to them here.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recommender.peers import Array, Peer, Problem, Scores, Settings, grid, read, tune
from quizfunnel.recommend.learners.boosted import BoostedTables
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.learners.shrunk import ChoiceTables


def data_of(problem: Problem, *, features: bool) -> dict[str, Any]:
    """Return the data that every learner of ours is fitted with: grouped patterns, sets, features and order."""
    answers, shown = problem.answers[problem.train], problem.shown[problem.train]
    keys = np.hstack([answers, shown]) if problem.varies else answers
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    purchases = np.zeros((len(first), problem.count))
    np.add.at(purchases, (place.ravel(), problem.chosen[problem.train]), 1.0)
    return {
        "X": answers[first],
        "purchases": purchases,
        "shown": shown[first] if problem.varies else None,
        "item_features": problem.features if features else None,
        "ordered": problem.ordered,
        "sizes": problem.answers.max(axis=0) + 1,
    }


def compiled(base: Array, tables: list[Array]) -> Scores:
    """Return the scores as they are served: rows of a table, summed."""

    def scores(answers: Array, _: Array) -> Array:
        return np.asarray(base + sum(table[codes] for table, codes in zip(tables, answers.T, strict=True)))

    return scores


def popularity_settings(_: Problem) -> list[Settings]:
    """Twelve strengths of smoothing."""
    return grid(smooth=[0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 300.0])


def fit_popularity(problem: Problem, settings: Settings) -> Scores:
    """Fit popularity: a product's purchases over those that its sets made likely, smoothed."""
    shown = problem.shown[problem.train]
    expected = (shown / shown.sum(axis=1, keepdims=True)).sum(axis=0)
    bought = np.bincount(problem.chosen[problem.train], minlength=problem.count)
    selling = np.log((bought + settings["smooth"]) / (expected + settings["smooth"]))
    return lambda _, shown: np.tile(selling, (len(shown), 1))


def tables_settings(_: Problem) -> list[Settings]:
    """Six: multipliers of the penalties; nine choices of one person say less than those of nine people."""
    return grid(features=[True], multiplier=[0.35, 0.7, 1.0, 2.0, 4.0, 8.0])


def boosted_settings(problem: Problem) -> list[Settings]:
    """Six: how far leaves follow the features, and their penalty; many products take longer steps."""
    return grid(rho=[0.8, 0.0], l2=[20.0, 60.0, 150.0], rate=[0.5] if problem.count > 100 else [0.15])


def fit_tables(problem: Problem, settings: Settings) -> Scores:
    """Additive tables by empirical Bayes."""
    rest = {name: value for name, value in settings.items() if name != "features"}
    model = ChoiceTables(**rest).fit(**data_of(problem, features=settings["features"]))
    return compiled(model.base_, model.tables_)


def fit_boosted(problem: Problem, settings: Settings) -> Scores:
    """Additive tables by boosting."""
    model = BoostedTables(**settings).fit(**data_of(problem, features=settings["rho"] > 0))
    return compiled(model.base_, model.tables_)


def fit_both(problem: Problem, settings: Settings) -> Scores:
    """The recommender itself, here without rules: the average of both learners, each with the settings it won by."""
    tables, boosted = dict(settings["tables"]), settings["boosted"]
    data = data_of(problem, features=tables.pop("features"))
    halves = {"tables": ChoiceTables(**tables), "boosted": BoostedTables(**boosted)}
    model = QuizRecommender(prior_strength=0.0, **halves).fit(**data)
    return compiled(model.base_, model.tables_)


def no_settings(_: Problem) -> list[Settings]:
    """None of its own: it takes those of its two learners, whose fits are its budget."""
    return []


OURS = {
    "popularity": Peer(popularity_settings, fit_popularity),
    "ChoiceTables": Peer(tables_settings, fit_tables),
    "BoostedTables": Peer(boosted_settings, fit_boosted),
    "QuizRecommender": Peer(no_settings, fit_both),
}


def main() -> None:
    """Read the problem, tune one of ours, write its scores."""
    name, path, out, *given = sys.argv[1:]
    problem, one = read(path), OURS[name]
    tune(one, problem, json.loads(given[0]) if given else one.settings(problem), Path(out))


if __name__ == "__main__":
    main()
