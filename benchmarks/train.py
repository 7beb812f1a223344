"""Training on a large log: the grouping in the database and a converged fit, against logistic regression on raw rows.

A million simulated shoppers finish a quiz of seven questions, each is shown three of 50 products, and
some buy. Timed are what `quizfunnel train` does between the log and a model: the statements that group
the log (rows of the database to arrays), and the fit of the tables, each in a process of its own so that
the most memory it took is known. Beside it stands scikit-learn's LogisticRegression with one row for
each product shown, on a share of these rows that fits, since its cost grows with shoppers.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.kit.clock import to_millis
from quizfunnel.learning import offer_log
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.training.dataset import Dataset
from quizfunnel.recommend.training.train import LARGE
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing

LEVELS = (4, 3, 4, 2, 5, 3, 4)
PRODUCTS = 50
SHOWN = 3
WINDOW = 7
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BATCH = 20_000
POLICY = json.dumps({"temperature": 0.1, "epsilon": 0.02, "k": SHOWN})


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many shoppers there are, and how often all is timed."""
    parser.add_argument("--shoppers", type=int, default=1_000_000, help="who finished the quiz (1,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")


def run(*, shoppers: int, rounds: int) -> dict[str, Any]:
    """Write the log, then time each part in processes of its own."""
    with tempfile.TemporaryDirectory(prefix="quizfunnel-train-") as folder:
        file = Path(folder) / "log.sqlite3"
        began = time.perf_counter()
        write_log(file, shoppers)
        written = time.perf_counter() - began
        timed = [{part: _apart(part, file) for part in ("ours", "logistic")} for _ in range(rounds)]
    return {"shoppers": shoppers, "written_seconds": written, "rounds": timed}


def table(figures: dict[str, Any]) -> str:
    """Return the figures beside their targets."""
    rounds = figures["rounds"]
    ours = {name: sorted(each["ours"][name] for each in rounds) for name in rounds[0]["ours"]}
    theirs = {name: sorted(each["logistic"][name] for each in rounds) for name in rounds[0]["logistic"]}
    total = ours["seconds"]
    what = "{:,} shoppers, {:,.0f} distinct sets of answers, {:,.0f} pairs of them and a product, {:,.0f} purchases"
    lines = [
        what.format(figures["shoppers"], ours["patterns"][0], ours["pairs"][0], ours["purchases"][0]),
        f"{'':44}{'median':>9}{'min':>9}{'max':>9}   target",
        _line("grouped in the database, s", ours["grouped"]),
        _line("fitted until converged, s", ours["fitted"]),
        _line("both, s", total) + f"   < 5: {'met' if total[len(total) // 2] < 5 else 'missed'}",
        _line("most memory, MiB", ours["memory"]),
        _line(f"LogisticRegression on {theirs['rows'][0]:,.0f} raw rows, s", theirs["seconds"]),
        _line("the same for all rows, if it grows with them, s", theirs["whole"]),
    ]
    return "\n".join(lines)


def _line(name: str, found: list[float]) -> str:
    return f"{name:44}{found[len(found) // 2]:>9.2f}{found[0]:>9.2f}{found[-1]:>9.2f}"


def _apart(part: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.train", part, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, env=os.environ)
    if done.returncode:
        raise RuntimeError(f"{part}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def ours(file: Path) -> dict[str, float]:
    """Group and fit, as `quizfunnel train` does for a log of this size."""
    quiz, products = shop()
    engine = open_engine(f"sqlite:///{file}", pooled=False)
    began = time.perf_counter()
    with reading(engine) as connection:
        scope = Scope("large", None, simulated=False)
        query = offer_log.LogQuery(scope, WINDOW, to_millis(NOW) - WINDOW * DAY_MS)
        counts = offer_log.counts(connection, query, progress=lambda _: None)
    grouped = time.perf_counter()
    problem = Dataset(quiz, products, counts, {"v": quiz})
    problem.fitted(LARGE, range(5))
    ended = time.perf_counter()
    return {
        "grouped": grouped - began,
        "fitted": ended - grouped,
        "seconds": ended - began,
        "patterns": len(counts.patterns),
        "pairs": problem.size,
        "purchases": counts.purchases,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def logistic(file: Path) -> dict[str, float]:
    """Fit one row a product shown: answers times product, one-hot, as one would without grouping."""
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    most = 200_000
    engine = open_engine(f"sqlite:///{file}", pooled=False)
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT f.answers, i.product, EXISTS (SELECT 1 FROM shop_order o JOIN order_line l USING (source, order_id) "
            "JOIN attempt t ON t.visitor_id = o.visitor_id WHERE t.id = f.attempt_id AND l.product = i.product) "
            f"FROM offer f JOIN offer_item i ON i.offer_id = f.id LIMIT {most}"
        ).all()
        total = connection.exec_driver_sql("SELECT count(*) FROM offer_item").scalar_one()
    places: dict[tuple[str, Any, str], int] = {}
    pointers, columns = [0], []
    for answers, product, _ in rows:
        for question, value in json.loads(answers).items():
            columns.append(places.setdefault((question, value, product), len(places)))
        pointers.append(len(columns))
    features = csr_array((np.ones(len(columns)), columns, pointers), shape=(len(rows), len(places)))
    bought = [row[2] for row in rows]
    began = time.perf_counter()
    LogisticRegression(max_iter=1000).fit(features, bought)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "rows": len(rows), "whole": seconds * total / len(rows)}


def shop() -> tuple[Quiz, Products]:
    """Return the quiz and its 50 products: each choice favours one of five tags."""
    questions = [
        {
            "id": f"q{number}",
            "ask": f"Question {number}?",
            "pick": "one",
            "choices": [
                {
                    "id": f"c{level}",
                    "label": f"Choice {level}",
                    "favours": {f"tag:t{(number + level) % 5}": 1 + level % 2},
                }
                for level in range(levels)
            ],
        }
        for number, levels in enumerate(LEVELS)
    ]
    quiz = Quiz.model_validate_json(
        json.dumps(
            {
                "title": "Large",
                "promise": "Three of fifty.",
                "minutes": 2,
                "catalog": "catalogs/large.csv",
                "questions": questions,
                "offer": {"show": SHOWN, "headline": "Yours", "skip_label": "See all"},
            }
        )
    )
    products = tuple(
        Product(
            f"p{n:02}",
            f"Product {n}",
            1000 + 50 * n,
            "EUR",
            f"/p{n}",
            tags=frozenset({f"t{n % 5}", f"u{n % 3}"}),
            variants=(Variant(f"s{n}", 1000 + 50 * n),),
        )
        for n in range(PRODUCTS)
    )
    return quiz, Products(products)


def write_log(file: Path, shoppers: int) -> None:
    """Write visitors, attempts, offers, views and orders; the taste is additive in the answers."""
    engine = open_engine(f"sqlite:///{file}", pooled=False)
    metadata.create_all(engine)
    rng = np.random.default_rng(7)
    taste = [rng.normal(size=(levels, PRODUCTS)) * 0.4 for levels in LEVELS]
    version = {"id": "v", "quiz": "large", "body": "", "products": "[]", "published_at": NOW - timedelta(days=100)}
    with writing(engine) as connection:
        connection.execute(insert(metadata.tables["quiz_version"]), version)
    for start in range(0, shoppers, BATCH):
        rows = _batch(rng, taste, start, min(BATCH, shoppers - start))
        with writing(engine) as connection:
            for name, some in rows:
                if some:
                    connection.execute(insert(metadata.tables[name]), some)
    engine.dispose()


def _batch(
    rng: np.random.Generator, taste: list[Any], start: int, count: int
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    answers = np.column_stack([rng.integers(0, levels, count) for levels in LEVELS])
    likes = sum(table[answers[:, j]] for j, table in enumerate(taste))
    order = np.argsort(-(0.5 * likes + rng.gumbel(size=likes.shape)), axis=1)[:, :SHOWN]
    chance = 1 / (1 + np.exp(4.5 - np.take_along_axis(likes, order, axis=1)))
    bought = rng.random(order.shape) < chance
    seconds = rng.integers(8 * 86400, 90 * 86400, count)
    ids = [f"{start + n:032x}" for n in range(count)]
    at = [NOW - timedelta(seconds=int(each)) for each in seconds]
    texts = [
        json.dumps({f"q{j}": f"c{level}" for j, level in enumerate(row)}, separators=(",", ":")) for row in answers
    ]
    eligible = json.dumps([f"p{n:02}" for n in range(PRODUCTS)])
    common = {"simulated": False, "kind": "shopper"}
    yield (
        "visitor",
        [
            common | {"id": id, "first_seen": t, "kind_reason": "", "device": "", "channel": "", "landing_page": ""}
            for id, t in zip(ids, at, strict=True)
        ],
    )
    yield (
        "attempt",
        [
            common
            | {
                "id": id,
                "quiz": "large",
                "version": "v",
                "visitor_id": id,
                "first_question": "q0",
                "started_at": t,
                "finished_at": t,
            }
            for id, t in zip(ids, at, strict=True)
        ],
    )
    yield "offer", [
        {
            "id": id, "attempt_id": id, "finished_at": t, "answers_hash": f"{hash(text) & (2**128 - 1):064x}", "revision": 1,
            "chosen_at": t, "show": SHOWN, "answers": text, "model": "rules", "fallback": "", "rival": "", "model_share": 1.0,
            "policy": POLICY, "seed": id, "eligible": eligible, "rejected_at": None, "rejected_why": "",
        }
        for id, t, text in zip(ids, at, texts, strict=True)
    ]  # fmt: skip
    yield "offer_view", [{"id": id, "offer_id": id, "at": t, "up_to": SHOWN} for id, t in zip(ids, at, strict=True)]
    yield "offer_item", [
        {
            "offer_id": ids[n], "rank": rank + 1, "product": f"p{order[n, rank]:02}", "score": 0.0, "propensity": 0.1,
            "price_minor": 1000, "currency": "EUR", "reasons": "[]",
        }
        for n in range(count) for rank in range(SHOWN)
    ]  # fmt: skip
    buyers = [(n, rank) for n, rank in zip(*np.nonzero(bought), strict=True)]
    yield "shop_order", [
        {
            "source": "standard", "order_id": ids[n], "visitor_id": ids[n], "click_id": None, "placed_at": at[n], "updated_at": at[n],
            "event": "", "currency": "EUR", "total_minor": 1000, "paid": True, "cancelled": False, "test": False, "simulated": False,
        }
        for n in sorted({n for n, _ in buyers})
    ]  # fmt: skip
    yield "order_line", [
        {
            "source": "standard", "order_id": ids[n], "position": int(rank), "product_id": "", "sku": "", "title": "", "quantity": 1,
            "unit_price_minor": 1000, "product": f"p{order[n, rank]:02}", "matched_by": "id",
        }
        for n, rank in buyers
    ]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "logistic": logistic}[sys.argv[1]](Path(sys.argv[2]))))
