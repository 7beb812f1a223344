"""Attempts of the log: runs, their steps and stages, and the versions they began with."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import attempts
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.rows import AnswerRevision, AttemptTimes, Stages
from quizfunnel.log.scope import Scope
from quizfunnel.offer.tables import Click, Offer, OfferView
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.store.types import columns

_an, _c, _f, _fv, _t = columns(Answer), columns(Click), columns(Offer), columns(OfferView), columns(Attempt)


_STEP = (
    _an.attempt_id,
    _an.question,
    millis(_an.answered_at),
    _an.wall_ms,
    _an.active_ms,
    _an.source,
    _an.next_question,
)


def unknown(connection: Connection, scope: Scope) -> tuple[int, int]:
    """Return how many attempts are by people who may not be remembered, and how many of these were finished."""
    statement = select(func.count(), func.count(_t.finished_at)).where(*attempts(scope), _t.visitor_id.is_(None))
    started, finished = connection.execute(statement).one()
    return started, finished


def runs(connection: Connection, scope: Scope, *where: Any) -> list[AttemptTimes]:
    """Return the shoppers' attempts at the quiz."""
    statement = select(_t.id, _t.visitor_id, millis(_t.started_at), millis(_t.finished_at), _t.first_question)
    return [AttemptTimes._make(row) for row in connection.execute(statement.where(*attempts(scope), *where)).all()]


def steps(connection: Connection, scope: Scope, *where: Any) -> list[AnswerRevision]:
    """Return every answer, in all its revisions, of the shoppers' attempts at the quiz."""
    statement = select(*_STEP).join(Attempt, _t.id == _an.attempt_id).where(*attempts(scope), *where)
    return [AnswerRevision._make(row) for row in connection.execute(statement).all()]


def stages(connection: Connection, scope: Scope, *where: Any) -> Stages:
    """Return which attempts saw their offer and which went on to a product."""
    offers = select(_f.attempt_id).distinct().join(Attempt, _t.id == _f.attempt_id).where(*attempts(scope), *where)
    opened = connection.execute(offers.join(OfferView, _fv.offer_id == _f.id)).scalars()
    clicked = connection.execute(offers.join(Click, _c.offer_id == _f.id)).scalars()
    return Stages(frozenset(opened), frozenset(clicked))


def attempts_per_day(connection: Connection, scope: Scope) -> list[tuple[int, int]]:
    """Return how many attempts the shoppers began on each day, in days since 1970."""
    # a remainder and no division, which SQLAlchemy makes one with a fraction
    day = (millis(_t.started_at) - millis(_t.started_at) % DAY_MS).label("day")
    rows = connection.execute(select(day, func.count()).where(*attempts(scope)).group_by("day").order_by("day"))
    return [(int(start) // DAY_MS, count) for start, count in rows]


def published(connection: Connection, quiz: str) -> list[tuple[str, datetime]]:
    """Return the versions of a quiz by id, with when each was first served."""
    version = columns(QuizVersion)
    rows = connection.execute(select(version.id, version.published_at).where(version.quiz == quiz))
    return [(id, at) for id, at in rows]
