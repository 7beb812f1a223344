"""A stand-in for the merchandiser: whole points for each answer and product, from a pilot's choices.

There is no merchandiser in these data. A pilot sample, left out of everything else, gives every answer one to three
points for or against a product: what the pilot bought beside what it would have bought of every product shown alike,
so that what sells is favoured whatever is answered, as a shop's own rules do.
"""

import numpy as np

from benchmarks.recommender.data import Choices, Codes, Floats

POINT = 0.18  # log-odds
MOST = 3
DOUBT = 3.0  # purchases of nobody that every count is pulled by


def points(pilot: Choices) -> list[Codes]:
    """Return a table of whole points for every column; shapes [codes, I]."""
    bought = np.eye(len(pilot.items))[pilot.chosen]
    expected = pilot.shown / pilot.shown.sum(axis=1, keepdims=True)
    selling = _lift(bought.sum(axis=0), expected.sum(axis=0))
    columns = pilot.answers.T
    return [_table(column, bought, expected, selling, selling / len(columns)) for column in columns]


def scores(tables: list[Codes], answers: Codes) -> Floats:
    """Return the rules' log-odds; shape [n, I]. A code that the pilot never gave has no points."""
    total = sum(_rows(table, codes) for table, codes in zip(tables, answers.T, strict=True))
    return POINT * np.asarray(total, dtype=float)


def shuffled(tables: list[Codes], seed: int) -> list[Codes]:
    """Return the same points on products drawn by lot: rules that know nothing."""
    lot = np.random.default_rng(seed)
    return [table[:, lot.permutation(table.shape[1])] for table in tables]


def _rows(table: Codes, codes: Codes) -> Codes:
    known = codes < len(table)
    return np.where(known[:, None], table[np.where(known, codes, 0)], 0)


def _lift(bought: Floats, expected: Floats) -> Floats:
    return np.log((bought + DOUBT) / (expected + DOUBT))


def _table(column: Codes, bought: Floats, expected: Floats, selling: Floats, share: Floats) -> Codes:
    """Return the points of one column: an equal share of what sells anyway, and what the answer adds to it."""
    table = np.zeros((int(column.max()) + 1, bought.shape[1]), dtype=np.int64)
    for code in np.unique(column):
        here = column == code
        usual = expected[here] * np.exp(selling)
        usual = usual / usual.sum(axis=1, keepdims=True)
        added = _lift(bought[here].sum(axis=0), usual.sum(axis=0))
        table[code] = np.clip(np.rint((share + added) / POINT), -MOST, MOST).astype(np.int64)
    return table
