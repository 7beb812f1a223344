"""What the analyst's page says where the truth is known: the demo's worlds, where a quiz helps, does nothing or hurts.

Each seed is a history of the demo's own simulated visitors (`walk`), as the page's own definitions and functions see
it (`count`): its verdict at the end and on every day before, since whoever may look at any time may stop on any day.
Beside it stands the naive ratio, of those who took the quiz against cold visitors.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.worlds.play import Played, played
from benchmarks.worlds.told import figures, table

__all__ = ["options", "run", "table"]

SEEDS, VISITORS, QUIZ, PROCESSES = 200, 60_000, "coffee", 2


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many histories there are, how large they are, and whose page is read."""
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"histories a world ({SEEDS})")
    parser.add_argument("--visitors", type=int, default=VISITORS, help=f"visitors a history ({VISITORS:,})")
    parser.add_argument("--quiz", default=QUIZ, help=f"the shipped quiz whose page is read ({QUIZ})")


def run(*, seeds: int, visitors: int, quiz: str = QUIZ) -> dict[str, Any]:
    """Play the seeds from 1 on, two at a time; raise RuntimeError where the quiz cannot have a verdict."""
    began, numbers = time.perf_counter(), range(1, seeds + 1)
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = list(_counted(pool.map(played, [quiz] * seeds, numbers, [visitors] * seeds), seeds))
    told = figures(found)
    return {"quiz": quiz, "seeds": seeds, "visitors": visitors, **told, "seconds": time.perf_counter() - began}


def _counted(found: Iterable[Played], of: int) -> Iterable[Played]:
    """Give what comes, and say on a terminal how far it is."""
    for number, each in enumerate(found, start=1):
        if sys.stderr.isatty():
            end = "\n" if number == of else ""
            print(f"\r{number} of {of} seeds", end=end, file=sys.stderr, flush=True)
        yield each
