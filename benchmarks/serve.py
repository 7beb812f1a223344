"""One recommendation, from answers to an order with its chances and reasons, against scikit-learn and numpy.

500 products, 7 answers, a model whose numbers are drawn. Ours is the whole of `choose`: scores, hard rules and
stock, an order of six with the chance of each slot, and reasons in words. It is measured for answers that the
worker has seen before, for answers it never saw, and over a day of shoppers of whom some answer alike. numpy does
the scores, the rules and the order; scikit-learn's pipeline (OneHotEncoder, LogisticRegression) one row's scores.
All take turns, A B A B. Processor time of the thread, since a busy machine would add its own; wall time beside it.
"""

import argparse
import gc
import json
import os
import random
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.offer import choose
from quizfunnel.offer.allowed import products_of
from quizfunnel.quiz.spec import Answers, Quiz
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import TableRecommender
from quizfunnel.recommend.serving.score_model import ModelTable

PRODUCTS, CHOICES, DEPTH = 500, "abcde", 6
TARGET_P99_US, TARGET_RATIO = 60, 15
TAGS = [f"tag-{n}" for n in range(30)]
OURS = ("seen", "day", "new")
NAMES = {
    "seen": "ours, answers seen before",
    "day": "ours, a day of shoppers",
    "new": "ours, answers never seen",
    "numpy": "numpy: dot, rules, order",
    "sklearn": "scikit-learn: one row's scores",
}

Serve = Callable[[Answers, str], object]


class Shop(NamedTuple):
    """Shop that is served: a quiz, its products, and a model of it."""

    quiz: Quiz
    catalog: Catalog
    model: ModelTable


class Figures(NamedTuple):
    """Microseconds of one round: processor and wall time."""

    p50: float
    p99: float
    wall_p50: float
    wall_p99: float


def options(parser: argparse.ArgumentParser) -> None:
    """Add how often, and how many calls each time."""
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--calls", type=int, default=2000, help="calls of each in a round (2000)")


def run(*, rounds: int = 5, calls: int = 2000, seed: int = 1) -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError where two ways to the same scores differ."""
    rng = random.Random(seed)
    made = shop(rng)
    served = {**dict.fromkeys(OURS, ours(made)), "numpy": _numpy(made, rng), "sklearn": _sklearn(made, rng)}
    shoppers = crowd(rng)
    gc.collect()
    gc.freeze()
    found: dict[str, list[Figures]] = {name: [] for name in served}
    for number in range(rounds):
        for name, serve in served.items():
            answers = asked(name, calls if name != "sklearn" else max(50, calls // 10), rng, shoppers)
            found[name].append(_measure(serve, answers, f"{number}:"))
    gc.unfreeze()
    figures = {name: _median(series)._asdict() for name, series in found.items()}
    peer = figures["sklearn"]["p50"]
    return {
        "products": PRODUCTS,
        "questions": len(made.quiz.questions),
        "rounds": rounds,
        "calls": calls,
        "machine": {"processors": os.cpu_count(), "load": round(os.getloadavg()[0], 2)},
        "microseconds": figures,
        "faster_than_sklearn": {name: peer / figures[name]["p50"] for name in (*OURS, "numpy")},
        "targets": {"p99": TARGET_P99_US, "faster_than_sklearn": TARGET_RATIO},
    }


def table(figures: dict[str, Any]) -> str:
    """Figures as a person reads them."""
    machine = figures["machine"]
    lines = [
        f"{figures['products']} products, {figures['questions']} answers, {figures['rounds']} rounds",
        f"{figures['calls']} calls each time, load {machine['load']} on {machine['processors']} processors",
        f"{'microseconds':<32} {'p50':>8} {'p99':>8} {'wall p50':>8} {'wall p99':>8} {'times sklearn':>13}",
    ]
    for name, title in NAMES.items():
        found = figures["microseconds"][name]
        ratio = figures["faster_than_sklearn"].get(name)
        times = [f"{found[key]:>9.1f}" for key in ("p50", "p99", "wall_p50", "wall_p99")]
        lines.append(f"{title:<32}{''.join(times)}{f'{ratio:>13.1f}x' if ratio else ''}")
    for name in OURS:
        met = figures["microseconds"][name]["p99"] < TARGET_P99_US
        far = figures["faster_than_sklearn"][name] >= TARGET_RATIO
        lines.append(
            f"{NAMES[name]}: p99 below {TARGET_P99_US} us {'met' if met else 'MISSED'}, "
            f"{TARGET_RATIO}x scikit-learn {'met' if far else 'MISSED'}"
        )
    return "\n".join(lines)


def shop(rng: random.Random) -> Shop:
    """Return a quiz of seven questions, 500 products and a model of drawn numbers."""
    products = tuple(_product(rng, n) for n in range(PRODUCTS))
    quiz = _quiz(rng)
    columns = columns_of(quiz)

    def row() -> tuple[float, ...]:
        return tuple(rng.gauss(0, 0.25) for _ in products)

    rows = tuple(tuple(row() for _ in range(column.codes)) for column in columns)
    return Shop(quiz, Catalog(products), ModelTable(tuple(p.id for p in products), columns, 0.15, row(), rows))


def _product(rng: random.Random, n: int) -> Product:
    price = rng.randrange(500, 5000)
    return Product(
        id=f"p{n}",
        title=f"Product {n}",
        price=price,
        currency="GBP",
        url=f"/p/{n}",
        tags=frozenset(rng.sample(TAGS, 4)),
        attributes={"strength": float(rng.randrange(1, 6))},
        variants=(Variant(sku=f"S{n}", price=price, stock=rng.choice([None, 3, 5, 9, 0])),),
    )


def _quiz(rng: random.Random) -> Quiz:
    """Return a quiz of four plain questions, one with hard rules, one of several choices, and one scale."""

    def choice(id: str, *, hard: bool = False) -> dict[str, Any]:
        points = {f"tag:{tag}": rng.randrange(1, 4) for tag in rng.sample(TAGS, 3)}
        return {"id": id, "label": id, "favours": points} | ({"excludes": [f"tag:{rng.choice(TAGS)}"]} if hard else {})

    questions: list[dict[str, Any]] = [
        {"id": f"q{n}", "ask": "?", "pick": "one", "choices": [choice(id, hard=n == 4) for id in CHOICES]}
        for n in range(5)
    ]
    questions.append({"id": "q5", "ask": "?", "pick": "many", "choices": [choice(id) for id in CHOICES]})
    scale = {"from": 1, "to": 5, "step": 1}
    questions.append({"id": "q6", "ask": "?", "pick": "scale", "scale": scale, "near": {"strength": 2}})
    offer = {"show": DEPTH // 2, "headline": "Yours", "skip_label": "See all"}
    whole = {"title": "T", "promise": "P", "minutes": 1, "catalog": "c.csv", "questions": questions, "offer": offer}
    return Quiz.model_validate_json(json.dumps(whole))


def _answers(rng: random.Random, weights: list[float] | None = None) -> Answers:
    def one() -> str:
        return rng.choices(CHOICES, weights)[0]

    answers: dict[str, Any] = {f"q{n}": one() for n in range(5)}
    return answers | {"q5": tuple(sorted({one(), one()})), "q6": float(CHOICES.index(one()) + 1)}


def crowd(rng: random.Random) -> Callable[[], Answers]:
    """Return a draw of a shopper's answers: the n-th choice of a question is half as popular as the one before it."""
    return lambda: _answers(rng, [1.0, 0.5, 0.25, 0.125, 0.0625])


def asked(name: str, calls: int, rng: random.Random, crowd: Callable[[], Answers]) -> Iterator[Answers]:
    """Yield the answers of one round; the worker's memory is as that round says."""
    choose._patterns.clear()  # noqa: SLF001 - a worker that has just begun
    if name == "day":
        yield from (crowd() for _ in range(calls))
    elif name == "new":
        seen: dict[object, Answers] = {}
        while len(seen) < calls:
            answers = _answers(rng)
            seen[tuple(answers.items())] = answers
        yield from seen.values()
    else:
        few = [_answers(rng) for _ in range(50)]
        yield from (few[n % 50] for n in range(calls))


def _measure(serve: Serve, asked: Iterator[Answers], seed: str) -> Figures:
    """Return the times of every call but the first twentieth, in which rows are made."""
    processor, wall = [], []
    for number, answers in enumerate(list(asked)):
        start, began = time.perf_counter_ns(), time.thread_time_ns()
        serve(answers, f"{seed}{number:032d}")
        processor.append(time.thread_time_ns() - began)
        wall.append(time.perf_counter_ns() - start)
    skipped = max(50, len(processor) // 20) if len(processor) > 100 else 5
    return Figures(*_percentiles(processor[skipped:]), *_percentiles(wall[skipped:]))


def _percentiles(times: list[int]) -> tuple[float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2] / 1000, ordered[int(len(ordered) * 0.99)] / 1000


def _median(series: list[Figures]) -> Figures:
    return Figures(*(statistics.median(column) for column in zip(*series, strict=True)))


def ours(shop: Shop) -> Serve:
    """Return the whole of a choice, as a shopper's worker makes it."""
    scores = TableRecommender("model", shop.model).table(shop.quiz, products_of(shop.catalog))
    policy = PlackettLucePolicy()
    return lambda answers, seed: choose.choose(scores, policy, answers, seed=seed)


def _numpy(shop: Shop, rng: random.Random) -> Serve:
    """Return a dot product over one-hot codes, the hard rules as a mask, and six of the largest Gumbel keys."""
    import numpy as np

    columns, model, policy = shop.model.columns, shop.model, PlackettLucePolicy()
    starts = np.cumsum([0, *(column.codes for column in columns)])[:-1]
    table = TableRecommender("model", model).table(shop.quiz, products_of(shop.catalog))
    points = {  # the rules' points by answer, as the table has them, for a fair sum
        (question, value): np.array(table.rules.points(question, value))
        for answers in (_answers(rng) for _ in range(2000))
        for question, value in answers.items()
    }
    weights = np.vstack([np.array(block) for block in model.rows])
    base, buyable = np.array(model.base), np.array([product.available for product in shop.catalog.products])
    random_keys = np.random.default_rng(1)

    def scores(answers: Answers) -> Any:
        hot = np.zeros(len(weights))
        hot[starts + [column.code(answers) for column in columns]] = 1.0
        return hot @ weights + base + model.slope * sum(points[item] for item in answers.items())

    def serve(answers: Answers, _: str) -> object:
        mask = buyable & _mask(table.rules, answers, np)
        keys = np.where(mask, scores(answers) / policy.temperature + random_keys.gumbel(size=PRODUCTS), -np.inf)
        best = np.argpartition(keys, -DEPTH)[-DEPTH:]
        return best[np.argsort(-keys[best])]

    _same_scores(table, scores, rng)
    return serve


def _mask(rules: Any, answers: Answers, np: Any) -> Any:
    bits = rules.forbidden(answers).to_bytes(PRODUCTS // 8 + 1, "little")
    return np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")[:PRODUCTS] == 0


def _same_scores(table: Any, scores: Callable[[Answers], Any], rng: random.Random) -> None:
    for answers in (_answers(rng) for _ in range(20)):
        if max(abs(ours - peer) for ours, peer in zip(table.scores(answers), scores(answers), strict=True)) > 1e-8:
            raise RuntimeError("our scores and numpy's are not the same")


def _sklearn(shop: Shop, rng: random.Random) -> Serve:
    """Return a pipeline's predict_proba over 500 classes for one row; how well it predicts is no matter here."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    columns = shop.model.columns
    rows = [[column.code(answers) for column in columns] for answers in (_answers(rng) for _ in range(2 * PRODUCTS))]
    bought = [n % PRODUCTS for n in range(len(rows))]
    pipeline = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression(max_iter=5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        pipeline.fit(rows, bought)
    return lambda answers, _: pipeline.predict_proba([[column.code(answers) for column in columns]])
