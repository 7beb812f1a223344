"""Published versions in the database: the pairs that are served, and the quizzes that attempts began with."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, literal, select, union_all

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.catalog_snapshot import products_from_json
from quizfunnel.quiz.file.load import LoadedQuiz, QuizFileError, load_text
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.pairs import LIVE, SCHEDULED, PublishedPair, live_at
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.tables import CatalogVersion, DiskOffer, Publication, QuizVersion
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.store.types import columns
from quizfunnel.web.fault_log import FaultLog

_log = FaultLog(logging.getLogger(__name__))

_v, _c, _p, _d = columns(QuizVersion), columns(CatalogVersion), columns(Publication), columns(DiskOffer)
_PAIR = tuple(_p[name] for name in PublishedPair._fields)
# two selects, since SQLite finds the live rows by an index of theirs that it would not use for both states
_STANDING = union_all(
    *(select(*_PAIR).where(_p.state == literal(state, literal_execute=True)) for state in (LIVE, SCHEDULED))
)

ExperimentReader = Callable[[Engine | None, str], QuizExperiment]
"""Reads the experiment of a quiz, without an engine that of the settings alone; raises DatabaseAway."""


class Standing(NamedTuple):
    """The pairs that are or will be served, what one disk showed last by quiz, and whether any disk showed anything."""

    pairs: tuple[PublishedPair, ...]
    shown: Mapping[str, str]
    any_disk: bool


class PublishedVersions:
    """The versions in one database, if there is one; every question to it may raise DatabaseAway."""

    def __init__(self, engine: Engine | None, experiments: ExperimentReader | None) -> None:
        """Take an engine to read by; for writing another one is opened beside it where need be."""
        self.engine = self.writer = engine
        if engine is not None and engine.dialect.name == "sqlite":
            # The caller may be inside a transaction on this thread's connection, which SQLite's pool shares: a read
            # in it harms nobody, and what is published must not be undone with it.
            url = engine.url.render_as_string(hide_password=False)
            self.writer = open_engine(url, pooled=False, making=False)
        self._experiments = experiments
        self.is_away = False  # a look that waited for it in vain says so: what it asks next need not wait too

    def standing(self, disk: str) -> Standing:
        """Return what is published, and what a disk showed of it last.

        What is published is read last: a process that publishes in between writes both at once, and whoever knew of
        the disk alone would neither offer the pair nor serve it.
        """
        if self.engine is None:
            return Standing((), {}, any_disk=False)
        with reading(self.engine) as connection:
            shown, any_disk = _shown(connection, disk) if disk else ({}, True)
            pairs = tuple(PublishedPair(*row) for row in connection.execute(_STANDING))
        return Standing(pairs, shown, any_disk)

    def pair(self, published: PublishedPair) -> LiveQuiz | None:
        """Return a published pair as it is served; None for a newer release's."""
        kept = select(_v.body, _v.languages, _c.products).where(_v.id == published.quiz_version)
        row = self._first(kept.join(CatalogVersion, _c.id == published.catalog_version))
        return row and self._loaded(row, published.quiz, published.quiz_version, frozen=True)

    def live(self, quiz: str, *, at: datetime) -> LiveQuiz | None:
        """Return the pair of a quiz that is live at a moment."""
        pair = live_at(self.standing("").pairs, at).get(quiz)
        return self.pair(pair) if pair else None

    def read(self, version: str) -> LiveQuiz | None:
        """Return a version with the products of its last publication; None without it, or for a newer release's."""
        kept = select(_v.quiz, _v.body, _v.languages, _c.products).outerjoin(Publication, _p.quiz_version == _v.id)
        kept = kept.outerjoin(CatalogVersion, _c.id == _p.catalog_version).where(_v.id == version)
        row = self._first(kept.order_by(_p.starts_at.desc(), _p.published_at.desc()))
        return row and self._loaded(row, row.quiz, version, frozen=False)

    def has(self, slug: str) -> bool:
        """Tell whether a quiz was ever served."""
        return self._first(select(_v.id).where(_v.quiz == slug)) is not None or self.was_published(slug)

    def was_published(self, slug: str) -> bool:
        """Tell whether any pair of a quiz was ever published."""
        return self._first(select(_p.id).where(_p.quiz == slug)) is not None

    def recent(self, most: int, quiz: str = "") -> tuple[PublishedPair, ...]:
        """Return the pairs that were published last, of one quiz or of all, the newest first."""
        if self.engine is None:
            return ()
        last = select(*_PAIR).order_by(_p.published_at.desc(), _p.starts_at.desc()).limit(most)
        with reading(self.engine) as connection:
            rows = connection.execute(last.where(_p.quiz == quiz) if quiz else last)
            return tuple(PublishedPair(*row) for row in rows)

    def experiment(self, slug: str, *, frozen: bool) -> QuizExperiment | None:
        """Return the experiment of a quiz: with `frozen` as it began, else by the settings alone."""
        if frozen and self.is_away:
            raise DatabaseAway("it did not answer just now")
        return self._experiments(self.engine if frozen else None, slug) if self._experiments else None

    def _loaded(self, row: Any, slug: str, version: str, *, frozen: bool) -> LiveQuiz | None:
        try:
            loaded = load_text(row.body, f"{slug}.yaml of version {version[:12]}", json.loads(row.languages))
            experiment = self.experiment(slug, frozen=frozen)
            return live_quiz(slug, loaded, products_from_json(row.products or "[]"), experiment, version=version)
        except (QuizFileError, ValueError, KeyError, TypeError) as error:
            why = error.findings[0].text() if isinstance(error, QuizFileError) else type(error).__name__
            text = f"the version {version[:12]} of `{slug}` in the database cannot be read by this release: {why}"
            _log.line(version, text)
            return None

    def _first(self, statement: Any) -> Any:
        if self.engine is None:
            return None
        with reading(self.engine) as connection:
            return connection.execute(statement.limit(1)).first()


def live_quiz(
    slug: str, loaded: LoadedQuiz, catalog: Catalog, experiment: QuizExperiment | None, *, version: str
) -> LiveQuiz:
    """Return a quiz as it was read, in every language of its, with a catalogue and the experiment it is part of."""

    def applied(quiz: Quiz) -> Quiz:
        return experiment.applied(quiz) if experiment else quiz

    translations = {language: applied(each.quiz) for language, each in loaded.translations.items()}
    return LiveQuiz(slug, version, applied(loaded.quiz), catalog, loaded.body, translations, loaded.languages)


def _shown(connection: Connection, disk: str) -> tuple[dict[str, str], bool]:
    """Return what a disk showed last by quiz, and whether any disk showed anything."""
    rows = connection.execute(select(_d.quiz, _d.pair).where(_d.disk == disk))
    shown = {row.quiz: row.pair for row in rows}
    return shown, bool(shown) or connection.execute(select(_d.disk).limit(1)).first() is not None
