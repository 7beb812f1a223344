"""Refresh of the rollup, `quizfunnel rollup`: one quiz's cells and their supplement, brought up to now."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from typing import NamedTuple, Self

from sqlalchemy import Connection, Engine

from quizfunnel.experiment.design import STORE, Design
from quizfunnel.insight.behaviour import stratified
from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.cells.row import as_cells
from quizfunnel.insight.cells.statement import FINE
from quizfunnel.insight.rollup import store, supplement
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.database_sources import entrants, start
from quizfunnel.insight.rollup.store import Done, LogSource, Progress
from quizfunnel.insight.rollup.tables import RollupCell
from quizfunnel.insight.words.numbers import many, number
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import COLD, HOLDOUT
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.texts.mentions import unfilled
from quizfunnel.store.types import columns

_cell = columns(RollupCell)


_FINE = (_cell.fine == FINE, _cell.mature == 1, _cell.arm != HOLDOUT, _cell.currency == "")
_ALIKE = ("share", "declared", "state", "device", "channel", "landing", "hour", "came_before")


class Task(NamedTuple):
    """Rollup to be made: of real visitors or simulated ones, of all days or only of those that changed.

    Of a quiz with its questions' words, or of an experiment of the whole store.
    """

    scope: Scope
    question_texts: Mapping[str, str] = {}
    every: bool = False

    @classmethod
    def of_quiz(cls, live: LiveQuiz, *, simulated: bool, every: bool = False) -> Self:
        """Return the task of a quiz."""
        experiment = live.quiz.experiment
        scope = Scope(live.slug, experiment.name if experiment else None, simulated)
        texts = {question.id: unfilled(question.ask, live.quiz) for question in live.quiz.questions}
        return cls(scope, texts, every)

    @classmethod
    def of_store(cls, design: Design, *, simulated: bool, every: bool = False) -> Self:
        """Return the task of an experiment of the store."""
        return cls(Scope(STORE, design.experiment, simulated), {}, every)

    @property
    def name(self) -> str:
        """Return the quiz, or the store's experiment."""
        return f"experiment {self.scope.experiment}" if self.scope.quiz == STORE else self.scope.quiz


def roll(
    engine: Engine,
    task: Task,
    *,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
    source: Callable[[Scope], LogSource] | None = None,
) -> Done | None:
    """Bring one rollup up to `now`, from the database or from another `source`; None where nobody ever came."""
    scope = task.scope
    with without_statement_timeout(engine) as connection:
        if not _anybody(connection, scope) and store.kept(connection, scope) is None:
            return None
        log = source(scope) if source else DatabaseLog(connection, scope)
        done = store.refresh(engine, log, now=now, every=task.every, progress=progress)
        millis = to_millis(now)
        figures = supplement.read(connection, scope, task.question_texts, now=millis)
    with without_statement_timeout(engine) as connection:
        # a second connection: the first began before these cells were written, and may not see them
        figures = replace(figures, adjusted=_adjusted(connection, scope))
    store.settle(engine, scope, now=now, caps=log.caps, supplement=supplement.as_text(figures))
    return done


def describe(task: Task, done: Done) -> str:
    """Return the days, visitors and cells of a refresh, in a line."""
    sort = "simulated" if task.scope.simulated else "real"
    gone = f", {many(done.gone, 'day')} gone" if done.gone else ""
    return (
        f"{task.name}, {sort}: {many(done.visitors, 'visitor')} of {many(done.days, 'day')}; "
        f"{number(done.counted)} counted anew into {many(done.cells, 'cell')}{gone}"
    )


def _adjusted(connection: Connection, scope: Scope) -> Adjusted | None:
    """Return the ratio among people alike, from the cells just stored; None where scikit-learn is not installed.

    Of mature visitors who were not held out, under the newest share and window; of a quiz alone.
    """
    if scope.quiz == STORE:
        return None
    if find_spec("sklearn") is None or (stored := store.head(connection, scope)) is None:
        return None
    rows = store.rows(connection, stored, *_FINE, by=_ALIKE)
    newest = max(rows, key=lambda row: (row.last_t0 or 0, row.share, row.declared), default=None)
    if newest is None:
        return None
    set_now = [row for row in rows if (row.share, row.declared) == (newest.share, newest.declared)]
    cells = as_cells(set_now, currency="")
    strata = stratified.strata(cells, lambda key: key.state != COLD, lambda key: key.state == COLD)
    return stratified.adj_ratio(strata)


def _anybody(connection: Connection, scope: Scope) -> bool:
    return connection.execute(entrants(scope, start(scope)).limit(1)).first() is not None
