"""Reading of one quiz file on this disk: the good pair that it shows, or everything that is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.readers import CatalogError
from quizfunnel.kit.files import Stamp, stamp
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.reload import ASK_AGAIN, unchanged
from quizfunnel.quiz.catalog_snapshot import catalog_version
from quizfunnel.quiz.check import addresses, run
from quizfunnel.quiz.check.judgement import judge_loss
from quizfunnel.quiz.check.run import CheckResult
from quizfunnel.quiz.file.load import language_files
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import news
from quizfunnel.quiz.publishing.published import PublishedVersions, live_quiz
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.store.transaction import DatabaseAway

Serving = Callable[[str], LiveQuiz | None]
"""Returns the quiz that is served under a slug now."""


class FileReading(NamedTuple):
    """One quiz file as it was read: the stamps of the files behind it, the good pair that it shows, the findings.

    `shown` is None where the pair is refused. `gone` are the products that its catalogue says are sold out or
    withdrawn. Of a quiz file that is broken that is the catalogue of the version that serves, which `beside` names.
    From `until` on the same files read otherwise, since a sale begins or ends.
    """

    stamps: Mapping[Path, Stamp]
    shown: LiveQuiz | None
    findings: tuple[Finding, ...]
    gone: frozenset[str] = frozenset()
    catalog_version: str = ""
    beside: str | None = None
    until: datetime | None = None

    def holds(self, serving: LiveQuiz | None, *, now: datetime) -> bool:
        """Tell whether no file behind it has changed, nor the version that serves beside it, nor a price by now."""
        is_current = self.until is None or now < self.until
        return is_current and unchanged(self.stamps) and self.beside in (None, _version(serving))


def read_file(path: Path, *, name: str, published: PublishedVersions, serving: Serving, now: datetime) -> FileReading:
    """Read a quiz file with its catalogue as they are at a moment, and judge both as a pair."""
    stamps = {each: stamp(each) for each in (path, path.parent, *language_files(path).values())}
    result = run.open_file(path, name=name, now=now)
    if result.catalog_file is not None:
        stamps[result.catalog_file] = stamp(result.catalog_file)
    if result.loaded is not None and result.loaded.quiz.was:
        stamps |= {each: stamp(each) for each in addresses.others(path)}
    run.check_opened(result, counting=False)
    if result.loaded is None:
        return _beside(result, stamps, serving(path.stem), now)
    experiment = _experiment(path, stamps, published)
    shown = None if errors_of(result.findings) else _pair(path.stem, result, experiment)
    version = shown.catalog_version if shown else catalog_version(result.catalog) if result.catalog else ""
    changed = experiment.findings(result.loaded) if experiment else ()
    causes = () if shown else _loss(result, serving(path.stem))
    findings = (*causes, *result.findings, *changed)
    return FileReading(stamps, shown, findings, result.gone, version, until=result.until)


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that keep a file from serving as it stands."""
    return tuple(finding for finding in findings if finding.severity == "error")


def _pair(slug: str, result: CheckResult, experiment: QuizExperiment | None) -> LiveQuiz | None:
    loaded = result.loaded
    if loaded is None or result.catalog is None:
        return None
    return live_quiz(slug, loaded, result.catalog, experiment, version=loaded.version)


def _loss(result: CheckResult, serving: LiveQuiz | None) -> tuple[Finding, ...]:
    """Find that a refused catalogue lacks much of what is live: rules miss what stood in the rows that are gone."""
    if serving is None or result.catalog is None:
        return ()
    loss = judge_loss(result.catalog, serving.catalog.products)
    return (news.lacks(result.file, loss),) if loss.waits else ()


def _beside(result: CheckResult, stamps: dict[Path, Stamp], serving: LiveQuiz | None, now: datetime) -> FileReading:
    """Return the reading of a broken quiz file, with the stock of the catalogue of the version that serves on."""
    reading = FileReading(stamps, None, tuple(result.findings), beside=_version(serving))
    file = run.catalog_file(result.path, serving.quiz) if serving and result.path else None
    if serving is None or file is None:
        return reading
    stamps[file] = stamp(file)
    try:
        catalog = run.read_catalog_of(serving.quiz, file, name=file.name, now=now)
    except CatalogError as error:
        return reading._replace(gone=error.gone)
    version = catalog_version(catalog.catalog)
    return reading._replace(gone=catalog.gone, catalog_version=version, until=catalog.until)


def _experiment(path: Path, stamps: dict[Path, Stamp], published: PublishedVersions) -> QuizExperiment | None:
    """Return the experiment of a quiz file; that of the settings alone while the database is away."""
    try:
        return published.experiment(path.stem, frozen=True)
    except DatabaseAway:
        stamps[path] = ASK_AGAIN
        return published.experiment(path.stem, frozen=False)


def _version(serving: LiveQuiz | None) -> str:
    return serving.version if serving else ""
