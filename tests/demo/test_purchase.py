"""Purchase of a simulated visitor: one of the products that it saw, then further steps of a routine or a second one."""

import random

from quizfunnel.catalog.product import Product
from quizfunnel.demo.purchase import SeenProducts, purchase
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.quiz.live_quiz import LiveQuiz
from tests import cast

MARKET = Market(LiveQuiz("coffee", "v", cast.coffee_quiz(), cast.coffee_catalog()))
ONE, OTHER, *_ = MARKET.shelf


def purchases(seen: SeenProducts) -> list[list[Product]]:
    """Return what a hundred visitors buy who have all seen the same."""
    draws = [random.Random(seed) for seed in range(100)]  # noqa: S311 - a test's draw
    return [purchase(draw, Taste(draw, MARKET), seen=seen, shelf=MARKET.shelf) for draw in draws]


def test_what_was_seen_is_bought_first_and_nothing_twice() -> None:
    """A second product is any other of the shelf, now and then; who has seen nothing buys off the shelf too."""
    orders = purchases(SeenProducts(looked_at=[ONE]))
    assert {products[0].id for products in orders} == {ONE.id}
    assert {len(products) for products in orders} == {1, 2}
    assert all(len({product.id for product in products}) == len(products) for products in orders)
    assert len({products[0].id for products in purchases(SeenProducts())}) > 1


def test_of_a_routine_the_step_that_was_clicked_comes_first_and_only_its_steps_are_bought() -> None:
    """The other step goes with it where its product is liked."""
    orders = purchases(SeenProducts(offered=(ONE, OTHER), routine=((ONE,), (OTHER,)), clicked=OTHER))
    assert {tuple(product.id for product in products) for products in orders} == {(OTHER.id,), (OTHER.id, ONE.id)}
