"""Conditions on the log's rows that select what a scope reads."""

from typing import Any

from sqlalchemy import select

from quizfunnel.experiment.design import STORE
from quizfunnel.journey.tables import Attempt
from quizfunnel.log.scope import Scope
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor

_a, _t, _v = columns(Assignment), columns(Attempt), columns(Visitor)


def in_experiment(scope: Scope) -> tuple[Any, ...]:
    """Hold for the assignments of the quiz's experiment."""
    return _a.quiz == scope.quiz, _a.experiment == scope.experiment


def attempts(scope: Scope) -> tuple[Any, ...]:
    """Hold for the attempts of shoppers at the quiz."""
    return *_at_quiz(scope), _t.simulated == scope.simulated, _t.kind == "shopper", of_shoppers(_t.visitor_id)


def _at_quiz(scope: Scope) -> tuple[Any, ...]:
    return () if scope.quiz == STORE else (_t.quiz == scope.quiz,)


def of_shoppers(visitor: Any) -> Any:
    """Hold for nobody's rows and for shoppers': a visitor may be flagged after an attempt or an order."""
    # not_in alone would leave out every row of nobody: of a null SQL knows neither yes nor no
    return visitor.is_(None) | visitor.not_in(select(_v.id).where(_v.kind != "shopper"))
