"""Training on a large log: the grouping in the database and a converged fit, against logistic regression on raw rows.

A million simulated shoppers finish a quiz of seven questions, each is shown three of 50 products, and
some buy. Timed are what `quizfunnel train` does between the log and a model: the statements that group
the log (rows of the database to arrays), and the fit of the tables, each in a process of its own so that
the most memory it took is known. Beside it stands scikit-learn's LogisticRegression with one row for
each product shown, on a share of these rows that fits, since its cost grows with shoppers.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.own_process import in_own_process
from benchmarks.train.large_log import write_log

__all__ = ["options", "run", "table"]


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
    return in_own_process("benchmarks.train.parts", part, file, timeout=900)
