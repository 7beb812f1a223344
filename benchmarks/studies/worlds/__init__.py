"""Three worlds whose truth is known, where a quiz helps, does nothing or hurts, and the analyst's page on each of them.

Each seed is a history of the demo's own simulated visitors (`walk`), as the page's own definitions and functions see
it (`count`): its verdict at the end and on every day before, since whoever may look at any time may stop on any day.
Beside it stands the naive ratio, of those who took the quiz against cold visitors.
"""

import argparse
import gc
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from benchmarks.studies.worlds.play import Played, Setup, held_out, played
from benchmarks.studies.worlds.quizzes import HALF, SHOPS
from benchmarks.studies.worlds.summary import figures, table

__all__ = ["options", "run", "table"]

SEEDS, VISITORS, QUIZ, PROCESSES = 200, 120_000, "coffee", 2


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many histories there are, how large they are, of which shop, and whose page is read."""
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"histories a world ({SEEDS})")
    parser.add_argument("--visitors", type=int, default=VISITORS, help=f"visitors a history ({VISITORS:,})")
    parser.add_argument("--quiz", default=QUIZ, help=f"the shipped quiz whose page is read ({QUIZ})")
    shops = f"that quiz alone with every second visitor held out, or all quizzes as they are shipped ({HALF})"
    parser.add_argument("--shop", choices=SHOPS, default=HALF, help=shops)


def run(*, seeds: int, visitors: int, quiz: str = QUIZ, shop: str = HALF) -> dict[str, Any]:
    """Play the seeds from 1 on, two at a time; raise RuntimeError where the quiz cannot have a verdict."""
    began, setup = time.perf_counter(), Setup(shop, quiz, visitors)
    share = held_out(setup)
    with ProcessPoolExecutor(PROCESSES, initializer=gc.disable) as pool:  # a history makes no cycles to look for
        found = list(_counted(pool.map(partial(played, setup), range(1, seeds + 1)), seeds))
    summary = setup._asdict() | {"holdout_share": share, "seeds": seeds} | figures(found)
    return summary | {"seconds": time.perf_counter() - began}


def _counted(found: Iterable[Played], of: int) -> Iterable[Played]:
    """Yield the histories as they come, and show progress on a terminal."""
    for number, each in enumerate(found, start=1):
        if sys.stderr.isatty():
            end = "\n" if number == of else ""
            print(f"\r{number} of {of} seeds", end=end, file=sys.stderr, flush=True)
        yield each
