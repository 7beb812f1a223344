"""Published versions: the quizzes that attempts began with, in the database for when their files are gone."""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select

from quizfunnel.quiz.catalog_snapshot import products_from_json
from quizfunnel.quiz.file.load import QuizFileError, load_text
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.quiz.tables import CatalogVersion, Publication, QuizVersion
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns

log = logging.getLogger(__name__)

_v, _c, _p = columns(QuizVersion), columns(CatalogVersion), columns(Publication)

ExperimentReader = Callable[[Engine | None, str], QuizExperiment]
"""Reads the experiment of a quiz, without an engine that of the settings alone; raises DatabaseAway."""


class PublishedVersions:
    """The versions in one database, if there is one; every question to it may raise DatabaseAway."""

    def __init__(self, engine: Engine | None, experiments: ExperimentReader | None) -> None:
        """Take an engine to open another one beside."""
        # connections of its own: the caller may be inside a transaction on this thread's
        url = engine and engine.url.render_as_string(hide_password=False)
        self._engine = open_engine(url, pooled=False, making=False) if url else None
        self._experiments = experiments

    def read(self, version: str) -> LiveQuiz | None:
        """Return a version with the products of its last publication; None without it, or for a newer release's."""
        kept = select(_v.quiz, _v.body, _c.products).join(Publication, _p.quiz_version == _v.id)
        kept = kept.join(CatalogVersion, _c.id == _p.catalog_version).where(_v.id == version)
        row = self._first(kept.order_by(_p.starts_at.desc(), _p.published_at.desc()))
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
