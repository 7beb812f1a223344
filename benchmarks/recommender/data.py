"""Real choices as answers, what was shown, and what was taken.

Every data set is brought into the form a quiz gives: whole codes of answers known before the choice (0 never asked,
1 skipped, 2.. the levels), the products that could be chosen, and the one that was.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SKIPPED, FIRST = 1, 2
BINS = 5

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Choices(NamedTuple):
    """n choices among I items: answers [n, q], shown [n, I], chosen and respondents [n], features [I, a].

    `ordered` [q] marks columns whose levels stand in order; `note` tells how answers and features were made.
    """

    name: str
    answers: Codes
    columns: tuple[str, ...]
    ordered: Mask
    shown: Mask
    chosen: Codes
    respondents: Codes
    items: tuple[str, ...]
    features: Floats
    note: str

    def take(self, rows: NDArray[np.intp]) -> "Choices":
        """Return the choices of some rows."""
        return self._replace(
            answers=self.answers[rows],
            shown=self.shown[rows],
            chosen=self.chosen[rows],
            respondents=self.respondents[rows],
        )

    def first(self, count: int) -> "Choices":
        """Return the choices of the first so many respondents."""
        return self.take(np.flatnonzero(np.isin(self.respondents, np.unique(self.respondents)[:count])))


class Answer(NamedTuple):
    """One answer of everybody: its codes, and whether levels stand in order."""

    codes: Codes
    ordered: bool = False


def picked(values: Sequence[str], unknown: Iterable[str] = (), *, ordered: bool = False) -> Answer:
    """Return values as levels in their sorted order; those that are `unknown` as skipped."""
    skipped = set(unknown)
    levels = {value: FIRST + n for n, value in enumerate(sorted(set(values) - skipped))}
    return Answer(np.array([levels.get(value, SKIPPED) for value in values]), ordered)


def binned(values: Sequence[float] | Floats, *, missing: Mask | None = None) -> Answer:
    """Return numbers as at most five ordered bins of about equal counts; those `missing` as skipped."""
    numbers = np.asarray(values, dtype=float)
    known = np.ones(len(numbers), dtype=bool) if missing is None else ~missing
    edges = np.unique(np.quantile(numbers[known], np.arange(1, BINS) / BINS))
    edges = edges[edges > numbers[known].min()]
    return Answer(np.where(known, FIRST + np.searchsorted(edges, numbers, side="right"), SKIPPED), ordered=True)


def indicators(values: Sequence[str], least: int = 2) -> Floats:
    """Return a column for each value that stands at least so often; shape [len(values), columns]."""
    names, counts = np.unique(np.asarray(values), return_counts=True)
    return np.array(np.asarray(values)[:, None] == names[counts >= least], dtype=np.float64)


def read_gzip(path: Path) -> list[dict[str, str]]:
    """Return the rows of a compressed table."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read_zip(path: Path) -> list[dict[str, str]]:
    """Return the rows of the only table in an archive."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".csv") and not name.startswith("__"))
        with archive.open(name) as raw:
            return list(csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8-sig")))


def assemble(answers: dict[str, Answer], *, shown: Mask, chosen: Codes, respondents: Codes, **about: object) -> Choices:
    """Return the data set, after checking that everybody chose what was shown."""
    if not shown[np.arange(len(chosen)), chosen].all():
        raise RuntimeError(f"{about['name']}: somebody chose what was not shown")
    return Choices(
        answers=np.column_stack([answer.codes for answer in answers.values()]),
        columns=tuple(answers),
        ordered=np.array([answer.ordered for answer in answers.values()]),
        shown=shown,
        chosen=chosen,
        respondents=respondents,
        **about,  # type: ignore[arg-type]
    )
