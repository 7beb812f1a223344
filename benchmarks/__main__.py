"""``python -m benchmarks NAME [--json FILE]``: measure one thing and print its ratios beside their targets.

A benchmark is a module with three functions: ``options(parser)`` adds its own options, ``run(**options)`` returns
every figure as what JSON can hold, ``table(figures)`` is what is printed. It raises RuntimeError when what it
measured could not be trusted.
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

# Named, not imported: one benchmark's libraries are no other's business.
BENCHMARKS = {
    "answer": "benchmarks.answer",
    "answer-parts": "benchmarks.answer_parts",
    "calibration": "benchmarks.calibration",
    "pages": "benchmarks.pages",
    "recommender": "benchmarks.recommender",
    "recommender-loop": "benchmarks.loop",
    "rollup": "benchmarks.rollup",
    "serve-recommendation": "benchmarks.serve",
    "shop-arms": "benchmarks.shop_arms",
    "slow-clients": "benchmarks.slow_clients",
    "train": "benchmarks.train",
    "worlds": "benchmarks.studies.worlds",
}


class Benchmark(Protocol):
    """Interface of a module that is named above."""

    def options(self, parser: argparse.ArgumentParser, /) -> None:
        """Add what can be asked of this benchmark alone."""

    def run(self, **options: object) -> dict[str, object]:
        """Measure, with the options' values by name."""

    def table(self, figures: dict[str, object], /) -> str:
        """Figures as a person reads them."""


def main(arguments: list[str] | None = None) -> int:
    """Run one benchmark; return 1 when it could not be trusted."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS, help="what to measure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to FILE")
    name = next((word for word in given if word in BENCHMARKS), None)
    benchmark = None
    if name is not None:
        benchmark = cast("Benchmark", import_module(BENCHMARKS[name]))
        benchmark.options(parser)
    options = vars(parser.parse_args(given))
    path = options.pop("json")
    options.pop("name")
    if benchmark is None:
        raise RuntimeError("argparse accepts no name that is not in the list")
    return _measure(benchmark, options, path)


def _measure(benchmark: Benchmark, options: dict[str, object], path: Path | None) -> int:
    try:
        figures = benchmark.run(**options)
    except RuntimeError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    print(benchmark.table(figures))
    if path:
        path.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
