"""Whether every name in a quiz names something: ids once, `when`s backwards, selectors in the catalogue."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from quizfunnel.catalog.finding import Finding
from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.guard import Path
from quizfunnel.quiz.load import LoadedQuiz
from quizfunnel.quiz.spec import Choice, Condition, Question, ScaleQuestion, Threshold, split_selector

RESERVED = frozenset({"offer"})  # the last step of an attempt's address

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


def is_slug(text: str) -> bool:
    """Tell whether `text` is a lower-case slug of at most 64 characters."""
    return len(text) <= 64 and _SLUG.match(text) is not None


def unique_ids(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find ids that stand twice, or that an address needs for something else."""
    seen: dict[str, int] = {}
    for number, question in enumerate(loaded.quiz.questions):
        path: Path = ("questions", number, "id")
        if question.id in RESERVED:
            yield loaded.finding(path, f"`{question.id}` is the address of the result; choose another id")
        if question.id in seen:
            first = loaded.positions["questions", seen[question.id], "id"][0]
            message = f"the question id `{question.id}` stands already in line {first}; choose another"
            yield loaded.finding(path, message)
        seen.setdefault(question.id, number)
        if not isinstance(question, ScaleQuestion):
            yield from _unique_choices(loaded, number, question.choices)


def whens(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find `when`s that name no earlier question, or an answer that it does not have."""
    earlier: dict[str, Question] = {}
    everything: Mapping[str, Question] = loaded.quiz.by_id
    for number, question in enumerate(loaded.quiz.questions):
        for place, alternative in enumerate(question.when_any):
            start: Path = ("questions", number, "when")
            if isinstance(question.when, tuple):
                start = (*start, place)
            for id, condition in alternative.items():
                path = (*start, id)
                if id in earlier:
                    yield from _condition(loaded, path, earlier[id], condition)
                elif id in everything:
                    message = f"`when` names `{id}`, which is not asked before this question; name an earlier one"
                    yield loaded.finding(path, message, key=True)
                else:
                    message = f"`when` names `{id}`, and there is no such question{near(id, earlier)}"
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
            yield from _picture(loaded, (*inside, "image"), choice.image)
        yield from _picture(loaded, (*start, "image"), question.image)


def near(name: str, names: Iterable[str]) -> str:
    """Return ``; did you mean `x`?`` for the nearest of `names`, or some of them where none is near."""
    known = sorted(names)
    found = difflib.get_close_matches(name, known, n=1)
    if found:
        return f"; did you mean `{found[0]}`?"
    return f"; there are {', '.join(known[:8])}{' and more' if len(known) > 8 else ''}" if known else ""


class _Known:
    """What a catalogue's products have: tags, ids, types, vendors and attributes with their values."""

    def __init__(self, catalog: Catalog) -> None:
        products = catalog.products
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
        self.lacking = {name: sum(name not in product.attributes for product in products) for name in self.attributes}


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
    for name in (condition,) if isinstance(condition, str) else condition:
        if name not in ids:
            yield loaded.finding(path, f"`{question.id}` has no choice `{name}`{near(name, ids)}")


def _selector(loaded: LoadedQuiz, path: Path, selector: str, known: _Known, *, key: bool = False) -> Iterator[Finding]:
    kind, value = split_selector(selector)
    if kind in known.kinds:
        if value not in known.kinds[kind]:
            message = f"no product of the catalogue has {kind} `{value}`{near(value, known.kinds[kind])}"
            yield loaded.finding(path, message, key=key)
    elif kind not in known.attributes:
        message = f"the catalogue has no column `{kind}`{near(kind, [*known.kinds, *known.attributes])}"
        yield loaded.finding(path, message, key=key)
    elif value not in {f"{found:g}" if isinstance(found, float) else found for found in known.attributes[kind]}:
        values = [f"{found:g}" if isinstance(found, float) else found for found in known.attributes[kind]]
        yield loaded.finding(path, f"no product has {kind} `{value}`{near(value, values)}", key=key)


def _scale(loaded: LoadedQuiz, start: Path, question: ScaleQuestion, known: _Known) -> Iterator[Finding]:
    named: list[tuple[Path, str]] = [((*start, "near", name), name) for name in question.near]
    named += [((*start, rule), getattr(question, rule)) for rule in ("limits", "at_least") if getattr(question, rule)]
    for path, name in named:
        key = path[-2] == "near"
        if name not in known.numeric:
            what = "is no number in every row" if name in known.attributes else "is no column of the catalogue"
            yield loaded.finding(path, f"`{name}` {what}{near(name, known.numeric)}", key=key)
        elif not key and known.lacking.get(name):
            count = known.lacking[name]
            message = f"{count} products have no `{name}` and will not be shown to who answers this; fill the column"
            yield loaded.finding(path, message, error=False)


def _picture(loaded: LoadedQuiz, path: Path, address: str) -> Iterator[Finding]:
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    if address and not local and not address.startswith("https://"):
        yield loaded.finding(path, "a picture is a path like /static/img/x.svg or an https address")
