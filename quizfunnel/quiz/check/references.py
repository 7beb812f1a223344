"""References of a quiz: ids stand once, `when`s name earlier questions, selectors name something in the catalogue."""

import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path as FilePath

from babel.numbers import is_currency

from quizfunnel.catalog.product import COST, Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.sections import written
from quizfunnel.quiz.file.language import language_of, quiz_of
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import LONGEST_SLUG, Path, is_slug
from quizfunnel.quiz.kinds.question_values import Complaint, NamedAttribute, NamedSelector
from quizfunnel.quiz.kinds.rule import matches, split_selector
from quizfunnel.quiz.kinds.words import near
from quizfunnel.quiz.spec import Question

SETUP = "setup"  # the page of insight of this name is no quiz's
RESERVED = frozenset({"offer", "time"})  # addresses below an attempt's that are no questions
_HIDDEN = "`cost` is what a product costs the store: no rule may name it, since offers would tell it to shoppers"


def file_name(path: FilePath, file: str) -> Finding | None:
    """Find a file name that cannot be a quiz's address."""
    if path.stem == SETUP:
        message = f"/insight/{SETUP} is a page of the program's own, where the quiz's results would be; rename the file"
        return Finding(file, 1, 1, "error", message)
    if is_slug(path.stem) and path.suffix == ".yaml":
        return None
    if language_of(path):
        of = f"{quiz_of(path)}.yaml"
        message = f"is a language file of the quiz {of}, which is not beside it; put it there, or rename this file"
        return Finding(file, 1, 1, "error", message)
    example = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())[:LONGEST_SLUG].strip("-") or "coffee"
    message = f"the file name {path.name!r} becomes the quiz's address; rename it, like {example}.yaml"
    return Finding(file, 1, 1, "error", message)


def unique_ids(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find ids that stand twice, or that an address needs for something else."""
    seen: dict[str, int] = {}
    for number, question in enumerate(loaded.quiz.questions):
        path: Path = ("questions", number, "id")
        if question.id in RESERVED:
            yield loaded.finding(path, f"`{question.id}` is an address of the program's own; choose another id")
        if question.id in seen:
            first = loaded.positions["questions", seen[question.id], "id"][0]
            message = f"the question id `{question.id}` stands already in line {first}; choose another"
            yield loaded.finding(path, message)
        seen.setdefault(question.id, number)
        for complaint in question.complaints():
            yield _finding(loaded, ("questions", number), complaint)


def whens(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find `when`s that name no earlier question, or an answer that it does not have."""
    earlier: dict[str, Question] = {}
    everything = loaded.quiz.by_id
    for number, question in enumerate(loaded.quiz.questions):
        for place, alternative in enumerate(question.when_any):
            start: Path = ("questions", number, "when")
            if isinstance(question.when, tuple):
                start = (*start, place)
            for name, condition in alternative.items():
                path = (*start, name)
                if name in earlier:
                    for complaint in earlier[name].check_condition(condition):
                        yield _finding(loaded, path, complaint)
                elif name in everything:
                    message = f"`when` names `{name}`, which is not asked before this question; name an earlier one"
                    yield loaded.finding(path, message, key=True)
                else:
                    message = f"`when` names `{name}`, and there is no such question{near(name, earlier)}"
                    yield loaded.finding(path, message, key=True)
        earlier[question.id] = question


def selectors(loaded: LoadedQuiz, catalog: Catalog) -> Iterator[Finding]:
    """Find selectors and attributes that no product of the catalogue has."""
    known = _Known(catalog)
    for number, question in enumerate(loaded.quiz.questions):
        start: Path = ("questions", number)
        for selector in question.selectors():
            yield from _selector(loaded, start, selector, known)
        for attribute in question.attributes():
            yield from _attribute(loaded, start, attribute, known)
    for place, named in written.selectors(loaded):
        yield from _selector(loaded, place, named, known)


def pictures(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find picture addresses that a browser would be refused."""
    for path, address in loaded.quiz.pictures():
        yield from _picture(loaded, path, address)


class _Known:
    """Names in a catalogue's products: tags, ids, types, vendors and attributes with their values."""

    def __init__(self, catalog: Catalog) -> None:
        self.products = products = catalog.products
        self.kinds: dict[str, set[str]] = {
            "tag": {tag for product in products for tag in product.tags},
            "product": {product.id for product in products},
            "type": {product.type for product in products if product.type},
            "vendor": {product.vendor for product in products if product.vendor},
        }
        self.attributes: dict[str, set[float | str]] = {}
        for product in products:
            for name, value in product.attributes.items():
                self.attributes.setdefault(name, set()).add(value)
        self.numeric = {"price"} | {
            name for name, values in self.attributes.items() if all(isinstance(value, float) for value in values)
        }


def _finding(loaded: LoadedQuiz, start: Path, complaint: Complaint) -> Finding:
    path = (*start, *complaint.path)
    return loaded.finding(path, complaint.message, error=complaint.error, key=complaint.key)


def _selector(loaded: LoadedQuiz, start: Path, named: NamedSelector, known: _Known) -> Iterator[Finding]:
    path, key = (*start, *named.path), named.key
    kind, value = split_selector(named.selector)
    if kind in known.kinds:
        if value not in known.kinds[kind]:
            message = f"no product of the catalogue has {kind} `{value}`{near(value, known.kinds[kind])}"
            yield loaded.finding(path, message, key=key)
    elif kind == COST:
        yield loaded.finding(path, _HIDDEN, key=key)
    elif kind not in known.attributes:
        message = f"the catalogue has no column `{kind}`{near(kind, [*known.kinds, *known.attributes])}"
        yield loaded.finding(path, message, key=key)
    elif not any(matches(product, named.selector) for product in known.products):
        values = [f"{one:g}" if isinstance(one, float) else one for one in known.attributes[kind]]
        yield loaded.finding(path, f"no product of the catalogue has {kind} `{value}`{near(value, values)}", key=key)


def _attribute(loaded: LoadedQuiz, start: Path, named: NamedAttribute, known: _Known) -> Iterator[Finding]:
    path, name, key = (*start, *named.path), named.name, not named.hard
    if name == COST:
        yield loaded.finding(path, _HIDDEN, key=key)
    elif name not in known.numeric:
        yield loaded.finding(path, f"`{name}` {_no_numbers(name, known)}", key=key)
    elif not named.hard:
        return
    elif name == "price":
        yield from _currency(loaded, start, named, known)
    elif lacking := sum(name not in product.attributes for product in known.products):
        message = (
            f"{lacking} of {len(known.products)} products have no `{name}`, so that nothing proves that they fit; "
            "who answers this is not shown them. Fill the column"
        )
        yield loaded.finding(path, message, error=False)


def _no_numbers(name: str, known: _Known) -> str:
    """Return what keeps a column from being compared with numbers: one odd row where most are numbers."""
    if name not in known.attributes:
        return f"is no column of the catalogue{near(name, known.numeric)}"
    filled = [product for product in known.products if name in product.attributes]
    odd = [product for product in filled if not _is_number(product.attributes[name])]
    if not odd:
        return "has a word in a row that is left out, so that it is no column of numbers; mend that row"
    if len(odd) > len(filled) / 2:
        return f"does not hold numbers only{near(name, known.numeric)}"
    first = odd[0]
    others = f"; so have {len(odd) - 1} more products" if len(odd) > 1 else ""
    return (
        f"is compared with numbers, and `{first.id}` has {first.attributes[name]!r} there, in line {first.line} of the "
        f"catalogue; write a number{others}"
    )


def _is_number(value: float | str) -> bool:
    try:
        return isfinite(float(value))
    except ValueError:
        return False


def _currency(loaded: LoadedQuiz, start: Path, named: NamedAttribute, known: _Known) -> Iterator[Finding]:
    """Find answers in one currency over prices in another: the numbers would be compared as they stand."""
    currencies = sorted({product.currency for product in known.products})
    unit = named.unit.strip()
    if is_currency(unit) and currencies != [unit]:
        message = f"the scale is in {unit}, the catalogue's prices are in {', '.join(currencies)}; use one currency"
        yield loaded.finding((*start, *named.unit_path), message)


def _picture(loaded: LoadedQuiz, path: Path, address: str) -> Iterator[Finding]:
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    if address and not local and not address.startswith("https://"):
        yield loaded.finding(path, "a picture is a path like /static/img/x.svg or an https address")
