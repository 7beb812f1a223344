"""``python -m benchmarks NAME [--json FILE]``: measure one thing and print its ratios beside their targets."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import answer


def main() -> int:
    """Run one benchmark; return 1 when it could not be trusted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=["answer"], help="what to measure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to FILE")
    parser.add_argument("--rounds", type=int, default=5, help="how often each server is measured (5)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each round lasts (4)")
    given = parser.parse_args()
    try:
        figures = answer.run(rounds=given.rounds, seconds=given.seconds)
    except RuntimeError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    print(answer.table(figures))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
