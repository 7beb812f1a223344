"""Logs as training reads them, drawn from a seed: shoppers of the coffee shop who buy by a known taste."""

from collections import Counter

import numpy as np
from scipy.special import expit

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.learners.code_book import Floats
from quizfunnel.recommend.serving.points import SLOPE, points
from quizfunnel.recommend.training.grouped_log import (
    SLICES,
    Counts,
    LogSummary,
    Pattern,
)
from tests.cast import coffee_catalog, coffee_quiz

DAY = 86_400_000
BOUNDS = tuple(1_772_000_000_000 + n * 10 * DAY for n in range(SLICES + 1))
PRODUCTS = Products(coffee_catalog().products)
CHOICES: dict[str, list[AnswerValue]] = {
    "brew": ["espresso", "filter", "moka"],
    "moment": ["morning", "evening"],
    "avoid": [(), ("caffeine",), ("nuts",)],
    "strength": [None, 1, 3, 5],
}
FACTS = LogSummary(offers=100, waiting=7, lines=90, lines_without_product=3, elsewhere=4, window_days=7)


def coffee_log(
    offers: int,
    *,
    seed: int = 1,
    slope: float = SLOPE,
    taste: Floats | None = None,
    level: float = -2.0,
    quiz: Quiz | None = None,
    versions: tuple[str, ...] = ("now",),
    sections: dict[str, float] | None = None,
) -> Counts:
    """Return a log of offers of three products each.

    A product is bought with the log-odds ``level + slope * points + taste[answer to brew, product]``. Of
    several versions the first shoppers met the first. With `sections`, each a tag and its level, a product stands in
    the one whose tag it has, from which more is bought by that.
    """
    rng = np.random.default_rng(seed)
    quiz, count = quiz or coffee_quiz(), len(PRODUCTS.all)
    liked: Floats = np.zeros((3, count)) if taste is None else taste
    names = tuple(sections or {"": 0.0})
    section = np.array([next((n for n, tag in enumerate(names) if tag in each.tags), 0) for each in PRODUCTS.all])
    levels = level + np.array(list((sections or {"": 0.0}).values()))[section]
    chances: dict[tuple[int, ...], Floats] = {}
    cells: Counter[tuple[int, int, int, int]] = Counter()
    patterns: dict[tuple[str, tuple[int, ...]], int] = {}
    for n in range(offers):
        given = tuple(int(rng.integers(len(values))) for values in CHOICES.values())
        if given not in chances:
            prior = slope * np.asarray(points(quiz, PRODUCTS, _answers(given)))
            chances[given] = expit(levels + prior + liked[given[0]])
        key = versions[n * len(versions) // offers], given
        pattern, part = patterns.setdefault(key, len(patterns)), n * SLICES // offers
        for product in rng.permutation(count)[:3].tolist():
            cells[pattern, product, part, int(rng.random() < chances[given][product])] += 1
    rows = sorted({cell[:3] for cell in cells})
    bought = np.array([cells[*row, 1] for row in rows], dtype=np.float64)
    trials = np.array([cells[*row, 0] + cells[*row, 1] for row in rows], dtype=np.float64)
    index = np.array(rows, dtype=np.int64).reshape(-1, 3)
    found = tuple(Pattern(version, _answers(given)) for version, given in patterns)
    ids = tuple(product.id for product in PRODUCTS.all)
    facts = FACTS._replace(offers=offers)
    return Counts(
        patterns=found,
        products=ids,
        pattern=index[:, 0],
        product=index[:, 1],
        section=section[index[:, 1]],
        sections=names,
        part=index[:, 2],
        trials=trials,
        bought=bought,
        bounds=BOUNDS,
        facts=facts,
    )


def a_taste(size: float = 1.0, *, seed: int = 9) -> Floats:
    """Return what the rules do not know: how shoppers of each way to brew like each product, [3, I]."""
    return size * np.random.default_rng(seed).normal(size=(3, len(PRODUCTS.all)))


def _answers(given: tuple[int, ...]) -> dict[str, AnswerValue]:
    return {name: values[n] for (name, values), n in zip(CHOICES.items(), given, strict=True)}
