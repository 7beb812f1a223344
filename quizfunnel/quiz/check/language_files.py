"""Languages of a quiz: each has words of ours or of the store's, and its file has the quiz's texts and good wording."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from quizfunnel.catalog.product import Catalog
from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import folder_of
from quizfunnel.kit.finding import Finding, told_once
from quizfunnel.quiz.catalog_names import named_columns
from quizfunnel.quiz.check import wording
from quizfunnel.quiz.check.texts import marks, mentions
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.words import listed, near
from quizfunnel.quiz.spec import Quiz

MOST_ALIKE = 2
_SPEAKS_FOR = frozenset(("favours", "requires"))
_KINDS = ("tag", "type", "vendor")
_PROPER = ("vendor", "product")  # they have the names that they have everywhere


def check(loaded: LoadedQuiz, path: Path | None, catalog: Catalog | None) -> Iterator[Finding]:
    """Find what keeps a quiz from being in a language, and what its shoppers would read in another one.

    `path` is the quiz file's, beside whose folder the store's own catalogues lie.
    """
    folders = (path.absolute().parent.parent / "locale",) if path else ()
    yield from _unknown(loaded, ("language",), folders)
    yield from told_once(list(loaded.findings), most=MOST_ALIKE)
    yield from _misnamed(loaded, catalog)
    for each in loaded.translations.values():
        yield from _unknown(each, ("title",), folders)
        yield from _unnamed(each)
        yield from _misnamed(each, catalog, beside=loaded)
        found = [*_of_texts(each), *wording.check(each, catalog)]
        yield from sorted(found, key=lambda finding: (finding.line, finding.column))
    for language in (loaded.quiz.language, *loaded.translations):
        yield from _faults(folders, language)


def _of_texts(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find what is wrong with marks and with answers in braces in another language than the quiz file's."""
    yield from marks.check(loaded)
    misnamed = list(mentions.check(loaded))
    yield from misnamed
    if not misnamed:
        with suppress(TooTangled):  # of the quiz, which its own check tells
            yield from mentions.prove(loaded)


def _unknown(loaded: LoadedQuiz, place: tuple[str, ...], folders: Sequence[Path]) -> Iterator[Finding]:
    language = loaded.quiz.language
    if not catalogs.is_known(language, folders):
        known = ", ".join(catalogs.languages_in(folders))
        message = (
            f"the pages around a quiz have no words in `{language}`; they have {known}. Bring your own: "
            f"locale/{folder_of(language)}/{catalogs.FILE} beside quizzes/, as docs/languages.md says"
        )
        yield loaded.finding(place, message)


def _unnamed(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find tags and attributes that pages show by their names in the catalogue, which are in its language."""
    lacking = [name for name in shown_names(loaded.quiz) if name not in loaded.quiz.names]
    if lacking:
        message = (
            f"pages show {listed(lacking)} as the catalogue calls them; say under `names` how they are called here"
        )
        yield loaded.finding(("names",), message, error=False)


def _misnamed(loaded: LoadedQuiz, catalog: Catalog | None, beside: LoadedQuiz | None = None) -> Iterator[Finding]:
    """Find names of nothing that the catalogue has; what stands in the quiz file `beside` is told there."""
    known = set(_nameable(catalog)) if catalog else set()
    for name in loaded.quiz.names if catalog else ():
        if name not in known and not (beside and name in beside.quiz.names):
            message = f"the catalogue has no `{name}` to call so{near(name, known)}"
            yield loaded.finding(("names", name), message, error=False, key=True)


def _nameable(catalog: Catalog) -> Iterator[str]:
    for column in named_columns(catalog):
        yield from (f"{column.kind}:{value}" for value in column.counts)
        if column.kind not in _KINDS:
            yield column.kind


def shown_names(quiz: Quiz) -> list[str]:
    """Return the tags, types and attributes of the catalogue that a quiz's pages may name, as `names` has them."""
    named: dict[str, None] = {}
    for question in quiz.questions:
        selectors = [each for each in question.selectors() if _SPEAKS_FOR.intersection(each.path)]
        named |= dict.fromkeys(each.selector for each in selectors if each.selector.partition(":")[0] not in _PROPER)
        named |= dict.fromkeys(each.name for each in question.attributes() if each.name != "price")
    return list(named)


def _faults(folders: Sequence[Path], language: str) -> Iterator[Finding]:
    """Find what is mistyped in the store's own catalogue, and so not used."""
    for folder in folders:
        path = catalogs.file_of(folder, language)
        if path.is_file():
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            for fault in catalogs.read(path, language).faults:
                yield Finding(name, fault.line, 1, "warning", f"{fault.say}; until then ours is said")
