"""Stages of a simulated history, by its seed and its truth."""

from quizfunnel.catalog.product import Product
from quizfunnel.demo.stage import Stage
from quizfunnel.experiment import planning
from quizfunnel.kit.signing import Signer
from quizfunnel.offer.choose import Chooser
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender
from quizfunnel.settings import Settings


def stage(shelf: Shelf, signer: Signer, *, seed: int, truth: str = "nothing") -> Stage:
    """Return a stage on which the quiz has no effect."""

    def find(product_id: str, sku: str, title: str) -> tuple[Product, str] | None:
        catalogs = shelf.catalogs()
        return next((f for c in catalogs if (f := c.find(product_id=product_id, sku=sku, title=title))), None)

    chooser = Chooser(RulesRecommender(), PlackettLucePolicy())
    keys = AttributionKeys(signer, find)
    plan = planning.enrolment
    return Stage(shelf, Settings(), plan, signer, keys, chooser.on_finish, world=truth, seed=seed)
