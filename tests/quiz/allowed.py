"""Products that a set of answers allows, rule by rule: the oracle of whatever counts them faster."""

from collections.abc import Iterable

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.rules import broken
from quizfunnel.quiz.spec import Answers, Quiz


def allowed(product: Product, quiz: Quiz, answers: Answers) -> bool:
    """Tell whether no answer forbids `product`; stock is another matter."""
    return not broken(product, quiz, answers)


def left(products: Iterable[Product], quiz: Quiz, answers: Answers) -> list[Product]:
    """Return the products that no answer forbids, in their order."""
    return [product for product in products if allowed(product, quiz, answers)]
