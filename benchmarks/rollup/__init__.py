"""Rolling up the export of ten million visitors, against the same moments asked of DuckDB by hand; and the page.

Visitors of 90 days in two arms, a fifth of whom take a quiz, and their orders, are written as Parquet in the
export's own layout. Timed are what `quizfunnel rollup --from-export` does (marks, cells, and storing them in a
database) and one hand-written DuckDB statement for the same cells, by turns, each in a process of its own so that
the most memory it took is known. Then the results page is fetched again and again from what was stored.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.own_process import in_own_process
from benchmarks.rollup.by_hand import by_hand
from benchmarks.rollup.parts import ours
from benchmarks.rollup.shop import ASKED, THREADS, write_export
from quizfunnel.insight.rollup import parquet
from quizfunnel.insight.rollup.parquet import ParquetLog

__all__ = ["options", "run", "table"]

FULL = 10_000_000  # visitors that the targets are set for
TARGETS = {"ratio": 1.3, "memory": 1024.0, "page": 0.2}


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many visitors there are, and how often all is timed."""
    parser.add_argument("--visitors", type=int, default=FULL, help="in both arms (10,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")
    parser.add_argument("--quick", action="store_true", help="200,000 visitors, once; no target is judged")


def run(*, visitors: int, rounds: int, quick: bool) -> dict[str, Any]:
    """Write the export, then time each part in processes of its own."""
    visitors, rounds = (200_000, 1) if quick else (visitors, rounds)
    with tempfile.TemporaryDirectory(prefix="quizfunnel-rollup-") as name:
        folder = Path(name)
        refuse_unlike(folder / "few")
        began = time.perf_counter()
        write_export(folder / "out", visitors)
        written = time.perf_counter() - began
        timed = [{part: _apart(part, folder) for part in ("raw", "cells", "rollup")} for _ in range(rounds)]
        page = _apart("page", folder)
    return {"visitors": visitors, "written_seconds": written, "rounds": timed, "page": page, "targets": TARGETS}


def table(figures: dict[str, Any]) -> str:
    """Return the figures beside their targets."""
    rounds, page = figures["rounds"], figures["page"]
    targets = figures["targets"] if figures["visitors"] >= FULL else {}

    def of(part: str, name: str) -> list[float]:
        return sorted(each[part][name] for each in rounds)

    def over(part: str) -> list[float]:
        return sorted(each[part]["cpu"] / each["raw"]["cpu"] for each in rounds)

    lines = [
        f"{figures['visitors']:,} visitors, {of('cells', 'rows')[0]:,.0f} cells; seconds are of the processors",
        f"{'':56}{'median':>9}{'min':>9}{'max':>9}   target",
        _line("by hand, s", of("raw", "cpu")),
        _line("the statement, s", of("cells", "cpu")),
        _line("the statement over by hand", over("cells")),
        _line("quizfunnel rollup: marks and storing too, s", of("rollup", "cpu")),
        _line("all of it over by hand", over("rollup"), targets.get("ratio")),
        _line("the same by the clock, s", of("rollup", "seconds")),
        _line("again with nothing new, three days of open windows, s", of("rollup", "again")),
        _line("most memory of the rollup, MiB", of("rollup", "memory"), targets.get("memory")),
        _line("most memory by hand, MiB", of("raw", "memory")),
        _line("the page from what was stored, p95, by the clock, s", [page["p95"]] * 3, targets.get("page")),
        _line("the same, median, s", [page["median"]] * 3),
    ]
    return "\n".join(lines)


def _line(name: str, found: list[float], target: float | None = None) -> str:
    middle = found[len(found) // 2]
    judged = "" if target is None else f"   <= {target:g}: {'met' if middle <= target else 'missed'}"
    return f"{name:56}{middle:>9.2f}{found[0]:>9.2f}{found[-1]:>9.2f}{judged}"


def _apart(part: str, folder: Path) -> dict[str, float]:
    return in_own_process("benchmarks.rollup.parts", part, folder, timeout=1800)


def refuse_unlike(folder: Path, visitors: int = 30_000, *, theirs: Callable[[dict[str, int]], str] = by_hand) -> None:
    """Raise RuntimeError where the hand-written statement, `theirs`, does not give exactly the same cells."""
    write_export(folder, visitors)
    with parquet.opened(folder, threads=THREADS) as duck:
        log = ParquetLog(duck, ASKED)
        duck.execute(f"CREATE TABLE theirs AS {theirs(dict(log.caps))}")
        # the hand-written statement knows these measures; later ones are rows of their own beside them
        known = "length(currency) IN (0, 3) OR currency LIKE '% profit' OR currency = 'returned'"
        duck.execute(f"CREATE TABLE ours AS FROM ({ours(log)}) WHERE {known}")
        for one, two in (("ours", "theirs"), ("theirs", "ours")):
            found = duck.execute(f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {two})").fetchone()
            if found != (0,):
                raise RuntimeError(f"the hand-written statement and ours do not give the same cells: {one} has more")
