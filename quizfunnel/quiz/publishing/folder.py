"""Folder of quiz files: every file with the pair that it shows, and with everything wrong with it."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.reload import ASK_AGAIN, unchanged
from quizfunnel.quiz.check import references
from quizfunnel.quiz.file.language import language_of, quiz_of
from quizfunnel.quiz.publishing.published import PublishedVersions
from quizfunnel.quiz.publishing.reading import FileReading, Serving, errors_of, read_file
from quizfunnel.quiz.publishing.said import Said

log = logging.getLogger(__name__)

MOST_LOGGED = 5


class FolderReading(NamedTuple):
    """All quiz files by their slugs, and the errors of what lies there and is no quiz file.

    It is not `whole` where the folder cannot be read or nothing at all lies in it, as of a disk that is not there:
    then no file was deleted.
    """

    files: Mapping[str, FileReading]
    astray: tuple[Finding, ...]
    whole: bool = True


_NOTHING = FolderReading({}, ())


class QuizFolder:
    """The folder that quiz files lie in."""

    def __init__(self, path: Path, published: PublishedVersions, clock: Clock, *, said: Said | None) -> None:
        """Take the path, the versions in the database, and the findings that were said; None: nothing is logged."""
        self._path, self._published, self._clock, self._said = path, published, clock, said

    def read(self, before: FolderReading | None, serving: Serving) -> FolderReading:
        """Return all quiz files, those that have not changed as they were read before."""
        before = before or _NOTHING
        try:
            entries = sorted(path for path in self._path.iterdir() if not path.name.startswith("."))
        except OSError as error:
            message = f"the folder of the quizzes cannot be read ({error.strerror}); what is live serves on"
            reading = FolderReading(before.files, (Finding(self._path.name, 1, 1, "error", message),), whole=False)
        else:
            paths = [path for path in entries if path.suffix in (".yaml", ".yml") and not self._is_of_a_quiz(path)]
            astray = tuple(finding for path in paths if (finding := self._is_astray(path)))
            wrong = {finding.file for finding in astray}
            files = {
                path.stem: self._file(path, before.files.get(path.stem), serving)
                for path in paths
                if self.name(path) not in wrong
            }
            reading = FolderReading(files, astray, whole=bool(entries))
            for slug in before.files.keys() - files.keys():
                self._log_new((), before.files[slug].findings)
        self._log_new(reading.astray, before.astray, serves=not reading.whole)  # by its name it is no quiz's file
        return reading

    def name(self, path: Path) -> str:
        """Return a file's name as findings say it, without the machine's folders."""
        return f"{self._path.name}/{path.relative_to(self._path).as_posix()}"

    def _is_of_a_quiz(self, path: Path) -> bool:
        """Tell whether a file is one more language of a quiz file beside it, and read with that one."""
        return bool(language_of(path)) and path.with_name(f"{quiz_of(path)}.yaml").exists()

    def _is_astray(self, path: Path) -> Finding | None:
        if path.suffix == ".yml":
            return Finding(self.name(path), 1, 1, "error", "a quiz file ends in .yaml; rename it")
        return references.file_name(path, self.name(path))

    def _file(self, path: Path, before: FileReading | None, serving: Serving) -> FileReading:
        live = serving(path.stem) if before is not None and before.beside is not None else None
        now = self._clock.now()
        if before is not None and before.holds(live, now=now):
            return before
        reading = read_file(path, name=self.name(path), published=self._published, serving=serving, now=now)
        settled = {file: taken for file, taken in reading.stamps.items() if taken != ASK_AGAIN}
        if before is not None and not unchanged(settled):  # it is being written
            return before._replace(stamps={path: ASK_AGAIN})
        self._log_new(reading.findings, before.findings if before else (), serves=serving(path.stem) is not None)
        return reading

    def _log_new(self, findings: Iterable[Finding], before: Iterable[Finding], *, serves: bool = True) -> None:
        """Log the findings that are new, so that a broken file is in the log once and not every second."""
        if self._said is None:
            return
        self._said.forget(set(errors_of(before)).difference(findings))
        outcome = "what was good serves on" if serves else "it cannot be taken"
        known = set(before)
        new = [finding for finding in errors_of(findings) if finding not in known and self._said.first(finding)]
        for finding in new[:MOST_LOGGED]:
            log.error("quiz file refused, %s: %s", outcome, finding.text())
        if len(new) > MOST_LOGGED:
            log.error("and %d more findings; run `quizfunnel check`", len(new) - MOST_LOGGED)
