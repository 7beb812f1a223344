"""Folder of quiz files: every file with the quiz that it serves and with everything wrong with it.

While a quiz file is broken its last good version serves on; after a restart that is the newest version in
the database. The catalogue of what serves is always the newest that can be read, since a stale one would
offer what is sold out.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.readers import CatalogError
from quizfunnel.kit.files import Stamp, stamp
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.reload import ASK_AGAIN, unchanged
from quizfunnel.quiz.check import references, run
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.published import PublishedVersions
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.store.transaction import DatabaseAway

log = logging.getLogger(__name__)

MOST_LOGGED = 5


class FileReading(NamedTuple):
    """One quiz file as it was read: the stamps of the files behind it, the quiz that serves, the findings."""

    stamps: Mapping[Path, Stamp]
    live: LiveQuiz | None
    findings: tuple[Finding, ...]


class FolderReading(NamedTuple):
    """All quiz files by their slugs, and the errors of what lies there and is no quiz file."""

    files: Mapping[str, FileReading]
    astray: tuple[Finding, ...]


_NOTHING = FolderReading({}, ())


class QuizFolder:
    """The folder that quiz files lie in."""

    def __init__(self, path: Path, published: PublishedVersions) -> None:
        """Take the path, and the versions that serve where a file is broken."""
        self._path = path
        self._published = published

    def read(self, before: FolderReading | None) -> FolderReading:
        """Return all quiz files, those that have not changed as they were read before."""
        before = before or _NOTHING
        try:
            paths = sorted(path for path in self._path.iterdir() if _is_quiz_file(path))
        except OSError as error:
            message = f"the folder of the quizzes cannot be read ({error.strerror}); what is live serves on"
            reading = FolderReading(before.files, (Finding(self._path.name, 1, 1, "error", message),))
        else:
            astray = tuple(finding for path in paths if (finding := self._is_astray(path)))
            wrong = {finding.file for finding in astray}
            files = {
                path.stem: self._file(path, before.files.get(path.stem))
                for path in paths
                if self._name(path) not in wrong
            }
            reading = FolderReading(files, astray)
        _log_new(reading.astray, before.astray)
        return reading

    def _is_astray(self, path: Path) -> Finding | None:
        if path.suffix == ".yml":
            return Finding(self._name(path), 1, 1, "error", "a quiz file ends in .yaml; rename it")
        return references.file_name(path, self._name(path))

    def _file(self, path: Path, before: FileReading | None) -> FileReading:
        if before is not None and unchanged(before.stamps):
            return before
        stamps = {path: stamp(path)}
        result = run.open_file(path, name=self._name(path))
        if result.catalog_file is not None:
            stamps[result.catalog_file] = stamp(result.catalog_file)
        run.check_opened(result, counting=False)
        experiment = self._experiment(path, stamps)
        if not errors_of(result.findings) and result.loaded is not None and result.catalog is not None:
            loaded = result.loaded
            quiz = experiment.applied(loaded.quiz) if experiment else loaded.quiz
            live: LiveQuiz | None = LiveQuiz(path.stem, loaded.version, quiz, result.catalog, loaded.body)
        else:
            live = self._last_good(path, before.live if before else None, stamps)
        changed = experiment.findings(result.loaded) if experiment and result.loaded else ()
        findings = (*result.findings, *changed)
        _log_new(findings, before.findings if before else (), serves=live is not None)
        return FileReading(stamps, live, findings)

    def _experiment(self, path: Path, stamps: dict[Path, Stamp]) -> QuizExperiment | None:
        """Return the experiment of a quiz file; that of the settings alone while the database is away."""
        try:
            return self._published.experiment(path.stem, frozen=True)
        except DatabaseAway:
            stamps[path] = ASK_AGAIN
            return self._published.experiment(path.stem, frozen=False)

    def _last_good(self, path: Path, live: LiveQuiz | None, stamps: dict[Path, Stamp]) -> LiveQuiz | None:
        """Return the quiz that serves instead of a broken file, with its catalogue as it can be read now."""
        try:
            live = live or self._published.newest(path.stem)
        except DatabaseAway:
            stamps[path] = ASK_AGAIN
            return None
        if live is None:
            return None
        file = run.catalog_file(path, live.quiz)
        if file is None:
            return live
        stamps.setdefault(file, stamp(file))
        try:
            return replace(live, catalog=run.read_catalog_of(live.quiz, file, name=self._name(file)).catalog)
        except CatalogError:
            return live

    def _name(self, path: Path) -> str:
        """Return a file's name as findings say it, without the machine's folders."""
        return f"{self._path.name}/{path.relative_to(self._path).as_posix()}"


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that keep a file from serving as it stands."""
    return tuple(finding for finding in findings if finding.severity == "error")


def _is_quiz_file(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml") and not path.name.startswith(".")


def _log_new(findings: Iterable[Finding], before: Iterable[Finding], *, serves: bool = True) -> None:
    """Log the findings that are new, so that a broken file is in the log once and not every second."""
    outcome = "what was good serves on" if serves else "it cannot be taken"
    known = set(before)
    new = [finding for finding in errors_of(findings) if finding not in known]
    for finding in new[:MOST_LOGGED]:
        log.error("quiz file refused, %s: %s", outcome, finding.text())
    if len(new) > MOST_LOGGED:
        log.error("and %d more findings; run `quizfunnel check`", len(new) - MOST_LOGGED)
