"""The closed loop: what learning while serving costs, ours beside bandits; and whether promotion keeps its word.

Three simulated shops, every chance known (`worlds`): regret is the purchases that were lost against always
showing the best three. Peers are tuned on shops of their own and warmed with the same rules (`peers`);
ours has the settings that it ships with (`ours`). `judge` counts false promotions and interval misses.
"""

import argparse
from typing import Any

from benchmarks.loop.report import ratios, rows_by, table

__all__ = ["options", "run", "table"]

SHOPPERS = 20_000
FULL, QUICK = (10, 2, 400), (2, 1, 40)  # seeds, tuning seeds, repeats of the judgements


def options(parser: argparse.ArgumentParser) -> None:
    """A trial has fewer seeds, and is no result."""
    parser.add_argument("--quick", action="store_true", help="two seeds and few repeats: a trial, no result")


def run(*, quick: bool = False) -> dict[str, object]:
    """Every figure: rows of regret, ratios to the best peer, false promotions, coverage."""
    from benchmarks.loop import environment, judge

    seeds, tuning, repeats = QUICK if quick else FULL
    process = environment.started(environment.peers(), SHOPPERS, seeds, tuning)
    rows: list[dict[str, Any]] = _ours(seeds)
    judged: dict[str, object] = {
        "promotion": judge.promotion(repeats),
        "power": judge.power(repeats // 4),
        "coverage": judge.coverage(repeats),
    }
    rows += environment.answered(process)
    return {"shoppers": SHOPPERS, "seeds": seeds, "rows": rows, "ratios": ratios(rows_by(rows)), **judged}


def _ours(seeds: int) -> list[dict[str, Any]]:
    from benchmarks.loop.ours import NAME, Ours
    from benchmarks.loop.play import play
    from benchmarks.loop.worlds import WORLDS, world

    found = []
    for name in WORLDS:
        for seed in range(seeds):
            shop = world(name, seed, SHOPPERS)
            played = play(shop, Ours(shop, seed))
            found.append({"world": name, "seed": seed, "policy": NAME, "regret": played.regret, "hits": played.hits})
    return found
