"""Whether every name in a quiz names something: ids once, `when`s backwards, selectors in the catalogue."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath

from babel.numbers import is_currency

from quizfunnel.catalog.product import COST, Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.file.yaml_events import Path
from quizfunnel.quiz.rules import matches
from quizfunnel.quiz.spec import (
    LONGEST_SLUG,
    Choice,
    Condition,
    ManyQuestion,
    Question,
    ScaleQuestion,
    Threshold,
    is_slug,
    split_selector,
)

MOST_NAMED = 8
RESERVED = frozenset({"offer", "time"})  # addresses below an attempt's that are no questions
_HIDDEN = "`cost` is what a product costs the store: no rule may name it, since offers would tell it to shoppers"


def file_name(path: FilePath, file: str) -> Finding | None:
    """Find a file name that cannot be a quiz's address."""
    if is_slug(path.stem) and path.suffix == ".yaml":
        return None
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
        if not isinstance(question, ScaleQuestion):
            yield from _unique_choices(loaded, number, question.choices)
        if isinstance(question, ManyQuestion) and (question.at_most or 0) > len(question.choices):
            message = f"`at_most` is {question.at_most}, and there are {len(question.choices)} choices; lower it"
            yield loaded.finding(("questions", number, "at_most"), message, error=False)


def whens(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find `when`s that name no earlier question, or an answer that it does not have."""
    earlier: dict[str, Question] = {}
    everything: Mapping[str, Question] = loaded.quiz.by_id
    for number, question in enumerate(loaded.quiz.questions):
        for place, alternative in enumerate(question.when_any):
            start: Path = ("questions", number, "when")
            if isinstance(question.when, tuple):
                start = (*start, place)
            for name, condition in alternative.items():
                path = (*start, name)
                if name in earlier:
                    yield from _condition(loaded, path, earlier[name], condition)
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
        if isinstance(question, ScaleQuestion):
            yield from _scale(loaded, start, question, known)
            continue
        for index, choice in enumerate(question.choices):
            inside = (*start, "choices", index)
            for name in ("favours", "against"):
                for selector in getattr(choice, name):
                    yield from _selector(loaded, (*inside, name, selector), selector, known, key=True)
            for name in ("requires", "excludes"):
                for place, selector in enumerate(getattr(choice, name)):
                    yield from _selector(loaded, (*inside, name, place), selector, known)


def pictures(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find picture addresses that a browser would be refused."""
    for number, question in enumerate(loaded.quiz.questions):
        yield from _picture(loaded, ("questions", number, "image"), question.image)
        if not isinstance(question, ScaleQuestion):
            for index, choice in enumerate(question.choices):
                yield from _picture(loaded, ("questions", number, "choices", index, "image"), choice.image)


def near(name: str, names: Iterable[str]) -> str:
    """Return ``; did you mean `x`?`` for the nearest of `names`, or some of them where none is near."""
    known = sorted(names)
    found = difflib.get_close_matches(name, known, n=1)
    if found:
        return f"; did you mean `{found[0]}`?"
    return (
        f"; there are {', '.join(known[:MOST_NAMED])}{' and more' if len(known) > MOST_NAMED else ''}" if known else ""
    )


class _Known:
    """What a catalogue's products have: tags, ids, types, vendors and attributes with their values."""

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


def _unique_choices(loaded: LoadedQuiz, number: int, choices: tuple[Choice, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, choice in enumerate(choices):
        if choice.id in seen:
            message = f"the choice id `{choice.id}` stands twice in this question; choose another"
            yield loaded.finding(("questions", number, "choices", index, "id"), message)
        seen.add(choice.id)


def _condition(loaded: LoadedQuiz, path: Path, question: Question, condition: Condition) -> Iterator[Finding]:
    if isinstance(question, ScaleQuestion):
        if not isinstance(condition, Threshold):
            message = f"`{question.id}` is a scale; write {{at_least: NUMBER}} or {{at_most: NUMBER}}"
            yield loaded.finding(path, message)
        return
    if isinstance(condition, Threshold):
        message = f"`{question.id}` has choices, not numbers; name some of them, like [{question.choices[0].id}]"
        yield loaded.finding(path, message)
        return
    ids = {choice.id for choice in question.choices}
    listed = (
        ((path, condition),) if isinstance(condition, str) else [((*path, n), name) for n, name in enumerate(condition)]
    )
    for place, name in listed:
        if name not in ids:
            yield loaded.finding(place, f"`{question.id}` has no choice `{name}`{near(name, ids)}")


def _selector(loaded: LoadedQuiz, path: Path, selector: str, known: _Known, *, key: bool = False) -> Iterator[Finding]:
    kind, value = split_selector(selector)
    if kind in known.kinds:
        if value not in known.kinds[kind]:
            message = f"no product of the catalogue has {kind} `{value}`{near(value, known.kinds[kind])}"
            yield loaded.finding(path, message, key=key)
    elif kind == COST:
        yield loaded.finding(path, _HIDDEN, key=key)
    elif kind not in known.attributes:
        message = f"the catalogue has no column `{kind}`{near(kind, [*known.kinds, *known.attributes])}"
        yield loaded.finding(path, message, key=key)
    elif not any(matches(product, selector) for product in known.products):
        values = [f"{found:g}" if isinstance(found, float) else found for found in known.attributes[kind]]
        yield loaded.finding(path, f"no product of the catalogue has {kind} `{value}`{near(value, values)}", key=key)


def _scale(loaded: LoadedQuiz, start: Path, question: ScaleQuestion, known: _Known) -> Iterator[Finding]:
    named: list[tuple[Path, str]] = [((*start, "near", name), name) for name in question.near]
    named += [((*start, rule), getattr(question, rule)) for rule in ("limits", "at_least") if getattr(question, rule)]
    for path, name in named:
        key = path[-2] == "near"
        if name == COST:
            yield loaded.finding(path, _HIDDEN, key=key)
        elif name not in known.numeric:
            what = "does not hold numbers only" if name in known.attributes else "is no column of the catalogue"
            yield loaded.finding(path, f"`{name}` {what}{near(name, known.numeric)}", key=key)
        elif (
            not key
            and (lacking := sum(name not in product.attributes for product in known.products))
            and name != "price"
        ):
            message = (
                f"{lacking} of {len(known.products)} products have no `{name}`, so that nothing proves that they fit; "
                "who answers this is not shown them. Fill the column"
            )
            yield loaded.finding(path, message, error=False)
        elif name == "price" and not key:
            yield from _currency(loaded, start, question, known)


def _currency(loaded: LoadedQuiz, start: Path, question: ScaleQuestion, known: _Known) -> Iterator[Finding]:
    """Find a scale in one currency over prices in another: its numbers would be compared as they stand."""
    currencies = sorted({product.currency for product in known.products})
    unit = question.scale.unit.strip()
    if is_currency(unit) and currencies != [unit]:
        message = f"the scale is in {unit}, the catalogue's prices are in {', '.join(currencies)}; use one currency"
        yield loaded.finding((*start, "scale", "unit"), message)


def _picture(loaded: LoadedQuiz, path: Path, address: str) -> Iterator[Finding]:
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    if address and not local and not address.startswith("https://"):
        yield loaded.finding(path, "a picture is a path like /static/img/x.svg or an https address")
