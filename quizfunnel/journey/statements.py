"""The statements that stand in the way of every answer, compiled once for each database."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, insert, select, update

from quizfunnel.journey.tables import Answer, Attempt, QuestionView
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.types import UtcDateTime, columns, month
from quizfunnel.store.upsert import upsert

_a, _v, _t = columns(Answer), columns(QuestionView), columns(Attempt)
_ATTEMPT_ROW = (
    *(_t.id, _t.quiz, _t.version, _t.visitor_id, _t.first_question),
    *(_t.finished_at.is_not(None), _t.kind, _t.simulated, _t.entry, _t.language),
)
load = Prepared(select(*_ATTEMPT_ROW).where(_t.id == bindparam("attempt")))
lock = Prepared(select(_t.id).where(_t.id == bindparam("attempt")).with_for_update())
revisions = Prepared(
    select(_a.question, _a.revision, _a.value, _a.nonce, _a.wall_ms, _a.active_ms, _a.active10_ms, _a.source)
    .where(_a.attempt_id == bindparam("attempt"))
    .order_by(_a.question, _a.revision)
)
views = Prepared(
    select(_v.nonce, _v.wall_ms, _v.active_ms, _v.active10_ms, _v.source, _v.seq).where(
        _v.attempt_id == bindparam("attempt"), _v.question == bindparam("question")
    )
)
insert_answer = Prepared(insert(Answer).values({column.name: bindparam(column.name) for column in _a}))
insert_attempt = Prepared(insert(Attempt).values({column.name: bindparam(column.name) for column in _t}))
add_time = Prepared(
    update(Answer)
    .where(
        _a.attempt_id == bindparam("of_attempt"),
        _a.question == bindparam("of_question"),
        _a.revision == bindparam("of_revision"),
    )
    .values({name: bindparam(name) for name in ("wall_ms", "active_ms", "active10_ms", "source")})
)
_AT = bindparam("at", type_=UtcDateTime)
finish = Prepared(
    update(Attempt)
    .where(_t.id == bindparam("attempt"), _t.finished_at.is_(None))
    # A wall clock set back in between must not make an attempt end before it began.
    .values(finished_at=case((_t.started_at > _AT, _t.started_at), else_=_AT))
)


@lru_cache(maxsize=2)
def upsert_view(dialect: str) -> Prepared:
    """Return the statement that keeps the latest times of one view; an older sequence number changes nothing."""
    started = select(month(_t.started_at)).where(_t.id == bindparam("attempt_id")).scalar_subquery()
    statement = upsert(
        dialect,
        QuestionView,
        key=("attempt_id", "question", "nonce", "month"),
        replaced=("seq", "received_at", "wall_ms", "active_ms", "active10_ms", "source"),
        where=lambda new: _v.seq <= new.seq,
    )
    values: dict[str, ColumnElement[Any]] = {
        column.name: bindparam(column.name) for column in _v if column.name != "month"
    }
    return Prepared(statement.values(values | {"month": started}))
