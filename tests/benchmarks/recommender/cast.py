"""A handful of choices that everything can be worked out of by hand."""

import numpy as np

from benchmarks.recommender.data import Choices, binned, picked


def small_choices(count: int = 60) -> Choices:
    """Return people with two answers; the first one decides which of three items is taken, all shown."""
    people = np.arange(count)
    colour = picked([("blue", "green", "red")[n % 3] for n in people])
    size = binned((people // 3 % 5).astype(float))
    return Choices(
        name="small",
        answers=np.column_stack([colour.codes, size.codes]),
        columns=("colour", "size"),
        ordered=np.array([False, True]),
        shown=np.ones((count, 3), dtype=bool),
        chosen=people % 3,
        respondents=people,
        items=("a", "b", "c"),
        features=np.eye(3),
        note="",
    )
