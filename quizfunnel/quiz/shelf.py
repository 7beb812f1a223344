"""Shelf of the quizzes: those that are live, the versions that attempts began with, and what is wrong with the files.

Disk and database are looked at again at most once a second, in every worker.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.reload import Reloaded
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.private import PrivateQuestions, private_questions
from quizfunnel.quiz.publishing import news
from quizfunnel.quiz.publishing.look import Looks, Role, ShelfLook
from quizfunnel.quiz.publishing.published import ExperimentReader, PublishedVersions
from quizfunnel.quiz.publishing.reading import errors_of
from quizfunnel.quiz.spec import is_slug
from quizfunnel.quiz.texts.shown import order_shown
from quizfunnel.store.transaction import DatabaseAway
from quizfunnel.web.fault_log import FaultLog

MOST_NEWS = 20
_faults = FaultLog(logging.getLogger(__name__))
READS = Role()
"""The part of a process that publishes nothing, as of a report."""


class Shelf:
    """The quizzes of one store, by slug; safe to share between threads.

    A slug from an address is only ever looked up, never made into a path.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine | None,
        clock: Clock,
        experiments: ExperimentReader | None = None,
        *,
        role: Role = READS,
    ) -> None:
        """Take the folder of the quiz files; without an engine the good files are served as they lie there."""
        self._published = PublishedVersions(engine, experiments)
        self._looks = Looks(folder, self._published, clock, role)
        self._look = Reloaded(clock, self._read)
        self._pinned: dict[tuple[str, str], LiveQuiz] = {}
        self._notices: tuple[ShelfLook | None, tuple[str, ...]] = None, ()

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that can be taken."""
        return tuple(sorted(self._look.current().served))

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz that is served; None where there is none."""
        return self._look.current().live(slug)

    def renamed(self, slug: str) -> str | None:
        """Return the slug of the live quiz that had this one before; None where none had."""
        served = self._look.current().served
        if slug in served:
            return None
        return next((each for each in sorted(served) if slug in served[each].live.quiz.was), None)

    def pinned(self, version: str, quiz: str = "") -> LiveQuiz | None:
        """Return the version that an attempt began with, its products as they are now.

        `quiz` is the slug of the attempt: two files, or a renamed one, may be one version.
        """
        known = self._pinned.get((version, quiz)) or self._published.read(version)
        if known is None:
            return None
        slug = quiz or known.slug
        now = self.live(slug) or self.live(self.renamed(slug) or "")
        if now is not None and (now.version, now.slug) == (version, slug):
            known = now
        else:
            catalog = now.catalog if now is not None else known.catalog
            if (known.slug, known.catalog) != (slug, catalog):
                known = replace(known, slug=slug, catalog=catalog)
        self._pinned[version, quiz] = known
        return known

    def private(self, version: str) -> PrivateQuestions | None:
        """Return the questions of a version whose answers may not leave; None where it cannot be read any more."""
        known = self.pinned(version)
        return None if known is None else private_questions(known.quiz)

    def order(self, version: str, question: str, attempt: str) -> tuple[str, ...]:
        """Return the shuffled choices of a version's question as an attempt saw them; none where they were not."""
        known = self.pinned(version)
        return () if known is None else order_shown(known.quiz, question, attempt)

    def withdrawn(self, slug: str) -> bool:
        """Tell whether a quiz was served once and is no more."""
        if not is_slug(slug) or self.live(slug) is not None:
            return False
        in_memory = any(live.slug == slug for live in tuple(self._pinned.values()))
        return in_memory or self._published.has(slug)

    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps files from serving as they stand."""
        look = self._look.current()
        of_files = (finding for file in look.folder.files.values() for finding in errors_of(file.findings))
        return (*look.folder.astray, *of_files, *errors_of(look.refused))

    def notices(self) -> tuple[str, ...]:
        """Return what staff should know beside the problems: warnings, what waits, and what was published last."""
        look, (told, lines) = self._look.current(), self._notices
        if told is not look:  # whoever asks, and however often, the database is asked once a look
            lines = self._told(look)
            self._notices = look, lines
        return lines

    def catalogs(self) -> tuple[Catalog, ...]:
        """Return the catalogue of every live quiz."""
        return tuple(served.live.catalog for served in self._look.current().served.values())

    def _told(self, look: ShelfLook) -> tuple[str, ...]:
        findings = [*look.refused, *(finding for file in look.folder.files.values() for finding in file.findings)]
        lines = [finding.text() for finding in findings if finding.severity == "warning"]
        with suppress(DatabaseAway):
            if look.answered:
                lines += map(news.fact, self._published.recent(MOST_NEWS))
        return tuple(lines)

    def _read(self, before: ShelfLook | None) -> ShelfLook:
        try:
            look = self._looks.look(before)
        except Exception as error:
            if before is None:
                raise
            _faults.fault(error, at="a look at the quizzes")  # shoppers are served what they were
            return before
        live = {slug: served.live for slug, served in look.served.items()}
        self._pinned |= {(quiz.version, key): quiz for slug, quiz in live.items() for key in (slug, "")}
        return look
