"""Sections as they are written: ids and titles stand once, `show` is their sum, each takes products; pure."""

from collections.abc import Iterator

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.choices import named_selectors
from quizfunnel.quiz.kinds.fields import Path, names_of
from quizfunnel.quiz.kinds.question_values import NamedSelector
from quizfunnel.quiz.kinds.rule import matches
from quizfunnel.quiz.spec import MOST_IN_SECTIONS, OfferSection

START: Path = ("offer", "sections")


def check(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find ids and titles that stand twice, and a `show` that is not what the sections show together."""
    yield from _twice(loaded, "id", error=True)
    yield from _twice(loaded, "title", error=False)
    offer = loaded.quiz.offer
    if not offer.sections:
        return
    if "show" in offer.model_fields_set and offer.show != offer.promised:
        message = (
            f"`show` is {offer.show}, and the sections show {offer.promised} together; leave it out: with sections it "
            "is their sum"
        )
        yield loaded.finding(("offer", "show"), message)
    if offer.promised > MOST_IN_SECTIONS:
        message = f"the sections show {offer.promised} products together; {MOST_IN_SECTIONS} are the most on one page"
        yield loaded.finding(START, message, key=True)


def selectors(loaded: LoadedQuiz) -> Iterator[tuple[Path, NamedSelector]]:
    """Yield the names of products in every section, with the place of the section."""
    for number, section in enumerate(loaded.quiz.offer.sections):
        for place, entry in enumerate(section.only):
            for named in named_selectors(("only", place), entry):
                yield (*START, number), named


def barren(loaded: LoadedQuiz, catalog: Catalog) -> Iterator[Finding]:
    """Find sections that take no published product, though each of their names by itself names some."""
    published = [product for product in catalog.products if product.published]
    for number, section in enumerate(loaded.quiz.offer.sections):
        if not any(map(section.takes, published)) and _each_names_something(section, catalog):
            names = [" or ".join(names_of(entry)) for entry in section.only]
            either = f"; where one of them is enough, write [{{any: [{', '.join(names)}]}}]" if len(names) > 1 else ""
            message = (
                f"no published product is taken by the section `{section.id}`: none has {' and '.join(names)}{either}"
            )
            yield loaded.finding((*START, number, "only"), message)


def _each_names_something(section: OfferSection, catalog: Catalog) -> bool:
    """Tell whether all names name something: one that does not has a finding of its own."""
    names = (name for entry in section.only for name in names_of(entry))
    return all(any(matches(product, name) for product in catalog.products) for name in names)


def _twice(loaded: LoadedQuiz, key: str, *, error: bool) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, section in enumerate(loaded.quiz.offer.sections):
        value = str(getattr(section, key))
        if value in seen:
            first = loaded.positions[(*START, seen[value], key)][0]
            message = f"the section's {key} `{value}` stands already in line {first}; choose another"
            yield loaded.finding((*START, number, key), message, error=error)
        seen.setdefault(value, number)
