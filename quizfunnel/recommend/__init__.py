"""The recommender: answers to products by the rules' points, and by what was learnt."""

from typing import TYPE_CHECKING

from quizfunnel.kit.lazy import lazy

if TYPE_CHECKING:
    from quizfunnel.recommend.learners.boosted import BoostedTables
    from quizfunnel.recommend.learners.encoder import AnswerEncoder
    from quizfunnel.recommend.learners.estimator import QuizRecommender
    from quizfunnel.recommend.learners.features import features_of
    from quizfunnel.recommend.learners.shrunk import ChoiceTables
    from quizfunnel.recommend.offpolicy.estimators import PolicyEvaluator, Refusal
    from quizfunnel.recommend.offpolicy.propensities import at_slots, draw, marginals
    from quizfunnel.recommend.serving.points import SLOPE, points
    from quizfunnel.recommend.serving.policy import PlackettLucePolicy

__all__ = [
    "SLOPE",
    "AnswerEncoder",
    "BoostedTables",
    "ChoiceTables",
    "PlackettLucePolicy",
    "PolicyEvaluator",
    "QuizRecommender",
    "Refusal",
    "at_slots",
    "draw",
    "features_of",
    "marginals",
    "points",
]

__getattr__ = lazy(
    __name__,
    {
        "AnswerEncoder": "quizfunnel.recommend.learners.encoder",
        "BoostedTables": "quizfunnel.recommend.learners.boosted",
        "ChoiceTables": "quizfunnel.recommend.learners.shrunk",
        "PlackettLucePolicy": "quizfunnel.recommend.serving.policy",
        "PolicyEvaluator": "quizfunnel.recommend.offpolicy.estimators",
        "QuizRecommender": "quizfunnel.recommend.learners.estimator",
        "Refusal": "quizfunnel.recommend.offpolicy.estimators",
        "SLOPE": "quizfunnel.recommend.serving.points",
        "at_slots": "quizfunnel.recommend.offpolicy.propensities",
        "draw": "quizfunnel.recommend.offpolicy.propensities",
        "features_of": "quizfunnel.recommend.learners.features",
        "marginals": "quizfunnel.recommend.offpolicy.propensities",
        "points": "quizfunnel.recommend.serving.points",
    },
)
