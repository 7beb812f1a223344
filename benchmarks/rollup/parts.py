"""Parts that are timed, each in a process of its own: ``python -m benchmarks.rollup.parts PART FOLDER``."""

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.rollup.by_hand import by_hand
from benchmarks.rollup.shop import ASKED, NOW, THREADS
from quizfunnel.app import create_app
from quizfunnel.insight.cells import statement
from quizfunnel.insight.cells.statement import CellQuery
from quizfunnel.insight.rollup import parquet, refresh
from quizfunnel.insight.rollup.parquet import ParquetLog
from quizfunnel.insight.rollup.refresh import Task
from quizfunnel.kit.clock import SystemClock
from quizfunnel.log.definitions import WAIT_LIMITS
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.schema import metadata
from quizfunnel.settings import Settings
from quizfunnel.starter import write_store
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from quizfunnel.visit.tables import Assignment, Visitor
from tests.staff import sign_in

PAGES = 60


def raw(folder: Path) -> dict[str, float]:
    """Ask by hand, and fetch every cell."""
    with parquet.opened(folder / "out", threads=THREADS) as duck:
        statement = by_hand(dict(ParquetLog(duck, ASKED).caps))
        began = _now()
        rows = _drain(duck.execute(statement))
        return _timed(began) | {"rows": rows}


def ours(log: ParquetLog) -> str:
    """Return our statement as DuckDB's."""
    question = CellQuery(int(NOW.timestamp() * 1000), log.caps)
    return parquet.compiled(statement.statement(parquet.sources(ASKED), question, keep=parquet.keep))


def cells(folder: Path) -> dict[str, float]:
    """Ask by our statement, and fetch every cell."""
    with parquet.opened(folder / "out", threads=THREADS) as duck:
        log = ParquetLog(duck, ASKED)
        statement = ours(log) + " ORDER BY day"
        began = _now()
        rows = _drain(duck.execute(statement))
        return _timed(began) | {"rows": rows}


def rollup(folder: Path) -> dict[str, float]:
    """Do what the command does: marks, cells, storing them, and what stands beside; then once more with nothing new."""
    settings, live = _store(folder)
    engine, task = open_engine(settings.database, pooled=False), Task.of_quiz(live, simulated=False)
    with parquet.opened(folder / "out", threads=THREADS) as duck:
        began = _now()
        refresh.roll(engine, task, now=NOW, source=lambda asked: ParquetLog(duck, asked))
        whole, began = _timed(began), _now()
        refresh.roll(engine, task, now=NOW, source=lambda asked: ParquetLog(duck, asked))
    return whole | {"again": _timed(began)["cpu"]}


def page(folder: Path) -> dict[str, float]:
    """Fetch the results page from what was stored."""
    settings, _ = _store(folder, new=False)
    client = sign_in(create_app(settings, demo=False).test_client())
    times = []
    for _ in range(PAGES):
        began = time.perf_counter()
        answer = client.get("/insight/coffee")
        times.append(time.perf_counter() - began)
        if answer.status_code != 200 or b"from the rollup" not in answer.data:
            raise RuntimeError(f"the page is not from the rollup: {answer.status_code}")
    times.sort()
    return {"median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


def _store(folder: Path, *, new: bool = True) -> tuple[Settings, LiveQuiz]:
    """Return a store whose log is too large to be counted while somebody waits."""
    store = folder / "store"
    if not store.exists():
        write_store(store)
    settings = Settings(store=store)
    live = Shelf(store / "quizzes", None, SystemClock()).live("coffee")
    if live is None or live.quiz.experiment is None or live.quiz.experiment.name != ASKED.experiment:
        raise RuntimeError("the store's quiz has not the experiment of the export")
    if new:
        file = Path(settings.database.removeprefix("sqlite:///"))
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        engine = open_engine(settings.database, pooled=False)
        metadata.create_all(engine)
        _fill(engine)
        engine.dispose()
    return settings, live


def _fill(engine: Any) -> None:
    """Write as many visitors of today as make the page read the rollup alone: it looks at no more of them."""
    ids = [f"{number:032x}" for number in range(WAIT_LIMITS.live + 5000)]
    who = {"kind": "shopper", "kind_reason": "", "device": "", "channel": "", "landing_page": "/", "simulated": False}
    arm = {"quiz": "coffee", "experiment": ASKED.experiment, "arm": "invited", "holdout_share": 0.2, "window_days": 7}
    with writing(engine) as connection:
        connection.execute(insert(Visitor), [who | {"id": id, "first_seen": NOW - timedelta(hours=1)} for id in ids])
        connection.execute(insert(Assignment), [arm | {"visitor_id": id, "t0": NOW - timedelta(hours=1)} for id in ids])


def _drain(cursor: Any) -> int:
    count = 0
    while rows := cursor.fetchmany(10_000):
        count += len(rows)
    return count


def _timed(began: tuple[float, float]) -> dict[str, float]:
    """Return the seconds that passed: on the clock, and of the processors, which others on the machine do not slow."""
    clock, cpu = _now()
    return {"seconds": clock - began[0], "cpu": cpu - began[1], "memory": _most_memory()}


def _most_memory() -> float:
    """Return the most that this program held, in MiB; what getrusage says may be of the process that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (kibibytes,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(kibibytes) / 1024


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


if __name__ == "__main__":
    part = {"raw": raw, "cells": cells, "rollup": rollup, "page": page}[sys.argv[1]]
    print(json.dumps(part(Path(sys.argv[2]))))
