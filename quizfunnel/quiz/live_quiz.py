"""A live quiz: one version of a quiz with the products that it offers now; pure."""

from dataclasses import dataclass

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.spec import Quiz


@dataclass(frozen=True, eq=False)
class LiveQuiz:
    """One quiz version with the products that it offers from now."""

    slug: str
    version: str
    quiz: Quiz
    catalog: Catalog
    body: str = ""
