"""The check of a quiz file before a shopper meets it: every finding at once, with its place and its remedy."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from quizfunnel.catalog.product import Catalog
from quizfunnel.catalog.readers import CatalogError, CatalogReading, read_as_of
from quizfunnel.catalog.readers.rows import Defaults
from quizfunnel.kit.finding import Finding, told_once
from quizfunnel.kit.yaml import slips
from quizfunnel.quiz import paths
from quizfunnel.quiz.check import addresses, appearance, language_files, outcome, references, wording
from quizfunnel.quiz.check.coverage import in_words
from quizfunnel.quiz.check.judgement import judge
from quizfunnel.quiz.check.outcome import MakeChooser, Outcome, outcome_of
from quizfunnel.quiz.check.sections import written
from quizfunnel.quiz.check.texts import marks, mentions, videos
from quizfunnel.quiz.file.load import LoadedQuiz, QuizFileError, load_quiz
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.words import near
from quizfunnel.quiz.paths import Exploration
from quizfunnel.quiz.spec import Quiz
from quizfunnel.shipped import shipped_folder

MinutesTaken = Callable[[LoadedQuiz], Sequence[float]]
"""Reads the minutes that shoppers took who finished a quiz as its file is."""

FEWEST, MOST = 5, 8
MOST_ALIKE = 2  # findings in the same words: more are told at the first of them


@dataclass
class CheckResult:
    """The findings of a check and the files it read; `exploration` is None where the paths could not be walked.

    `gone` are the products that the catalogue says are sold out or withdrawn, of a refused one too.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    loaded: LoadedQuiz | None = None
    catalog_file: Path | None = None
    path: Path | None = None
    catalog: Catalog | None = None
    exploration: Exploration | None = None
    outcome: Outcome | None = None
    taken: Sequence[float] = ()
    reader: str = ""
    gone: frozenset[str] = frozenset()
    now: datetime | None = None
    until: datetime | None = None

    @property
    def summary(self) -> str:
        """Return a line on the paths, or nothing where there is none to speak of."""
        if self.exploration is None:
            return ""
        short, long = self.exploration.shortest, self.exploration.longest
        later = "; what shoppers would get is told once the errors are mended" if self.is_broken else ""
        return (
            f"{self.file}: shortest path {len(short)} questions ({in_words(short)}); "
            f"longest path {len(long)} questions ({in_words(long)}){_costs(self.catalog)}{later}"
        )

    @property
    def is_broken(self) -> bool:
        """Tell whether anything found keeps the quiz from being served."""
        return any(finding.severity == "error" for finding in self.findings)


def _costs(catalog: Catalog | None) -> str:
    """Return how many products have a known cost, nothing where the catalogue names none."""
    known = sum(product.cost_of("") is not None for product in catalog.products) if catalog else 0
    return f"; costs known for {known} of {len(catalog.products)} products" if catalog and known else ""


def check_quiz(path: Path, *, name: str = "") -> list[Finding]:
    """Return every finding of one quiz file and of its catalogue, in the files' order."""
    return check_file(path, name=name).findings


def check_file(
    path: Path, *, name: str = "", make_chooser: MakeChooser | None = None, minutes_taken: MinutesTaken | None = None
) -> CheckResult:
    """Check one quiz file and keep what was read on the way.

    With the serving program's `make_chooser` also what simulated shoppers would be shown is looked at, with the log's
    `minutes_taken` the promise is held against them.
    """
    result = open_file(path, name=name)
    if result.loaded and minutes_taken:
        result.taken = minutes_taken(result.loaded)
    check_opened(result, make_chooser=make_chooser)
    return result


def open_file(path: Path, *, name: str = "", now: datetime | None = None) -> CheckResult:
    """Read one quiz file and learn which catalogue it names; `name` stands for the path in findings.

    `now` is the moment of which the catalogue's prices shall be, the present one without it.
    """
    result = CheckResult(name or str(path), path=path, now=now)
    if finding := references.file_name(path, result.file):
        result.findings.append(finding)
    try:
        result.loaded = load_quiz(path, name=result.file)
    except QuizFileError as error:
        result.findings += told_once(error.findings, most=MOST_ALIKE)
        return result
    except OSError as error:
        result.findings.append(Finding(result.file, 1, 1, "error", f"cannot be read: {error.strerror}"))
        return result
    result.catalog_file = catalog_file(path, result.loaded.quiz)
    return result


def check_opened(result: CheckResult, *, counting: bool = True, make_chooser: MakeChooser | None = None) -> None:
    """Prove the rest; without `counting` leave out what costs time and can only warn.

    Causes come before consequences: what is wrong with the catalogue's rows, then with the quiz, then what shoppers
    would get or wonder at, which is looked at only where nothing is broken.
    """
    if result.loaded is None:
        return
    result.findings += _read_catalog(result, result.loaded)
    result.findings += language_files.check(result.loaded, result.path, result.catalog)
    checked = sorted(_check(result, result.loaded), key=lambda finding: (finding.line, finding.column))
    result.findings += told_once(checked, most=MOST_ALIKE)
    if counting and result.catalog is not None and not result.is_broken:
        result.findings += _from_outside(result, result.loaded, result.catalog, make_chooser)


def catalog_file(path: Path, quiz: Quiz) -> Path | None:
    """Return where a quiz file's catalogue lies; None where it would lead out of the quiz's folder."""
    ref = PurePosixPath(quiz.catalog_ref.file)
    if ref.is_absolute() or ".." in ref.parts or "\\" in quiz.catalog_ref.file or "\0" in quiz.catalog_ref.file:
        return None
    return path.parent / ref


def read_catalog_of(quiz: Quiz, file: Path, *, name: str, now: datetime | None = None) -> CatalogReading:
    """Read a quiz's catalogue with what the quiz says about it; raise CatalogError without one good product."""
    if file.exists() and not file.is_file():
        raise CatalogError([Finding(name, 1, 1, "error", "is no file; name a CSV or YAML file")])
    ref = quiz.catalog_ref
    return read_as_of(file, Defaults(ref.currency, ref.product_url, now or datetime.now(UTC)), name=name)


def _read_catalog(result: CheckResult, loaded: LoadedQuiz) -> list[Finding]:
    ref = loaded.quiz.catalog_ref.file
    if result.catalog_file is None:
        return [loaded.finding(("catalog",), f"{ref!r} leads out of the quizzes folder; put the catalogue inside it")]
    try:
        reading = read_catalog_of(loaded.quiz, result.catalog_file, name=_catalog_name(result), now=result.now)
    except CatalogError as error:
        result.gone = error.gone
        return error.findings if result.catalog_file.exists() else [_no_catalog(loaded, result.catalog_file)]
    result.catalog, result.reader, result.gone = reading.catalog, reading.reader, reading.gone
    result.until = reading.until
    return list(reading.findings)


def _no_catalog(loaded: LoadedQuiz, file: Path) -> Finding:
    ref = PurePosixPath(loaded.quiz.catalog_ref.file)
    there = [str(ref.with_name(other.name)) for other in file.parent.iterdir()] if file.parent.is_dir() else []
    message = f"there is no file {ref} beside the quiz; put it there or change `catalog`{near(str(ref), there)}"
    return loaded.finding(("catalog", "file"), message)


def _catalog_name(result: CheckResult) -> str:
    """Return the catalogue's name in findings: beside the quiz file's own."""
    ref = result.loaded.quiz.catalog_ref.file if result.loaded else ""
    return str(PurePosixPath(result.file).parent / ref)


def _static(result: CheckResult) -> tuple[Path, ...]:
    """Return the folders of static files: of the store that the quiz lies in, and those that are shipped."""
    own = (result.path.absolute().parent.parent / "static",) if result.path else ()
    return (*own, shipped_folder() / "static")


def _check(result: CheckResult, loaded: LoadedQuiz) -> Iterator[Finding]:
    mistaken = [*references.unique_ids(loaded), *references.whens(loaded)]
    yield from mistaken
    yield from _cut_texts(loaded)
    if result.path is not None:
        yield from addresses.check(loaded, result.path)
    yield from references.pictures(loaded)
    yield from videos.check(loaded)
    yield from marks.check(loaded)
    misnamed = list(mentions.check(loaded))
    yield from misnamed
    yield from written.check(loaded)
    yield from wording.check(loaded, result.catalog)
    if result.catalog is not None:
        yield from judge(loaded, result.catalog).findings
    if mistaken:
        return  # what follows walks the quiz and would only repeat them
    try:
        result.exploration = paths.explore(loaded.quiz)
        yield from () if any(each.severity == "error" for each in misnamed) else mentions.prove(loaded)
    except TooTangled as error:
        message = (
            f"the quiz is too tangled to walk: after this question its `when`s tell more than {paths.MOST_STATES:,} "
            "states apart; let fewer questions depend on each other"
        )
        yield loaded.finding(_of(loaded.quiz, error.question), message)
        return
    yield from _lengths(loaded, result.exploration)
    yield from wording.check_promise(loaded, result.exploration, result.taken)


def _from_outside(
    result: CheckResult, loaded: LoadedQuiz, catalog: Catalog, make_chooser: MakeChooser | None
) -> Iterator[Finding]:
    """Find what shoppers would get and wonder at."""
    result.outcome = outcome_of(loaded.quiz, catalog, make_chooser)
    yield from outcome.check(loaded, result.outcome)
    yield from appearance.check(loaded, catalog, name=_catalog_name(result), folders=_static(result))
    yield from videos.check_files(loaded, _static(result))


def _cut_texts(loaded: LoadedQuiz) -> Iterator[Finding]:
    values = set(loaded.positions.values())
    for slip in slips.cut_texts(loaded.body, TEXT_KEYS):
        if (slip.line, slip.column) in values:  # and not a line of a longer text
            message = f"{slip.wrong}; write it as `{slip.mended}`, or two spaces before a comment"
            yield Finding(loaded.file, slip.line, slip.column, "warning", message)


def _lengths(loaded: LoadedQuiz, exploration: Exploration) -> Iterator[Finding]:
    quiz = loaded.quiz
    asks = f"ask {FEWEST} to {MOST} on every path"
    if len(exploration.shortest) < FEWEST:
        message = f"a path asks only {len(exploration.shortest)} questions ({in_words(exploration.shortest)}); {asks}"
        yield loaded.finding(("questions",), message, key=True)
    if len(exploration.longest) > MOST:
        message = f"a path asks {len(exploration.longest)} questions ({in_words(exploration.longest)}); {asks}"
        yield loaded.finding(("questions",), message, key=True)
    for number, question in enumerate(quiz.questions):
        if question.id not in exploration.reached:
            message = f"nobody can reach the question `{question.id}`; change its `when` or remove it"
            yield loaded.finding(("questions", number, "when"), message)


def _of(quiz: Quiz, question: str) -> tuple[str | int, ...]:
    return ("questions", [known.id for known in quiz.questions].index(question), "id")
