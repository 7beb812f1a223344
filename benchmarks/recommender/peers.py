"""The peers, run as a script by an interpreter that has them: ``python peers.py PEER PROBLEM.npz RESULT.npz [JSON]``.

Imports nothing of this project. Every peer gets the same answers, masked sets and rows, and as many fits: twelve
settings (or those given as a JSON list), the best on validation judged once on the test rows. Where a peer can stop
early, it stops on validation.
"""

import itertools
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

THREADS = 2
os.environ.setdefault("OPENBLAS_NUM_THREADS", str(THREADS))

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

BUDGET = 12
ONE_ROW = 200  # predictions of one row that are timed
SEED = 15

Array = NDArray[Any]
Scores = Callable[[Array, Array], Array]  # answers [n, q] and shown [n, I] to log-odds [n, I]
Settings = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """Codes [n, q], what was shown [n, I] and chosen [n], features [I, a], the rules' log-odds [n, I]; row numbers."""

    answers: Array
    ordered: Array
    shown: Array
    chosen: Array
    features: Array
    rules: Array
    train: Array
    validation: Array
    test: Array

    @property
    def count(self) -> int:
        """Return the number of items."""
        return int(self.shown.shape[1])

    @property
    def varies(self) -> bool:
        """Whether people were shown different sets."""
        return not self.shown.all()


class Peer(NamedTuple):
    """Its twelve settings for a problem, how it is fitted, and whether its scores are log-odds (or only an order)."""

    settings: Callable[[Problem], list[Settings]]
    fit: Callable[[Problem, Settings], Scores]
    probable: bool = True


def log_loss(scores: Array, shown: Array, chosen: Array) -> float:
    """Return the mean log-loss among what was shown."""
    hidden = np.where(shown, scores, -np.inf)
    top = hidden.max(axis=1)
    return float(
        np.mean(top + np.log(np.exp(hidden - top[:, None]).sum(axis=1)) - hidden[np.arange(len(chosen)), chosen])
    )


def miss_at_3(scores: Array, shown: Array, chosen: Array) -> float:
    """Return how often what was taken is not among the first three."""
    hidden = np.where(shown, scores, -np.inf)
    return float(np.mean((hidden > hidden[np.arange(len(chosen)), chosen][:, None]).sum(axis=1) > 2))


def grid(**values: list[Any]) -> list[Settings]:
    """Return every combination."""
    return [dict(zip(values, each, strict=True)) for each in itertools.product(*values.values())]


def one_hot(problem: Problem, *, steps: bool) -> Callable[[Array], Array]:
    """Return codes as indicators; with `steps` ordered columns also say which levels they reach."""
    levels = problem.answers.max(axis=0) + 1
    starts = np.concatenate([[0], np.cumsum(levels)])

    def encode(answers: Array) -> Array:
        flat = np.zeros((len(answers), starts[-1]), dtype=np.float64)
        np.put_along_axis(flat, answers + starts[:-1], 1.0, axis=1)
        if not steps:
            return flat
        reached = [answers[:, [q]] >= np.arange(3, levels[q]) for q in np.flatnonzero(problem.ordered)]
        return np.hstack([flat, *(each.astype(float) for each in reached)])

    return encode


def with_item(indicators: Array, items: Array, problem: Problem) -> Any:
    """Return rows of item, features and their products with the answers: what a pointwise linear model needs."""
    sparse = import_module("scipy.sparse")
    about = np.hstack([np.eye(problem.count), problem.features])[items]
    answers = np.hstack([np.ones((len(indicators), 1)), indicators])
    return sparse.csr_matrix((about[:, :, None] * answers[:, None, :]).reshape(len(items), -1))


def places(shown: Array) -> tuple[Array, Array]:
    """Return row and item of every shown place, row by row."""
    rows, items = np.nonzero(shown)
    return rows, items


def linear_settings(_: Problem) -> list[Settings]:
    """Six penalties, with and without the order of levels."""
    return grid(C=[0.003, 0.01, 0.03, 0.1, 0.3, 1.0], steps=[False, True])


def fit_linear(problem: Problem, settings: Settings) -> Scores:
    """Multinomial logistic regression on one-hot answers, renormalised over what was shown."""
    encode = one_hot(problem, steps=settings["steps"])
    model = import_module("sklearn.linear_model").LogisticRegression(C=settings["C"], max_iter=200, tol=1e-3)
    model.fit(encode(problem.answers[problem.train]), problem.chosen[problem.train])
    place = model.classes_

    def scores(answers: Array, shown: Array) -> Array:
        found = np.full(shown.shape, -20.0)
        decided = model.decision_function(encode(answers))
        found[:, place] = decided
        return found

    return scores


def fit_linear_places(problem: Problem, settings: Settings) -> Scores:
    """Logistic regression on every shown place: item, features and answers; softmax of its log-odds over the set."""
    encode = one_hot(problem, steps=settings["steps"])
    rows, items = places(problem.shown[problem.train])
    model = import_module("sklearn.linear_model").LogisticRegression(C=settings["C"], max_iter=300, tol=1e-3)
    indicators = encode(problem.answers[problem.train])
    model.fit(with_item(indicators[rows], items, problem), problem.chosen[problem.train][rows] == items)

    def scores(answers: Array, shown: Array) -> Array:
        rows, items = places(shown)
        found = np.zeros(shown.shape)
        found[rows, items] = model.decision_function(with_item(encode(answers)[rows], items, problem))
        return found

    return scores


def lightgbm_settings(problem: Problem) -> list[Settings]:
    """Leaves, penalty and step; many products take longer steps."""
    steps = [0.15, 0.3] if problem.count > 100 else [0.05, 0.1]
    return grid(num_leaves=[2, 4, 8], lambda_l2=[1.0, 5.0], learning_rate=steps)


def fit_lightgbm(problem: Problem, settings: Settings) -> Scores:
    """Boosted trees under the masked softmax (its own where all see all), stopped on validation."""
    lightgbm = import_module("lightgbm")
    parts = [problem.train, problem.validation]
    train, validation = (
        lightgbm.Dataset(
            problem.answers[part],
            problem.chosen[part],
            categorical_feature=[q for q in range(problem.answers.shape[1]) if not problem.ordered[q]],
            free_raw_data=False,
        )
        for part in parts
    )
    shown = [problem.shown[part] for part in parts]

    def objective(found: Array, data: Any) -> tuple[Array, Array]:
        hidden = np.where(shown[0], found, -np.inf)
        odds = np.exp(hidden - hidden.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        return odds - np.eye(problem.count)[data.get_label().astype(int)], np.maximum(2 * odds * (1 - odds), 1e-6)

    def loss(found: Array, data: Any) -> tuple[str, float, bool]:
        which = shown[0] if data is train else shown[1]
        raw = found if problem.varies else np.log(np.maximum(found, 1e-15))
        return "masked", log_loss(raw, which, data.get_label().astype(int)), False

    common = {"num_class": problem.count, "verbosity": -1, "num_threads": THREADS, "seed": SEED, "metric": "none"}
    tree = {"min_data_in_leaf": 20, "max_bin": 63, "cat_smooth": 10.0, "deterministic": True, "force_row_wise": True}
    model = lightgbm.train(
        {**common, **tree, **settings, "objective": objective if problem.varies else "multiclass"},
        train,
        num_boost_round=40 if problem.count > 100 else 400,
        valid_sets=[validation],
        feval=loss,
        callbacks=[lightgbm.early_stopping(8, verbose=False)],
    )

    def scores(answers: Array, _: Array) -> Array:
        return np.asarray(model.predict(answers, raw_score=True, num_iteration=model.best_iteration))

    return scores


def catboost_settings(problem: Problem) -> list[Settings]:
    """Depth, penalty and step; over shown places where sets vary.

    Where all see all, places were no better than classes (3.496 against 3.492 on the 50 items' validation) and took
    fifty times as long.
    """
    if problem.varies:
        return grid(form=["places"], depth=[2, 4, 6], l2_leaf_reg=[3.0, 30.0], learning_rate=[0.1, 0.2])
    if problem.count > 100:
        return grid(form=["classes"], depth=[1, 2, 3], l2_leaf_reg=[3.0, 30.0], learning_rate=[0.15, 0.3])
    return grid(form=["classes"], depth=[1, 2, 3], l2_leaf_reg=[3.0, 30.0], learning_rate=[0.05, 0.1])


def fit_catboost(problem: Problem, settings: Settings) -> Scores:
    """CatBoost over classes, or over shown places with its grouped softmax; cut by `ntree_end` at the best validation.

    (Its grouped softmax fits otherwise when `iterations` changes, so that one long fit is cut.)
    """
    catboost = import_module("catboost")
    form, rest = settings["form"], {name: value for name, value in settings.items() if name != "form"}
    grouped = form == "places"
    iterations = 100 if problem.count > 100 else 300
    model = catboost.CatBoost(
        {
            "loss_function": "QuerySoftMax" if grouped else "MultiClass",
            "iterations": iterations,
            "thread_count": THREADS,
            "random_seed": SEED,
            "verbose": False,
            "allow_writing_files": False,
            "use_best_model": False,
            "od_type": "Iter",
            "od_wait": 20,
            "one_hot_max_size": 512,
            **({} if grouped else {"classes_count": problem.count}),
            **rest,
        }
    )
    pool = _place_pool if grouped else _class_pool
    model.fit(pool(problem, problem.train), eval_set=pool(problem, problem.validation))
    (losses,) = model.get_evals_result()["validation"].values()
    trees = int(np.argmin(losses)) + 1

    def scores(answers: Array, shown: Array) -> Array:
        if not grouped:
            table = _frame(answers, problem)
            return np.asarray(model.predict(table, prediction_type="RawFormulaVal", ntree_end=trees))
        rows, items = places(shown)
        found = np.zeros(shown.shape)
        found[rows, items] = model.predict(_place_frame(answers, rows, items, problem), ntree_end=trees)
        return found

    return scores


def _frame(answers: Array, problem: Problem) -> Any:
    frame = import_module("pandas").DataFrame(answers, copy=False)
    named = {q: "int32" if problem.ordered[q] else "category" for q in range(answers.shape[1])}
    return frame.astype("int32").astype(named)


def _categories(problem: Problem) -> list[int]:
    return [q for q in range(problem.answers.shape[1]) if not problem.ordered[q]]


def _class_pool(problem: Problem, part: Array) -> Any:
    frame = _frame(problem.answers[part], problem)
    return import_module("catboost").Pool(frame, problem.chosen[part], cat_features=_categories(problem))


def _place_frame(answers: Array, rows: Array, items: Array, problem: Problem) -> Any:
    """Return answers, item and its features at every place; features as codes, so that no copy is of floats."""
    frame = _frame(answers[rows], problem)
    frame["item"] = items
    frame["item"] = frame["item"].astype("category")
    for a in range(problem.features.shape[1]):
        frame[f"f{a}"] = problem.features[items, a].astype("float32")
    return frame


def _place_pool(problem: Problem, part: Array) -> Any:
    rows, items = places(problem.shown[part])
    frame = _place_frame(problem.answers[part], rows, items, problem)
    taken = (problem.chosen[part][rows] == items).astype(float)
    return import_module("catboost").Pool(frame, taken, cat_features=[*_categories(problem), "item"], group_id=rows)


def vw_settings(problem: Problem) -> list[Settings]:
    """Step, passes and penalty."""
    steps = [0.03, 0.1, 0.3] if problem.varies else [0.1, 0.3, 1.0]
    return grid(learning_rate=steps, passes=[2, 6], l2=[0.0, 1e-6])


def fit_vw(problem: Problem, settings: Settings) -> Scores:
    """Vowpal Wabbit: one against all where all see all, else logistic on shown places with answers crossed by item."""
    return (_fit_vw_places if problem.varies else _fit_vw_classes)(problem, settings)


def _vw(settings: Settings, form: str) -> Any:
    step, l2 = settings["learning_rate"], settings["l2"]
    words = f"--quiet --loss_function logistic -b 20 --random_seed {SEED} -l {step} --l2 {l2} --power_t 0.5 {form}"
    return import_module("vowpalwabbit").Workspace(words)


def _vw_answers(answers: Array) -> list[str]:
    return ["|a " + " ".join(f"{q}_{code}" for q, code in enumerate(row)) for row in answers.tolist()]


def _fit_vw_classes(problem: Problem, settings: Settings) -> Scores:
    model = _vw(settings, f"--oaa {problem.count} --scores")
    lines = _vw_answers(problem.answers[problem.train])
    lot = np.random.default_rng(SEED)
    for _ in range(settings["passes"]):
        for n in lot.permutation(len(lines)):
            model.learn(f"{problem.chosen[problem.train][n] + 1} {lines[n]}")

    def scores(answers: Array, _: Array) -> Array:
        found = np.array([model.predict(line) for line in _vw_answers(answers)])
        # One against all: each class has odds of its own, and their probabilities are what is normalised.
        return np.asarray(-np.logaddexp(0.0, -found))

    return scores


def _fit_vw_places(problem: Problem, settings: Settings) -> Scores:
    model = _vw(settings, "-q ai -q af")
    about = [
        f" |i {n} |f " + " ".join(f"{a}:{v:g}" for a, v in enumerate(row) if v)
        for n, row in enumerate(problem.features)
    ]
    lines = _vw_answers(problem.answers[problem.train])
    rows, items = places(problem.shown[problem.train])
    marks = np.where(problem.chosen[problem.train][rows] == items, 1, -1)
    examples = [f"{mark} {lines[row]}{about[item]}" for mark, row, item in zip(marks, rows, items, strict=True)]
    lot = np.random.default_rng(SEED)
    for _ in range(settings["passes"]):
        for n in lot.permutation(len(examples)):
            model.learn(examples[n])

    def scores(answers: Array, shown: Array) -> Array:
        rows, items = places(shown)
        lines = _vw_answers(answers)
        found = np.zeros(shown.shape)
        found[rows, items] = [model.predict(lines[row] + about[item]) for row, item in zip(rows, items, strict=True)]
        return found

    return scores


def linucb_settings(_: Problem) -> list[Settings]:
    """Return how much it explores, and its penalty."""
    return grid(alpha=[0.0, 0.1, 0.5, 1.0], l2_lambda=[1.0, 10.0, 100.0])


def fit_linucb(problem: Problem, settings: Settings) -> Scores:
    """LinUCB taught by every purchase and up to nineteen places beside it, after 300 shoppers who obey the rules."""
    module = import_module("mabwiser.mab")
    policy = module.LearningPolicy.LinUCB(**settings)
    model = module.MAB(list(range(problem.count)), policy, seed=SEED)
    encode = one_hot(problem, steps=False)
    lot = np.random.default_rng(SEED)
    rows, items, taken = _bandit_log(problem, lot)
    model.fit(items, taken, encode(problem.answers[problem.train])[rows])

    def scores(answers: Array, _: Array) -> Array:
        unlike, where = np.unique(answers, axis=0, return_inverse=True)
        expected = model.predict_expectations(encode(unlike))
        each = [expected] if isinstance(expected, dict) else expected
        return np.array([[one[item] for item in range(problem.count)] for one in each])[where.ravel()]

    return scores


def _bandit_log(problem: Problem, lot: Any) -> tuple[Array, Array, Array]:
    """Return row, item and reward of every lesson: the rules' shoppers first, then the purchases."""
    warm = lot.integers(len(problem.train), size=300)
    odds = np.where(problem.shown, problem.rules, -np.inf)[problem.train][warm]
    obeyed = (odds + lot.gumbel(size=odds.shape)).argmax(axis=1)
    people = np.concatenate([warm, np.arange(len(problem.train))])
    chosen = np.concatenate([obeyed, problem.chosen[problem.train]])
    keys = np.where(problem.shown[problem.train][people], lot.random((len(people), problem.count)), np.inf)
    keys[np.arange(len(people)), chosen] = -1.0
    first = np.argsort(keys, axis=1)[:, : min(20, problem.count)]
    kept = np.isfinite(np.take_along_axis(keys, first, axis=1))
    rows = np.repeat(people, kept.sum(axis=1))
    return rows, first[kept], (first == chosen[:, None])[kept].astype(float)


PEERS = {
    "LogisticRegression": Peer(linear_settings, fit_linear),
    "LogisticRegression, places": Peer(linear_settings, fit_linear_places),
    "LightGBM": Peer(lightgbm_settings, fit_lightgbm),
    "CatBoost": Peer(catboost_settings, fit_catboost),
    "Vowpal Wabbit": Peer(vw_settings, fit_vw),
    "MABWiser LinUCB": Peer(linucb_settings, fit_linucb, probable=False),
}


def tune(peer: Peer, problem: Problem, settings: list[Settings], out: Path) -> None:
    """Fit every setting, keep the best on validation, and let it judge the test rows once."""
    loss = log_loss if peer.probable else miss_at_3
    validation = problem.validation
    tried = []
    best: tuple[float, float, Settings, Scores] | None = None
    if len(settings) > BUDGET:
        raise ValueError("more settings than the budget")
    for each in settings:
        start = time.perf_counter()
        scores = peer.fit(problem, each)
        seconds = time.perf_counter() - start
        found = loss(
            scores(problem.answers[validation], problem.shown[validation]),
            problem.shown[validation],
            problem.chosen[validation],
        )
        tried.append({"settings": each, "validation": found, "seconds": seconds})
        print(json.dumps(tried[-1]), flush=True)
        if best is None or found < best[0]:
            best = (found, seconds, each, scores)
    if best is None:
        raise ValueError("no settings")
    _, seconds, chosen, scores = best
    write(out, scores, problem, {"settings": chosen, "seconds": seconds, "tried": tried})


def write(out: Path, scores: Scores, problem: Problem, about: dict[str, Any]) -> None:
    """Write the scores of the test rows, and how they were come by."""
    rows = problem.test
    about["one_row"] = one_row(scores, problem)
    judged = scores(problem.answers[rows], problem.shown[rows]).astype(np.float32)
    np.savez_compressed(out, scores=judged, about=np.array(json.dumps(about)))


def one_row(scores: Scores, problem: Problem) -> list[float]:
    """Return the seconds of predictions of one row each."""
    taken = []
    for row in problem.test[:ONE_ROW]:
        answers, shown = problem.answers[[row]], problem.shown[[row]]
        start = time.perf_counter()
        scores(answers, shown)
        taken.append(time.perf_counter() - start)
    return taken


def read(path: str) -> Problem:
    """Return a problem that was written as arrays by its fields' names."""
    with np.load(path) as stored:
        return Problem(**{field.name: stored[field.name] for field in fields(Problem)})


def main() -> None:
    """Read the problem, tune one peer, write its scores."""
    warnings.simplefilter("ignore")  # peers warn of their own next versions, and of fits stopped by their limit
    name, path, out, *given = sys.argv[1:]
    problem, peer = read(path), PEERS[name]
    settings = json.loads(given[0]) if given else peer.settings(problem)
    tune(peer, problem, settings, Path(out))


if __name__ == "__main__":
    main()
