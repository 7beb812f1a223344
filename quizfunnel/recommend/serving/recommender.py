"""Recommenders: answers to scores, by the rules or by a trained model that has earned its place."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, Quiz
from quizfunnel.recommend.serving.compiled_rules import MOST_TABLES, compiled
from quizfunnel.recommend.serving.points import Row
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.serving.score_table import ScoreTable


class Pick(NamedTuple):
    """The recommender drawn for one attempt.

    `fallback` says in a word why the rules do where a model should. While two are compared `rival` names the
    other one, and `share` is the chance with which this one was picked.
    """

    recommender: "Recommender"
    fallback: str = ""
    rival: str = ""
    share: float = 1.0


class Models(Protocol):
    """A source of recommenders: one for all attempts, or those that serve now."""

    def pick(self, slug: str, quiz: Quiz, products: Products, attempt: str) -> Pick:
        """Return the recommender of an attempt; the same for an attempt as long as the same models serve."""
        ...


class Recommender:
    """Scores products for a set of answers, in log-odds, and says what each answer added.

    `name` is what is logged with every offer.
    """

    def __init__(self, name: str, model: ModelTable | None) -> None:
        """Take the model; without one the points alone are the scores."""
        self.name = name
        self.model = model
        self._tables: dict[tuple[QuizKey, Products], ScoreTable] = {}

    def table(self, quiz: Quiz, products: Products) -> ScoreTable:
        """Return the scores of a quiz over products; one object for the same two objects."""
        key = QuizKey(quiz), products
        table = self._tables.get(key)
        if table is None:
            table = ScoreTable(compiled(quiz, products), self.model)
            if len(self._tables) >= MOST_TABLES:  # most are of quizzes and catalogues that were replaced since
                self._tables.clear()
            self._tables[key] = table
        return table

    def pick(self, slug: str, quiz: Quiz, products: Products, attempt: str) -> Pick:  # noqa: ARG002 - the protocol's
        """Return this one, for everybody."""
        return Pick(self)

    def contributions(self, quiz: Quiz, products: Products, answers: Answers) -> Mapping[str, Row]:
        """Return each answered question's part of the scores, in log-odds; shape {question: [products]}."""
        return self.table(quiz, products).contributions(answers)

    def scores(self, quiz: Quiz, products: Products, answers: Answers) -> list[float]:
        """Return every product's score, in log-odds; shape [products]."""
        return self.table(quiz, products).scores(answers)


class RulesRecommender(Recommender):
    """The merchandiser's points alone, scaled to log-odds."""

    def __init__(self) -> None:
        """Take nothing: the quiz holds all of the rules."""
        super().__init__(RULES, None)


class TableRecommender(Recommender):
    """A trained model."""

    def __init__(self, name: str, model: ModelTable) -> None:
        """Take the version that is logged, and its table."""
        super().__init__(name, model)
