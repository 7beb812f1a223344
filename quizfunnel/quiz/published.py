"""Published versions: the quizzes that attempts began with, in the database for when their files are gone."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from quizfunnel.quiz.catalog_snapshot import products_as_json, products_from_json
from quizfunnel.quiz.file.load import QuizFileError, load_text
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once

log = logging.getLogger(__name__)

_v = columns(QuizVersion)

ExperimentReader = Callable[[Engine | None, str], QuizExperiment]
"""Reads the experiment of a quiz, without an engine that of the settings alone; raises DatabaseAway."""


class PublishedVersions:
    """The versions in one database, if there is one; every question to it may raise DatabaseAway."""

    def __init__(self, engine: Engine | None, experiments: ExperimentReader | None) -> None:
        """Take an engine to open another one beside."""
        # connections of its own: the caller may be inside a transaction on this thread's
        self._engine = engine and open_engine(engine.url.render_as_string(hide_password=False), pooled=False)
        self._experiments = experiments

    def read(self, version: str) -> LiveQuiz | None:
        """Return a version with the products that it was published with; None without it or for a newer release's."""
        row = self._first(select(_v.quiz, _v.body, _v.products).where(_v.id == version))
        if row is None:
            return None
        try:
            loaded = load_text(row.body, f"{row.quiz}.yaml of version {version[:12]}")
            experiment = self.experiment(row.quiz, frozen=False)
            quiz = experiment.applied(loaded.quiz) if experiment else loaded.quiz
            return LiveQuiz(row.quiz, version, quiz, products_from_json(row.products), row.body)
        except (QuizFileError, ValueError, KeyError, TypeError):
            log.exception("quiz version %s cannot be read by this release", version)
            return None

    def newest(self, slug: str) -> LiveQuiz | None:
        """Return the version of a quiz that was published last."""
        row = self._first(select(_v.id).where(_v.quiz == slug).order_by(_v.published_at.desc()))
        return self.read(row.id) if row else None

    def has(self, slug: str) -> bool:
        """Tell whether a quiz was ever published."""
        return self._first(select(_v.id).where(_v.quiz == slug)) is not None

    def experiment(self, slug: str, *, frozen: bool) -> QuizExperiment | None:
        """Return the experiment of a quiz: with `frozen` as it began, else by the settings alone."""
        return self._experiments(self._engine if frozen else None, slug) if self._experiments else None

    def _first(self, statement: Any) -> Any:
        if self._engine is None:
            return None
        with reading(self._engine) as connection:
            return connection.execute(statement.limit(1)).first()


def publish(connection: Connection, live: LiveQuiz, *, at: datetime) -> None:
    """Keep a version in the database, so that its attempts outlive its file; once is enough."""
    if connection.execute(select(_v.id).where(_v.id == live.version)).first():
        return
    row = {
        "id": live.version,
        "quiz": live.slug,
        "body": live.body,
        "products": products_as_json(live.catalog),
        "published_at": at,
    }
    connection.execute(insert_once(connection.dialect.name, QuizVersion).values(row))
