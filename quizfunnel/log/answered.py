"""Answered questions of the log: how many shoppers gave each answer to a quiz, whatever it asks today."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.quiz.kinds.answer import AnswerValue, from_json
from quizfunnel.store.types import columns

_a, _t = columns(Answer), columns(Attempt)


def answered(connection: Connection, quiz: str) -> Mapping[str, Mapping[AnswerValue, int]]:
    """Return the attempts of shoppers by question and answer."""
    counts = select(_a.question, _a.value, func.count(_a.attempt_id.distinct())).join(Attempt, _t.id == _a.attempt_id)
    given: dict[str, dict[AnswerValue, int]] = defaultdict(dict)
    mine = counts.where(_t.quiz == quiz, _t.kind == "shopper").group_by(_a.question, _a.value)
    for question, value, count in connection.execute(mine):
        given[question][from_json(value)] = count
    return given
