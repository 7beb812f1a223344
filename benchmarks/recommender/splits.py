"""Splits into training, tuning and judging: drawn by respondent, with one seed fixed before anything was tuned.

After a pilot, respondents fall into five blocks. Split k is tested on block k of the first three; block 4 chooses the
settings and is never tested on; the other three teach. So the tests of the splits are of different people, and settings
that were chosen on the first split can be kept for the others: nobody who judges had a say in them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SEED = 11
PILOT = 0.05  # of the respondents: the rules are made from their choices, and nothing else sees them
BLOCKS = 5
SPLITS = 3
VALIDATION = 3  # the block that is never tested on

Rows = NDArray[np.intp]


class Split(NamedTuple):
    """Row numbers of the four parts; each respondent is in one of them alone."""

    pilot: Rows
    train: Rows
    validation: Rows
    test: Rows


def split(respondents: NDArray[np.int64], number: int) -> Split:
    """Return the parts of split `number`, 0 to 2: 60/20/20 of the respondents beside the pilot."""
    if number not in range(SPLITS):
        raise ValueError(f"there are {SPLITS} splits, no number {number}")
    people = np.random.default_rng(SEED).permutation(np.unique(respondents))
    count = round(PILOT * len(people))
    blocks = np.array_split(people[count:], BLOCKS)
    train = [block for n, block in enumerate(blocks) if n not in {number, VALIDATION}]
    parts = (people[:count], np.concatenate(train), blocks[VALIDATION], blocks[number])
    return Split(*(np.flatnonzero(np.isin(respondents, part)) for part in parts))
