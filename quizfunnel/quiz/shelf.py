"""The quizzes that are live, the versions that attempts began with, and what keeps a file from serving.

Files are looked at again at most once a second, in every worker. While a quiz file is broken its last
good version serves on; after a restart that is the newest version in the database. The catalogue of
what serves is always the newest that can be read, since a stale one would offer what is sold out.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine, select

from quizfunnel.catalog.product import Catalog
from quizfunnel.catalog.readers import CatalogError
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.catalog_snapshot import products_as_json, products_from_json
from quizfunnel.quiz.check import references, run
from quizfunnel.quiz.file.load import LoadedQuiz, QuizFileError, load_text
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Quiz, is_slug
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once

log = logging.getLogger(__name__)

LOOK_AGAIN_MS = 1000
MOST_LOGGED = 5

_ROW = columns(QuizVersion)
_Stamp = tuple[int, int, int]
_CHANGED: _Stamp = (-1, -1, -1)  # differs from every file's


class QuizExperiment(Protocol):
    """The experiment that one quiz is part of, as the room of experiments, which stands above, decides it."""

    def applied(self, quiz: Quiz) -> Quiz:
        """Return the quiz with that experiment in place of its file's."""
        ...

    def findings(self, loaded: LoadedQuiz) -> Iterable[Finding]:
        """Find the settings of the file that are not those that the experiment began with."""
        ...


ExperimentReader = Callable[[Engine | None, str], QuizExperiment]
"""Reads the experiment of a quiz, without an engine that of the settings alone; raises DatabaseAway."""


class _Kept(NamedTuple):
    """What one quiz file gave: the files behind it as they were, what serves, what was found."""

    stamps: Mapping[Path, _Stamp]
    live: LiveQuiz | None
    findings: tuple[Finding, ...]


class Shelf:
    """The quizzes of one folder, by slug; safe to share between threads.

    A slug from an address is only ever looked up, never made into a path.
    """

    def __init__(
        self, folder: Path, engine: Engine | None, clock: Clock, experiments: ExperimentReader | None = None
    ) -> None:
        """Take the folder of the quiz files; without an engine nothing outlives a restart with a broken file."""
        self._folder = folder
        self._experiments = experiments
        # connections of its own: the caller may be inside a transaction on this thread's
        self._engine = engine and open_engine(engine.url.render_as_string(hide_password=False), pooled=False)
        self._clock = clock
        self._kept: Mapping[str, _Kept] = {}
        self._astray: tuple[Finding, ...] = ()
        self._pinned: dict[str, LiveQuiz] = {}
        self._looked_ms: int | None = None
        self._lock = Lock()

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that can be taken."""
        return tuple(sorted(slug for slug, kept in self._look().items() if kept.live))

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz as its file says now, or said when it last was good; None where there is none."""
        kept = self._look().get(slug)
        return kept.live if kept else None

    def pinned(self, version: str) -> LiveQuiz | None:
        """Return the version that an attempt began with, its products as they are now."""
        known = self._pinned.get(version) or self._restore(version)
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
        return in_memory or self._ask(select(_ROW.id).where(_ROW.quiz == slug)) is not None

    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps files from serving as they stand."""
        kept = self._look().values()
        return self._astray + tuple(finding for each in kept for finding in _errors(each.findings))

    def catalogs(self) -> tuple[Catalog, ...]:
        """Return the catalogue of every live quiz."""
        return tuple(kept.live.catalog for kept in self._look().values() if kept.live)

    def _look(self) -> Mapping[str, _Kept]:
        now = self._clock.monotonic_ms()
        if self._looked_ms is not None and 0 <= now - self._looked_ms < LOOK_AGAIN_MS:
            return self._kept
        # only the very first look makes others wait; later ones serve what is known meanwhile
        if not self._lock.acquire(blocking=self._looked_ms is None):
            return self._kept
        try:
            if self._looked_ms is None or not 0 <= now - self._looked_ms < LOOK_AGAIN_MS:
                self._scan()
                self._looked_ms = now
            return self._kept
        finally:
            self._lock.release()

    def _scan(self) -> None:
        try:
            files = sorted(path for path in self._folder.iterdir() if _is_quiz_file(path))
        except OSError as error:
            message = f"the folder of the quizzes cannot be read ({error.strerror}); what is live serves on"
            astray = [Finding(self._folder.name, 1, 1, "error", message)]
        else:
            astray = [finding for path in files if (finding := self._is_astray(path))]
            wrong = {finding.file for finding in astray}
            self._kept = {path.stem: self._refresh(path) for path in files if self._name(path) not in wrong}
        _log_new(astray, self._astray)
        self._astray = tuple(astray)

    def _is_astray(self, path: Path) -> Finding | None:
        if path.suffix == ".yml":
            return Finding(self._name(path), 1, 1, "error", "a quiz file ends in .yaml; rename it")
        return references.file_name(path, self._name(path))

    def _refresh(self, path: Path) -> _Kept:
        before = self._kept.get(path.stem)
        if before is not None and all(_stat(file) == stamp for file, stamp in before.stamps.items()):
            return before
        stamps = {path: _stat(path)}
        result = run.open_file(path, name=self._name(path))
        if result.catalog_file is not None:
            stamps[result.catalog_file] = _stat(result.catalog_file)
        run.check_opened(result, counting=False)
        experiment = self._experiment(path, stamps)
        if not _errors(tuple(result.findings)) and result.loaded is not None and result.catalog is not None:
            loaded = result.loaded
            quiz = experiment.applied(loaded.quiz) if experiment else loaded.quiz
            live: LiveQuiz | None = LiveQuiz(path.stem, loaded.version, quiz, result.catalog, loaded.body)
        else:
            live = self._last_good(path, before.live if before else None, stamps)
        changed = experiment.findings(result.loaded) if experiment and result.loaded else ()
        findings = (*result.findings, *changed)
        _log_new(findings, before.findings if before else (), serves=live is not None)
        if live is not None:
            self._pinned[live.version] = live
        return _Kept(stamps, live, findings)

    def _experiment(self, path: Path, stamps: dict[Path, _Stamp]) -> QuizExperiment | None:
        """Return the experiment of a quiz file; that of the settings alone while the database is away."""
        if self._experiments is None:
            return None
        try:
            return self._experiments(self._engine, path.stem)
        except DatabaseAway:
            stamps[path] = _CHANGED  # ask again at the next look
            return self._experiments(None, path.stem)

    def _last_good(self, path: Path, live: LiveQuiz | None, stamps: dict[Path, _Stamp]) -> LiveQuiz | None:
        """Return what serves instead of a broken file, with its catalogue as it is now where that can be read."""
        try:
            live = live or self._newest(path.stem)
        except DatabaseAway:
            stamps[path] = _CHANGED  # ask again at the next look
            return None
        if live is None:
            return None
        file = run.catalog_file(path, live.quiz)
        if file is None:
            return live
        stamps.setdefault(file, _stat(file))
        try:
            return replace(live, catalog=run.read_catalog_of(live.quiz, file, name=self._name(file)).catalog)
        except CatalogError:
            return live

    def _newest(self, slug: str) -> LiveQuiz | None:
        row = self._ask(select(_ROW.id).where(_ROW.quiz == slug).order_by(_ROW.published_at.desc()))
        return self._restore(row[0]) if row else None

    def _restore(self, version: str) -> LiveQuiz | None:
        row = self._ask(select(_ROW.quiz, _ROW.body, _ROW.products).where(_ROW.id == version))
        if row is None:
            return None
        try:
            loaded = load_text(row.body, f"{row.quiz}.yaml of version {version[:12]}")
            experiment = self._experiments and self._experiments(None, row.quiz)
            quiz = experiment.applied(loaded.quiz) if experiment else loaded.quiz
            return LiveQuiz(row.quiz, version, quiz, products_from_json(row.products), row.body)
        except (QuizFileError, ValueError, KeyError, TypeError):
            log.exception("quiz version %s cannot be read by this release", version)
            return None

    def _ask(self, statement: Any) -> Any:
        if self._engine is None:
            return None
        with reading(self._engine) as connection:
            return connection.execute(statement.limit(1)).first()

    def _name(self, path: Path) -> str:
        """Return a file's name as findings say it, without the machine's folders."""
        return f"{self._folder.name}/{path.relative_to(self._folder).as_posix()}"


def publish(connection: Connection, live: LiveQuiz, *, at: datetime) -> None:
    """Keep a version in the database, so that its attempts outlive its file; once is enough."""
    if connection.execute(select(_ROW.id).where(_ROW.id == live.version)).first():
        return
    row = {
        "id": live.version,
        "quiz": live.slug,
        "body": live.body,
        "products": products_as_json(live.catalog),
        "published_at": at,
    }
    connection.execute(insert_once(connection.dialect.name, QuizVersion).values(row))


def _is_quiz_file(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml") and not path.name.startswith(".")


def _errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")


def _log_new(
    findings: tuple[Finding, ...] | list[Finding], before: tuple[Finding, ...], *, serves: bool = True
) -> None:
    """Log what was not found before, so that a broken file is told of once and not every second."""
    outcome = "what was good serves on" if serves else "it cannot be taken"
    new = [finding for finding in _errors(tuple(findings)) if finding not in before]
    for finding in new[:MOST_LOGGED]:
        log.error("quiz file refused, %s: %s", outcome, finding.text())
    if len(new) > MOST_LOGGED:
        log.error("and %d more findings; run `quizfunnel check`", len(new) - MOST_LOGGED)


def _stat(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino
