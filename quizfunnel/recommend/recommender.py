"""What turns answers into scores: the rules now, a trained table where one has earned it."""

from collections.abc import Mapping
from typing import Protocol

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, Quiz
from quizfunnel.recommend import prior
from quizfunnel.recommend.table import compiled


class Recommender(Protocol):
    """Scores products for a set of answers, in log-odds, and says what each answer added."""

    @property
    def name(self) -> str:
        """Name what is logged with every offer."""
        ...

    def contributions(self, quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, prior.Row]:
        """Return each answered question's part of the scores, in log-odds; shape {question: [products]}."""
        ...

    def scores(self, quiz: Quiz, products: Products, answers: Answers) -> list[float]:
        """Return every product's score, in log-odds; shape [products]."""
        ...


class RulesRecommender:
    """The merchandiser's points alone, scaled to log-odds."""

    name = "rules"

    def contributions(self, quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, prior.Row]:
        """Return each answered question's points, scaled."""
        return compiled(quiz, products).scaled(answers)

    def scores(self, quiz: Quiz, products: Products, answers: Answers) -> list[float]:
        """Return the summed points, scaled once."""
        return compiled(quiz, products).scores(answers)
