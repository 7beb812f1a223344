"""Verbs that record a shopper's way: start, answer, heartbeat; each inside the caller's transaction."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select, update

from quizfunnel.journey import attention, progress, statements
from quizfunnel.journey.attempt import (
    AnswerGiven,
    AttemptRow,
    Finished,
    Latest,
    Recorded,
    Starter,
)
from quizfunnel.journey.attention import Timing
from quizfunnel.journey.keys import KeyKind
from quizfunnel.journey.tables import Attempt
from quizfunnel.kit.ids import new_id
from quizfunnel.quiz.kinds.answer import from_json, to_json
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.publication import keep
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.store.types import columns

OnFinish = Callable[[Connection, Finished], object]
"""Called in the transaction that finishes an attempt, and again when an answer changes after it."""


class _Revision(NamedTuple):
    question: str
    revision: int
    value: str
    nonce: str | None
    wall_ms: int | None
    active_ms: int | None
    active10_ms: int | None
    source: str

    @property
    def timing(self) -> Timing:
        """Return the time that this revision was credited with."""
        return Timing(self.nonce, None, self.wall_ms, self.active_ms, self.active10_ms, self.source)


_t = columns(Attempt)


def start(connection: Connection, live: LiveQuiz, starter: Starter, *, at: datetime) -> str:
    """Start an attempt on the quiz version that is live, which is kept for it; return the attempt's id."""
    keep(connection, live, at=at)
    attempt = starter.attempt or new_id()
    first = progress.next_question(live.quiz, {})
    statements.insert_attempt.run(
        connection,
        id=attempt,
        quiz=live.slug,
        version=live.version,
        visitor_id=starter.visitor_id,
        first_question=first,
        started_at=at,
        finished_at=None,
        kind=starter.kind,
        simulated=starter.simulated,
        language=live.quiz.language,
        entry=starter.entry,
        token_kind="visitor" if starter.visitor_id and starter.brought else "address",
    )
    return attempt


def speak(connection: Connection, attempt: str, language: str) -> None:
    """Let an attempt go on in another language."""
    connection.execute(update(Attempt).where(_t.id == attempt).values(language=language))


def load(connection: Connection, attempt: str) -> AttemptRow | None:
    """Return an attempt, None where there is none."""
    row = statements.load.run(connection, attempt=attempt).fetchone()
    if row is None:
        return None
    known = AttemptRow(*row)
    return known._replace(finished=bool(known.finished), simulated=bool(known.simulated))


def latest(connection: Connection, quiz: str, visitor_id: str | None, opened: Collection[str] = ()) -> Latest | None:
    """Return the latest attempt at a quiz of a visitor, or among those that are `opened`; None where there is none."""
    owned = _owned(visitor_id, opened)
    if not owned:
        return None
    row = connection.execute(
        select(_t.id, _t.version, _t.finished_at)
        .where(or_(*owned), _t.quiz == quiz)
        .order_by(_t.started_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Latest(row[0], row[1], row[2], answers(connection, row[0]))


def latest_quiz(
    connection: Connection, quizzes: Collection[str], visitor_id: str | None, opened: Collection[str] = ()
) -> str | None:
    """Return which of some quizzes a visitor, or whoever `opened` attempts, began last; None for none of them."""
    owned = _owned(visitor_id, opened)
    if not owned:
        return None
    statement = select(_t.quiz).where(or_(*owned), _t.quiz.in_(quizzes)).order_by(_t.started_at.desc()).limit(1)
    return connection.execute(statement).scalar()


def newest(connection: Connection, attempts: Collection[str]) -> list[str]:
    """Return those of some attempts that are there, the newest first."""
    rows = connection.execute(select(_t.id).where(_t.id.in_(attempts)).order_by(_t.started_at.desc()))
    return list(rows.scalars())


def begun_by(connection: Connection, visitor_id: str, *, most: int) -> list[str]:
    """Return a visitor's attempts, the newest first, up to `most`."""
    rows = connection.execute(
        select(_t.id).where(_t.visitor_id == visitor_id).order_by(_t.started_at.desc()).limit(most)
    )
    return list(rows.scalars())


def note_key(connection: Connection, attempt: str, kind: KeyKind) -> None:
    """Remember by what a browser goes on, once it has brought it; until then only its address was known to work."""
    by_address: KeyKind = "address"
    connection.execute(update(Attempt).where(_t.id == attempt, _t.token_kind == by_address).values(token_kind=kind))


def started_at(connection: Connection, attempt: str) -> datetime:
    """Return when an attempt began."""
    started: datetime = connection.execute(select(_t.started_at).where(_t.id == attempt)).scalar_one()
    return started


def answers(connection: Connection, attempt: str) -> dict[str, AnswerValue]:
    """Return the latest answer to every question of an attempt, those of branches left behind too."""
    return _latest(_read_revisions(connection, attempt))


def record_answer(
    connection: Connection, given: AnswerGiven, *, attempt: AttemptRow, live: LiveQuiz, on_finish: OnFinish
) -> Recorded | None:
    """Record one answer with its time; finish the attempt and have its offer chosen when nothing is left to ask.

    The same answer again (a double submit, a second tab) adds no row, only the time of its view. None
    where the answers that stand by now do not lead to the question: nothing is recorded then.
    """
    if connection.dialect.name == "postgresql":
        statements.lock.run(connection, attempt=attempt.id)  # SQLite's writers stand in line already
    revisions = _read_revisions(connection, attempt.id)
    if not revisions and load(connection, attempt.id) is None:
        return None  # deleted meanwhile, by its shopper in another tab
    if not progress.reachable(live.quiz, _latest(revisions), given.question):
        return None
    earlier = [revision for revision in revisions if revision.question == given.question]
    value = to_json(given.value)
    answers_now = _latest(revisions) | {given.question: given.value}
    repeated = bool(earlier) and earlier[-1].value == value
    following = progress.following(live.quiz, answers_now, given.question)
    if attempt.finished:
        following = progress.next_question(live.quiz, answers_now)
    timing = _credit_views(connection, given, attempt=attempt.id, earlier=earlier, repeated=repeated)
    if not repeated:
        given = given._replace(timing=timing)
        _insert(connection, given, attempt=attempt.id, revision=len(earlier) + 1, following=following)
    elif timing.source != "none":
        _update_time(connection, timing, attempt=attempt.id, revision=earlier[-1])
    if following is None:
        finished_at = _complete(connection, attempt.id, at=given.at)
        counting = progress.live_answers(live.quiz, answers_now)
        on_finish(connection, Finished(attempt.id, finished_at, live, counting, given.at))
    return Recorded(following, following is None, repeated, answers_now)


def record_heartbeat(connection: Connection, timing: Timing, *, attempt: str, question: str, at: datetime) -> None:
    """Keep the latest times of one view; an older sequence number changes nothing."""
    if timing.nonce is None:
        return
    statements.upsert_view(connection.dialect.name).run(
        connection,
        attempt_id=attempt,
        question=question,
        nonce=timing.nonce,
        seq=timing.seq,
        received_at=at,
        wall_ms=timing.wall_ms,
        active_ms=timing.active_ms,
        active10_ms=timing.active10_ms,
        source=timing.source,
    )


def _owned(visitor_id: str | None, opened: Collection[str]) -> list[ColumnElement[bool]]:
    """Return the conditions by each of which an attempt is a visitor's, or among those that are `opened`."""
    owned = [_t.visitor_id == visitor_id] if visitor_id else []
    return owned + ([_t.id.in_(opened)] if opened else [])


def _credit_views(
    connection: Connection, given: AnswerGiven, *, attempt: str, earlier: list[_Revision], repeated: bool
) -> Timing:
    """Return the time that an answer adds, and keep the views that later answers must be told from."""
    if given.timing.nonce is None:
        return given.timing
    views = {
        row[0]: Timing(row[0], None, row[1], row[2], row[3], row[4], row[5])
        for row in statements.views.run(connection, attempt=attempt, question=given.question)
    }
    credit = attention.credit_answer(given.timing, views, [revision.timing for revision in earlier], repeated=repeated)
    for view in credit.views:
        record_heartbeat(connection, view, attempt=attempt, question=given.question, at=given.at)
    return credit.timing


def _insert(connection: Connection, given: AnswerGiven, *, attempt: str, revision: int, following: str | None) -> None:
    timing = given.timing
    statements.insert_answer.run(
        connection,
        attempt_id=attempt,
        question=given.question,
        revision=revision,
        value=to_json(given.value),
        nonce=timing.nonce,
        shown_at=timing.shown_at,
        answered_at=given.at,
        wall_ms=timing.wall_ms,
        active_ms=timing.active_ms,
        active10_ms=timing.active10_ms,
        source=timing.source,
        wall_clock=timing.clock,
        next_question=following,
    )


def _update_time(connection: Connection, timing: Timing, *, attempt: str, revision: _Revision) -> None:
    statements.add_time.run(
        connection,
        of_attempt=attempt,
        of_question=revision.question,
        of_revision=revision.revision,
        wall_ms=timing.wall_ms,
        active_ms=timing.active_ms,
        active10_ms=timing.active10_ms,
        source=timing.source,
    )


def _complete(connection: Connection, attempt: str, *, at: datetime) -> datetime:
    """Set the moment at which an attempt is finished, once; return it."""
    statements.finish.run(connection, attempt=attempt, at=at)
    finished: datetime = connection.execute(select(_t.finished_at).where(_t.id == attempt)).scalar_one()
    return finished


def _read_revisions(connection: Connection, attempt: str) -> list[_Revision]:
    return [_Revision(*row) for row in statements.revisions.run(connection, attempt=attempt)]


def _latest(revisions: list[_Revision]) -> dict[str, AnswerValue]:
    return {revision.question: from_json(revision.value) for revision in revisions}
