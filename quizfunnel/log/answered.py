"""Answered questions of the log: how many shoppers gave each answer to a quiz, and how long they took."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.quiz.kinds.answer import AnswerValue, from_json
from quizfunnel.store.types import columns

MOST_FINISHERS = 1_000
MINUTE_MS = 60_000

_a, _t = columns(Answer), columns(Attempt)


def answered(connection: Connection, quiz: str) -> Mapping[str, Mapping[AnswerValue, int]]:
    """Return the attempts of shoppers by question and answer."""
    counts = select(_a.question, _a.value, func.count(_a.attempt_id.distinct())).join(Attempt, _t.id == _a.attempt_id)
    by_question: dict[str, dict[AnswerValue, int]] = defaultdict(dict)
    mine = counts.where(_t.quiz == quiz, _t.kind == "shopper").group_by(_a.question, _a.value)
    for question, value, count in connection.execute(mine):
        by_question[question][from_json(value)] = count
    return by_question


def minutes_taken(connection: Connection, quiz: str, version: str) -> list[float]:
    """Return the active minutes of the last shoppers who finished a version of a quiz, each measured in the browser."""
    # an attempt with one unmeasured answer took longer than what was measured of it
    measured = func.count() == func.count(_a.active_ms).filter(_a.source == "client")
    each = select(func.sum(_a.active_ms)).join(Attempt, _t.id == _a.attempt_id).group_by(_t.id, _t.started_at)
    mine = (_t.quiz == quiz, _t.version == version, _t.kind == "shopper", ~_t.simulated, _t.finished_at.is_not(None))
    statement = each.where(*mine).having(measured).order_by(_t.started_at.desc()).limit(MOST_FINISHERS)
    return [float(milliseconds) / MINUTE_MS for milliseconds in connection.execute(statement).scalars()]
