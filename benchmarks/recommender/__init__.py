"""Our learners on real choices, beside popularity, rules and peers: the same masked sets and tuning for all."""

import argparse


def options(parser: argparse.ArgumentParser) -> None:
    """A trial is smaller in everything, and no result."""
    parser.add_argument("--quick", action="store_true", help="one seed and fewer respondents: a trial, no result")


def run(*, quick: bool = False) -> dict[str, object]:
    """Every figure of the comparison."""
    raise RuntimeError(f"not built yet ({quick=})")


def table(figures: dict[str, object]) -> str:
    """Figures beside the targets."""
    return str(figures)
