"""Stages of a simulated history, by its seed and its truth."""

from quizfunnel.demo.stage import Stage
from quizfunnel.experiment import planning
from quizfunnel.kit.signing import Signer
from quizfunnel.offer.choose import Chooser
from quizfunnel.orders.attribution import find_in
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import RulesRecommender
from quizfunnel.settings import Settings


def stage(shelf: Shelf, signer: Signer, *, seed: int, truth: str = "nothing") -> Stage:
    """Return a stage on which the quiz has no effect."""
    chooser = Chooser(RulesRecommender(), PlackettLucePolicy())
    keys = AttributionKeys(signer, lambda line: find_in(shelf.catalogs(), line))
    plan = planning.enrolment
    return Stage(shelf, Settings(), plan, signer, keys, chooser.on_finish, world=truth, seed=seed)
