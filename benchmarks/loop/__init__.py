"""The closed loop: what learning while serving costs, ours beside bandits; and whether promotion keeps its word.

Three simulated shops, every chance known (`worlds`): regret is the purchases that were lost against always
showing the best three. Peers are tuned on shops of their own and warmed with the same rules (`peers`), ours
with fewer trials on the same (`ours`). `judge` counts false promotions and interval misses.
"""

import argparse
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

from benchmarks.loop.report import ratios, rows_by, table

__all__ = ["options", "run", "table"]

SHOPPERS = 20_000
FULL, QUICK = (10, 2, 240), (2, 1, 40)  # seeds, tuning seeds, repeats of the judgements


def options(parser: argparse.ArgumentParser) -> None:
    """A trial has fewer seeds, and is no result."""
    parser.add_argument("--quick", action="store_true", help="two seeds and few repeats: a trial, no result")


def run(*, quick: bool = False) -> dict[str, object]:
    """Every figure: rows of regret, ratios to the best peer, false promotions, coverage."""
    from benchmarks.loop import environment, judge  # the peers import this package without the product

    seeds, tuning, repeats = QUICK if quick else FULL
    process = environment.started(environment.peers(), SHOPPERS, seeds, tuning)
    with ProcessPoolExecutor(2) as pool:
        judged = {
            "promotion": [pool.submit(judge.promotion, share, noise, repeats) for share, noise in judge.CHALLENGES],
            "power": [pool.submit(judge.power, repeats // 4)],
            "coverage": [pool.submit(judge.coverage, *case, repeats) for case in judge.CASES],
        }
        rows = _ours(pool, seeds)
        figures: dict[str, object] = {name: [each.result() for each in parts] for name, parts in judged.items()}
    rows += environment.answered(process)
    return {"shoppers": SHOPPERS, "seeds": seeds, "rows": rows, "ratios": ratios(rows_by(rows)), **figures}


def _ours(pool: Executor, seeds: int) -> list[dict[str, Any]]:
    from benchmarks.loop.ours import played  # as above
    from benchmarks.loop.worlds import WORLDS

    cases = [(name, seed, slopes) for seed in range(seeds) for slopes in (False, True) for name in WORLDS]
    found = [pool.submit(played, name, seed, SHOPPERS, slopes=slopes) for name, seed, slopes in cases]
    return [each.result() for each in found]
