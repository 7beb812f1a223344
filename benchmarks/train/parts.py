"""Parts that are timed, each in a process of its own: ``python -m benchmarks.train.parts PART FILE``."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.train.large_log import NOW, WINDOW, large_products, large_quiz
from quizfunnel.kit.clock import to_millis
from quizfunnel.learning import offer_log
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.recommend.training.dataset import Dataset
from quizfunnel.recommend.training.train import LARGE
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading


def ours(file: Path) -> dict[str, float]:
    """Group and fit, as `quizfunnel train` does for a log of this size."""
    quiz, products = large_quiz(), large_products()
    engine = open_engine(f"sqlite:///{file}", pooled=False)
    began = time.perf_counter()
    with reading(engine) as connection:
        scope = Scope("large", None, simulated=False)
        query = offer_log.LogQuery(scope, WINDOW, to_millis(NOW) - WINDOW * DAY_MS)
        counts = offer_log.counts(connection, query, progress=lambda _: None)
    grouped = time.perf_counter()
    dataset = Dataset(quiz, products, counts, {"v": quiz})
    dataset.fitted(LARGE, range(5))
    ended = time.perf_counter()
    return {
        "grouped": grouped - began,
        "fitted": ended - grouped,
        "seconds": ended - began,
        "patterns": len(counts.patterns),
        "pairs": dataset.size,
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
            "SELECT f.answers, i.product, EXISTS ("
            "SELECT 1 FROM shop_order o JOIN order_line l USING (source, order_id) "
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


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "logistic": logistic}[sys.argv[1]](Path(sys.argv[2]))))
