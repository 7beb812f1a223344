"""Laws of the shortcuts' benchmark: the plain way in each one's place gives the same answers and the same scores."""

import random

import pytest

from benchmarks import answer_parts, serve
from quizfunnel.offer.allowed import products_of
from quizfunnel.recommend.serving.recommender import TableRecommender


def test_it_works() -> None:
    """Every answer is taken both ways, and each shortcut's share of an answer is told."""
    figures = answer_parts.run(turns=1, choices=40)
    printed = answer_parts.table(figures)
    assert all(name in printed for name in (*answer_parts.ANSWER_PARTS, *answer_parts.OFFER_PARTS))


def test_plain_sums_are_the_packed_ones() -> None:
    """For any answers: otherwise another thing would be timed."""
    rng = random.Random(2)  # noqa: S311
    shop = serve.shop(rng)
    table = TableRecommender("model", shop.model).table(shop.quiz, products_of(shop.catalog))
    out = answer_parts.OFFER_PARTS["recommend/serving/packed"][1]
    for answers in (serve.crowd(rng)() for _ in range(5)):
        packed = table.scores(answers)
        with out():
            assert table.scores(answers) == pytest.approx(packed, abs=1e-9)
