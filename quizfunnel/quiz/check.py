"""Proving a quiz file before a shopper meets it: every finding at once, with its place and its remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quizfunnel.catalog.finding import Finding
from quizfunnel.catalog.product import Catalog
from quizfunnel.catalog.readers import CatalogError, read_catalog
from quizfunnel.quiz import combinations, names, paths, wording
from quizfunnel.quiz.combinations import in_words
from quizfunnel.quiz.load import LoadedQuiz, QuizFileError, load_quiz
from quizfunnel.quiz.paths import Exploration, TooTangled
from quizfunnel.quiz.spec import Answers, Question, Quiz

FEWEST, MOST = 5, 8


@dataclass
class CheckResult:
    """What a check found and read; `exploration` is None where the paths could not be walked."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    loaded: LoadedQuiz | None = None
    catalog: Catalog | None = None
    exploration: Exploration | None = None
    reader: str = ""

    @property
    def summary(self) -> str:
        """Return a line on the paths, or nothing where there is none to speak of."""
        if self.loaded is None or self.exploration is None:
            return ""
        short, long = self.exploration.shortest, self.exploration.longest
        quiz = self.loaded.quiz
        return (
            f"{self.file}: shortest path {len(short)} questions ({in_words(short)}); "
            f"longest path {len(long)} questions ({in_words(long)})"
        )


def check_quiz(path: Path, *, name: str = "") -> list[Finding]:
    """Return every finding of one quiz file and of its catalogue, in the file's order."""
    return check_file(path, name=name).findings


def check_paths(files: Iterable[Path]) -> list[Finding]:
    """Return every finding of several quiz files."""
    return [finding for file in files for finding in check_quiz(file)]


def check_file(path: Path, *, name: str = "") -> CheckResult:
    """Check one quiz file and keep what was read on the way."""
    file = name or str(path)
    result = CheckResult(file)
    if not names.is_slug(path.stem):
        message = f"the file name {path.stem!r} becomes the quiz's address; use lower-case letters, digits and hyphens"
        result.findings.append(Finding(file, 1, 1, "error", message))
    try:
        result.loaded = load_quiz(path, name=file)
    except QuizFileError as error:
        result.findings += error.findings
        return result
    except OSError as error:
        result.findings.append(Finding(file, 1, 1, "error", f"cannot be read ({error.strerror})"))
        return result
    _read_catalog(result, path)
    result.findings += _check(result)
    result.findings.sort(key=lambda finding: (finding.file != file, finding.line, finding.column))
    return result


def _read_catalog(result: CheckResult, path: Path) -> None:
    loaded = result.loaded
    assert loaded is not None  # noqa: S101 - narrows the type; the caller has just loaded it
    ref = loaded.quiz.catalog_ref
    if Path(ref.file).is_absolute() or ".." in Path(ref.file).parts:
        message = f"{ref.file!r} leads out of the quizzes folder; put the catalogue inside it"
        result.findings.append(loaded.finding(("catalog",), message))
        return
    try:
        reading = read_catalog(
            path.parent / ref.file,
            currency=ref.currency,
            product_url=ref.product_url,
            name=str(Path(result.file).parent / ref.file),
        )
    except CatalogError as error:
        result.findings += error.findings
        first = error.findings[0]
        message = f"no product could be read from {ref.file}: {first.message}"
        result.findings.append(loaded.finding(("catalog",), message))
        return
    result.catalog, result.reader = reading.catalog, reading.reader
    result.findings += reading.findings


def _check(result: CheckResult) -> Iterator[Finding]:
    loaded = result.loaded
    assert loaded is not None  # noqa: S101 - narrows the type
    mistaken = [*names.unique_ids(loaded), *names.whens(loaded)]
    yield from mistaken
    yield from _wording(loaded)
    if result.catalog is not None:
        yield from names.selectors(loaded, result.catalog)
    if mistaken:
        return  # what follows walks the quiz and would only repeat them
    try:
        result.exploration = paths.explore(loaded.quiz)
    except TooTangled as error:
        message = (
            f"the quiz is too tangled to walk: at this question its `when`s tell more than {paths.MOST_STATES} states "
            "apart; let fewer questions depend on each other"
        )
        yield loaded.finding(_of(loaded.quiz, error.question), message)
        return
    yield from _lengths(loaded, result.exploration)
    yield from _promise(loaded, result.exploration)
    if result.catalog is not None:
        yield from combinations.check(loaded, result.catalog)


def _lengths(loaded: LoadedQuiz, found: Exploration) -> Iterator[Finding]:
    quiz = loaded.quiz
    if len(found.shortest) < FEWEST:
        way = in_words(found.shortest)
        message = f"a path asks only {len(found.shortest)} questions ({way}); ask {FEWEST} to {MOST} on every path"
        yield loaded.finding(("questions",), message)
    if len(found.longest) > MOST:
        way = in_words(found.longest)
        message = f"a path asks {len(found.longest)} questions ({way}); ask {FEWEST} to {MOST} on every path"
        yield loaded.finding(("questions",), message)
    for number, question in enumerate(quiz.questions):
        if question.id not in found.reached:
            message = f"nobody can reach the question `{question.id}`; change its `when` or remove it"
            yield loaded.finding(("questions", number, "when"), message)


def _promise(loaded: LoadedQuiz, found: Exploration) -> Iterator[Finding]:
    quiz = loaded.quiz
    low, high = (_minutes(quiz, path) for path in (found.shortest, found.longest))
    slack = wording.PROMISE_SLACK
    if quiz.minutes < low * (1 - slack) or quiz.minutes > high * (1 + slack):
        about = (low + high) / 2
        fitting = max(0.5, round(about * 2) / 2)
        message = (
            f"promises {quiz.minutes:g} minutes; by their words the questions take about {about:.1f}; "
            f"write {fitting:g}, or what you measured"
        )
        yield loaded.finding(("minutes",), message, error=False)


def _minutes(quiz: Quiz, answers: Answers) -> float:
    asked: list[Question] = [quiz.by_id[id] for id in answers]
    return sum(wording.expected_seconds(question) for question in asked) / 60


def _wording(loaded: LoadedQuiz) -> Iterator[Finding]:
    quiz = loaded.quiz
    strange = wording.neutral(quiz.offer.skip_label, wording.known_words(quiz))
    if strange:
        message = (
            f"the way out must be neutral, and {', '.join(repr(word) for word in strange[:3])} is on no list of neutral "
            "words; write it like 'See all products'"
        )
        yield loaded.finding(("offer", "skip_label"), message)
    for path, words in wording.pressure(quiz):
        yield loaded.finding(path, f"{words!r} puts pressure on the shopper; say what is true without it")
    for path in wording.asks_for_email(quiz):
        yield loaded.finding(path, "a result must not need an e-mail address; remove the question")
    for number, question in enumerate(quiz.questions):
        if question.sensitive and not question.why:
            message = "a sensitive question says why it is asked; add `why`"
            yield loaded.finding(("questions", number), message, error=False)


def _of(quiz: Quiz, id: str) -> tuple[str | int, ...]:
    return ("questions", [question.id for question in quiz.questions].index(id), "id")
