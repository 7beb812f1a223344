"""Who teaches, who tunes, who judges: drawn by respondent, with seeds fixed before anything was tuned."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SEEDS = (11, 12, 13)
PILOT_SEED = 10
PILOT = 0.05  # of the respondents: the rules are made from their choices, and nothing else sees them
TRAIN, VALIDATION = 0.6, 0.2

Rows = NDArray[np.intp]


class Split(NamedTuple):
    """Row numbers of the four parts; each respondent is in one of them alone."""

    pilot: Rows
    train: Rows
    validation: Rows
    test: Rows


def split(respondents: NDArray[np.int64], seed: int) -> Split:
    """Return the parts; the pilot is the same for every seed, so the rules are too."""
    people = np.unique(respondents)
    drawn = np.random.default_rng(PILOT_SEED).permutation(people)
    count = round(PILOT * len(people))
    pilot, others = drawn[:count], np.sort(drawn[count:])
    others = np.random.default_rng(seed).permutation(others)
    first, second = round(TRAIN * len(others)), round((TRAIN + VALIDATION) * len(others))
    parts = (pilot, others[:first], others[first:second], others[second:])
    return Split(*(np.flatnonzero(np.isin(respondents, part)) for part in parts))
