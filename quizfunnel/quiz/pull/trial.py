"""Trial of a catalogue: a file that is not in its place yet, checked as a pair with every quiz that names it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog
from quizfunnel.catalog.readers import CatalogError, read_catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check import run
from quizfunnel.quiz.check.judgement import judge_loss
from quizfunnel.quiz.check.run import CheckResult
from quizfunnel.quiz.file.language import language_of
from quizfunnel.quiz.live_quiz import LiveQuiz

LiveReader = Callable[[str], LiveQuiz | None]
"""Reads the pair of a quiz that is live now, None where none is known."""


class CatalogTrial(NamedTuple):
    """Outcome of a trial: the quizzes that name the catalogue, its products and those of the file before, the faults.

    `loss` says which products on sale are gone, where those are so many that somebody has to say so; `findings` are
    the errors that this catalogue would bring, and `broken` the quizzes that have errors of their own.
    """

    quizzes: tuple[str, ...]
    now: Catalog | None
    before: Catalog | None
    findings: tuple[Finding, ...] = ()
    loss: str = ""
    broken: tuple[str, ...] = ()
    left_out: int = 0


def try_out(folder: Path, name: str, candidate: Path, live: LiveReader) -> CatalogTrial:
    """Check a file in the place of the catalogue `name` of the quizzes in a folder; nothing is changed."""
    tried = [_Tried.of(path, folder, candidate) for path, named in catalogs_of(folder).items() if named == name]
    if not tried:
        return _alone(folder, name, candidate)
    now = next((each.after.catalog for each in tried if each.after.catalog), None)
    before = next((each.before.catalog for each in tried if each.before.catalog), None)
    findings = tuple(dict.fromkeys(finding for each in tried for finding in each.brought))
    quizzes = tuple(each.quiz for each in tried)
    warnings = [finding for finding in tried[0].after.findings if finding.file.endswith(name)]
    return CatalogTrial(
        quizzes,
        now,
        before,
        findings,
        _loss(now, before, [pair for quiz in quizzes if (pair := live(quiz))]),
        tuple(each.quiz for each in tried if each.after.is_broken and not each.brought),
        len(warnings),
    )


class _Tried(NamedTuple):
    """One quiz checked with the catalogue that is there, and with the one that may come."""

    quiz: str
    before: CheckResult
    after: CheckResult

    @classmethod
    def of(cls, path: Path, folder: Path, candidate: Path) -> "_Tried":
        before, after = (_checked(path, folder, file) for file in (None, candidate))
        return cls(path.stem, before, after)

    @property
    def brought(self) -> Iterator[Finding]:
        """Yield the errors that are there with the new catalogue alone: for others it is not to blame."""
        known = {(finding.file, finding.message) for finding in self.before.findings}
        for finding in self.after.findings:
            if finding.severity == "error" and (finding.file, finding.message) not in known:
                yield finding


def _checked(path: Path, folder: Path, candidate: Path | None) -> CheckResult:
    result = run.open_file(path, name=f"{folder.name}/{path.name}")
    if candidate is not None:
        result.catalog_file = candidate
    run.check_opened(result, counting=False)
    return result


def catalogs_of(folder: Path) -> dict[Path, str]:
    """Return the catalogue that each quiz file of a folder names; a file that cannot be read names none."""
    opened = {path: run.open_file(path) for path in sorted(folder.glob("*.yaml")) if not language_of(path)}
    return {path: str(PurePosixPath(each.loaded.quiz.catalog_ref.file)) for path, each in opened.items() if each.loaded}


def _alone(folder: Path, name: str, candidate: Path) -> CatalogTrial:
    """Read a catalogue that no quiz names yet; the quiz will say its currency where the file does not."""
    read = partial(read_catalog, currency="EUR", product_url="/{handle}", name=f"{folder.name}/{name}")
    try:
        reading = read(candidate)
    except CatalogError as error:
        return CatalogTrial((), None, None, tuple(error.findings))
    try:
        before = read(folder / name).catalog
    except CatalogError:
        before = None
    return CatalogTrial((), reading.catalog, before, (), _loss(reading.catalog, before, ()), (), len(reading.findings))


def _loss(now: Catalog | None, before: Catalog | None, live: Sequence[LiveQuiz]) -> str:
    """Return in words which products on sale are gone, of the file or of what is live, where they are many."""
    if now is None:
        return ""
    catalogs = [*([before] if before else []), *(pair.catalog for pair in live)]
    losses = [loss for catalog in catalogs if (loss := judge_loss(now, catalog.products)).waits]
    return max(losses, key=lambda loss: len(loss.lost)).loss if losses else ""
