"""`quizfunnel rollup`: one quiz's cells and what stands beside them, brought up to now."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from quizfunnel.insight import beside, rollup
from quizfunnel.insight.gather import DatabaseLog, patient
from quizfunnel.insight.log import Asked
from quizfunnel.insight.rollup import Done, Progress, Source
from quizfunnel.insight.sources import entrants, start
from quizfunnel.insight.wording import many, number
from quizfunnel.quiz.versions import LiveQuiz


class Task(NamedTuple):
    """What is to be rolled up: a quiz's real visitors or its simulated ones, all days or only what changed."""

    live: LiveQuiz
    simulated: bool
    every: bool = False

    @property
    def asked(self) -> Asked:
        """Return whose log it is."""
        experiment = self.live.quiz.experiment
        return Asked(self.live.slug, experiment.name if experiment else None, self.simulated)


def roll(
    engine: Engine,
    task: Task,
    *,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
    source: Callable[[Asked], Source] | None = None,
) -> Done | None:
    """Bring one rollup up to `now`, from the database or from another `source`; None where nobody ever came."""
    asked = task.asked
    with patient(engine) as connection:
        if not _anybody(connection, asked) and rollup.kept(connection, asked) is None:
            return None
        log = source(asked) if source else DatabaseLog(connection, asked)
        done = rollup.refresh(engine, log, now=now, every=task.every, progress=progress)
        asks = {question.id: question.ask for question in task.live.quiz.questions}
        millis = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        found = beside.read(connection, asked, asks, now=millis)
    rollup.settle(engine, asked, now=now, caps=log.caps, beside=beside.as_text(found))
    return done


def said(task: Task, done: Done) -> str:
    """Return what was done, in a line."""
    sort = "simulated" if task.simulated else "real"
    gone = f", {many(done.gone, 'day')} gone" if done.gone else ""
    return (
        f"{task.live.slug}, {sort}: {many(done.visitors, 'visitor')} of {many(done.days, 'day')}; "
        f"{number(done.counted)} counted anew into {many(done.cells, 'cell')}{gone}"
    )


def _anybody(connection: Connection, asked: Asked) -> bool:
    return connection.execute(entrants(asked, start(asked)).limit(1)).first() is not None
