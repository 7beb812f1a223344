"""The scope of a reading of the log: a quiz or the whole store, an experiment, simulated or real visitors."""

from typing import Any, NamedTuple

from sqlalchemy import select

from quizfunnel.experiment.design import STORE
from quizfunnel.journey.tables import Attempt
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor

_a, _t, _v = columns(Assignment), columns(Attempt), columns(Visitor)


class Asked(NamedTuple):
    """Whose log is read: of one quiz or, as STORE, of all, its experiment if it has one, simulated or real visitors."""

    quiz: str
    experiment: str | None
    simulated: bool


def in_experiment(asked: Asked) -> tuple[Any, ...]:
    """Hold for the assignments of the quiz's experiment."""
    return _a.quiz == asked.quiz, _a.experiment == asked.experiment


def attempts(asked: Asked) -> tuple[Any, ...]:
    """Hold for the attempts of shoppers at the quiz."""
    return *_at_quiz(asked), _t.simulated == asked.simulated, _t.kind == "shopper", of_shoppers(_t.visitor_id)


def _at_quiz(asked: Asked) -> tuple[Any, ...]:
    return () if asked.quiz == STORE else (_t.quiz == asked.quiz,)


def of_shoppers(visitor: Any) -> Any:
    """Hold for nobody's rows and for shoppers': a visitor may be flagged after an attempt or an order."""
    return visitor.is_(None) | visitor.not_in(select(_v.id).where(_v.kind != "shopper"))
