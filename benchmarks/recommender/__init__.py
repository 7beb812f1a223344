"""Our learners on real choices, beside popularity, rules and peers: the same masked sets and tuning for all."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what they need is imported when there is something to run
    from benchmarks.recommender.data import Choices
    from benchmarks.recommender.environment import Environment
    from benchmarks.recommender.splits import Split

QUICK_RESPONDENTS, QUICK_FITS = 1_000, 2
NOTES = """\
There is no merchandiser in these data: a pilot sample of 5 % makes the rules, whole points of 1 to 3 for or against
at 0.18 log-odds each, and is left out of everything else. Then 60/20/20 by respondent, three splits drawn beforehand
whose tests are of different people; validation respondents are in no test. Twelve settings for each contender (six
for each half of ours), chosen by validation log-loss on the first split and kept; each test is judged once. Peers
that stop early do so on validation; ours on a part of train. No rules are given to ours in the comparison. One row
is timed through a peer's own call, and ours as it is served. LinUCB learns from purchases and up to 19 places beside
them, after 300 shoppers who obey the rules; it has an order and no probabilities. What stands with * was read from
an earlier run.
""".splitlines()


def options(parser: argparse.ArgumentParser) -> None:
    """A trial is smaller in everything, and no result."""
    parser.add_argument("--quick", action="store_true", help="one split, fewer respondents and settings: a trial")


def run(*, quick: bool = False) -> dict[str, object]:
    """Every figure of the comparison, of the prior's study and of the published likelihood."""
    from benchmarks.recommender import environment, splits
    from benchmarks.recommender.compare import compare

    there = environment.prepare()
    compared, studied = [], []
    for choices in _data(there.data, quick=quick):
        _tell(choices.name)
        parts = [splits.split(choices.respondents, number) for number in range(1 if quick else splits.SPLITS)]
        compared.append(compare(choices, parts, there, fits=QUICK_FITS if quick else 12, tell=_tell))
        studied += _studied(choices, parts, there, quick=quick)
    missing = [f"{package} is left out: {why}" for package, why in there.missing.items()]
    return {
        "notes": [*NOTES, *missing, *(["A quick trial: no result."] if quick else [])],
        "versions": there.versions,
        "comparison": compared,
        "prior": studied,
        "published": _published(there.data),
    }


def table(figures: dict[str, Any]) -> str:
    """Figures beside the targets."""
    from benchmarks.recommender import printed

    return printed.table(figures)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _data(folder: Path, *, quick: bool) -> "Iterator[Choices]":
    from benchmarks.recommender import shop, surveys

    lines = shop.read(folder)
    for choices in (
        shop.ta_feng(lines, 50),
        shop.ta_feng(lines, 300),
        surveys.car_pref(folder),
        surveys.swissmetro(folder),
    ):
        yield choices.first(QUICK_RESPONDENTS) if quick else choices


def _studied(choices: "Choices", parts: "list[Split]", there: "Environment", *, quick: bool) -> list[dict[str, Any]]:
    from benchmarks.recommender import study

    cells = []
    for form, size in study.every(len(parts[0].train)):
        if quick and size not in {0, 200}:
            continue
        _tell(f"  the prior, {form} form, {'all' if size is None else size} purchases ...")
        cells.append(study.measure(choices, parts, study.Cell(form, size), there.cache))
    return cells


def _published(folder: Path) -> dict[str, object]:
    from benchmarks.recommender.mnl import CLOSE, published_logit

    found = published_logit(folder)
    return {**found, "within": CLOSE, "met": abs(found["ours"] - found["published"]) <= CLOSE}
