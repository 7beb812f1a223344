"""Calibration of the analyst's figures: false alarms, coverage and bias over thousands of stores.

The stores are made up, from fixed seeds, and each row has a target that follows from what the page promises. Evidence
and limits are computed for whole arrays at once, and a sample of every array is held against the product's own
functions first: where they differ nothing is reported.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.calibration import alarms, coverage, looks, observed
from benchmarks.calibration.row import Row

Parts = Mapping[str, Callable[[int], list[Row]]]

PARTS: Parts = {
    "Looking every day for 60 days where the arms are alike": looks.rows,
    "Limits at a size fixed beforehand": coverage.rows,
    "Who takes the quiz, with a cause that is known": observed.rows,
    "Alarms where there is nothing to say": alarms.rows,
}


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many stores are made up."""
    parser.add_argument("--runs", type=int, default=10_000, help="made-up stores a row (10,000)")


def run(*, runs: int, measured: Parts = PARTS) -> dict[str, Any]:
    """Measure every part; raise RuntimeError where an array and the product disagree."""
    began = time.perf_counter()
    parts = [{"part": name, "rows": [row.figures() for row in measure(runs)]} for name, measure in measured.items()]
    return {"runs": runs, "parts": parts, "seconds": time.perf_counter() - began}


def table(figures: dict[str, Any]) -> str:
    """Return each part's rows beside their targets."""
    lines = []
    for part in figures["parts"]:
        lines += ["", f"{part['part']:84}{'measured':>10}{'+-':>8}   target"]
        lines += [_line(row) for row in part["rows"]]
    missed = sum(not row["met"] for part in figures["parts"] for row in part["rows"])
    end = f"{missed} target{'s' * (missed > 1)} missed" if missed else "every target met"
    return "\n".join([*lines, "", f"{figures['runs']:,} runs, {figures['seconds']:.0f} s: {end}"])


def _line(row: dict[str, Any]) -> str:
    measured, error = (_figure(row[name], row["unit"]) for name in ("measured", "error"))
    met = "" if row["met"] else "   MISSED"
    return f"  {row['what']:82}{measured:>10}{error:>8}   {row['target']}{met}"


def _figure(value: float, unit: str) -> str:
    return f"{value:.2%}" if unit == "share" else f"{value:.3f}"
