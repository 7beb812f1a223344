"""Shelf of the quizzes: those that are live, the versions that attempts began with, and the files' faults.

Files are looked at again at most once a second, in every worker.
"""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.reload import Reloaded
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.folder import FolderReading, QuizFolder, errors_of
from quizfunnel.quiz.publishing.published import ExperimentReader, PublishedVersions
from quizfunnel.quiz.spec import is_slug


class Shelf:
    """The quizzes of one folder, by slug; safe to share between threads.

    A slug from an address is only ever looked up, never made into a path.
    """

    def __init__(
        self, folder: Path, engine: Engine | None, clock: Clock, experiments: ExperimentReader | None = None
    ) -> None:
        """Take the folder of the quiz files; without an engine nothing outlives a restart with a broken file."""
        self._published = PublishedVersions(engine, experiments)
        self._files = QuizFolder(folder, self._published)
        self._reading = Reloaded(clock, self._read)
        self._pinned: dict[str, LiveQuiz] = {}

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that can be taken."""
        return tuple(sorted(slug for slug, file in self._reading.current().files.items() if file.live))

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz as its file says now, or said when it last was good; None where there is none."""
        file = self._reading.current().files.get(slug)
        return file.live if file else None

    def pinned(self, version: str) -> LiveQuiz | None:
        """Return the version that an attempt began with, its products as they are now."""
        known = self._pinned.get(version) or self._published.read(version)
        if known is None:
            return None
        now = self.live(known.slug)
        if now is not None and now.version == version:
            known = now
        elif now is not None and now.catalog is not known.catalog:
            known = replace(known, catalog=now.catalog)
        self._pinned[version] = known
        return known

    def sensitive(self, version: str) -> frozenset[str] | None:
        """Return the questions of a version whose answers may not leave; None where it cannot be read any more."""
        known = self.pinned(version)
        if known is None:
            return None
        return frozenset(question.id for question in known.quiz.questions if question.sensitive)

    def withdrawn(self, slug: str) -> bool:
        """Tell whether a quiz was served once and its file is gone."""
        if not is_slug(slug) or self.live(slug) is not None:
            return False
        in_memory = any(live.slug == slug for live in tuple(self._pinned.values()))
        return in_memory or self._published.has(slug)

    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps files from serving as they stand."""
        reading = self._reading.current()
        return reading.astray + tuple(
            finding for file in reading.files.values() for finding in errors_of(file.findings)
        )

    def catalogs(self) -> tuple[Catalog, ...]:
        """Return the catalogue of every live quiz."""
        return tuple(file.live.catalog for file in self._reading.current().files.values() if file.live)

    def _read(self, before: FolderReading | None) -> FolderReading:
        reading = self._files.read(before)
        self._pinned |= {file.live.version: file.live for file in reading.files.values() if file.live}
        return reading
