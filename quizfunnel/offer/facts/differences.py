"""Differences between products that are shown together, as rows of a table; what is the same for all is none; pure.

Rows are prices, ratings, properties that the quiz asks about, and what every catalogue may know: kind, brand, size,
contents. Nothing that a sensitive question asks about is among them, nor a column that may be the shop's own affair.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from quizfunnel.catalog import rating
from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words, marked
from quizfunnel.offer.facts.price import holds, tag_of
from quizfunnel.offer.facts.stars import stars_of
from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.rule import split_selector
from quizfunnel.quiz.kinds.words import amount, attribute_title, subject
from quizfunnel.quiz.spec import Answers, Question, Quiz
from quizfunnel.quiz.texts.mentions import filled

_ON_CARDS = frozenset(("price", *rating.ATTRIBUTES))  # which have rows of their own
_LONGEST_OUT_OF = 10  # the most that "4 of 5" is said for
# Columns whose meaning is the same in every catalogue: what else a file holds may be for the shop alone.
_KNOWN = {
    "size": marked("Size"),
    "color": marked("Colour"),
    "colour": marked("Colour"),
    "material": marked("Material"),
    "pattern": marked("Pattern"),
    "gender": marked("Made for"),
    "age_group": marked("Age"),
    "energy_efficiency_class": marked("Energy class"),
}


class ComparedRow(NamedTuple):
    """One property with its value for each product, empty where nothing is known."""

    label: str
    values: tuple[str, ...]


class DifferenceTable(NamedTuple):
    """The table of what differs between products: their names, and at least one row; of a `part` of the page."""

    names: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    part: str = ""


class _Property(NamedTuple):
    """Words of one product under a label; where they `list` several things those that all have are left out."""

    label: str
    words: tuple[str, ...]
    lists: bool = False


class _ProductKey:
    """Stands for a product by identity: it holds a mapping, and comparing two would take longer than saying one."""

    __slots__ = ("product",)

    def __init__(self, product: Product) -> None:
        self.product = product

    def __hash__(self) -> int:
        return id(self.product)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ProductKey) and other.product is self.product


def differences(quiz: Quiz, products: Sequence[Product], now: datetime, *, answers: Answers) -> DifferenceTable | None:
    """Return what differs between products that are shown together, None where nothing does but what cards say.

    A question that heads a row may repeat one of the `answers`; a shared result has none.
    """
    key = QuizKey(quiz)
    rows = _rows([_properties(key, _ProductKey(product)) for product in products], quiz.say)
    if not rows:
        return None
    asked = [row._replace(label=filled(row.label, quiz, answers)) for row in rows]
    on_cards = _rows([tuple(_on_card(product, now, quiz.say)) for product in products], quiz.say)
    return DifferenceTable(tuple(product.title for product in products), (*on_cards, *asked))


def _rows(properties: Sequence[Sequence[_Property]], say: Words) -> list[ComparedRow]:
    """Return a row for each property of several products that is not the same for all; the first of a name counts."""
    named = [{each.label: each for each in reversed(of_one)} for of_one in properties]
    labels = dict.fromkeys(each.label for of_one in properties for each in of_one)
    rows: dict[str, ComparedRow] = {}
    for label in labels:
        found = [of_one.get(label, _Property(label, ())) for of_one in named]
        if all(each.words == found[0].words for each in found):
            continue
        common = set.intersection(*(set(each.words) for each in found)) if found[0].lists else set()
        values = tuple(say.listed([word for word in each.words if word not in common]) for each in found)
        if len(set(values)) > 1:
            rows.setdefault(label.casefold(), ComparedRow(label, values))
    return list(rows.values())


def _on_card(product: Product, now: datetime, say: Words) -> Iterator[_Property]:
    """Yield what a card says too: beside the rest it stands in the table, for it alone there is none."""
    tag, stars = tag_of(product, now, say), stars_of(product, say)
    yield _Property(say("Price"), (tag.text(say),))
    yield _Property(say("Unit price"), (tag.unit_price,))
    yield _Property(say("Rating"), (stars.short,) if stars else ())


@lru_cache(maxsize=4096)
def _properties(key: QuizKey, of: _ProductKey) -> tuple[_Property, ...]:
    """Return every other property of a product, in the order of their rows."""
    quiz, product, say = key.quiz, of.product, key.quiz.say
    asked = [question for question in quiz.questions if not question.sensitive]
    looked_for = [each for question in asked for each in _of_question(question, product, say)]
    # by no question's name: what somebody asked to be without is not "Anything to leave out?"
    strict = _Property(say("Properties"), _looked_for(asked, product, say, hard=True), lists=True)
    return (*looked_for, strict, *_of_catalog(product, _sensitive(quiz.questions), say))


def _of_question(question: Question, product: Product, say: Words) -> Iterator[_Property]:
    """Yield the attributes that an answer is compared with, else what the choices look for."""
    names = dict.fromkeys(each.name for each in question.attributes())
    for name in names:
        if name not in _ON_CARDS:
            yield _Property(attribute_title(name, say), (_level(question, name, say, product),))
    if not names:
        label = subject(question.id, question.ask) or question.ask
        yield _Property(label, _looked_for([question], product, say, hard=False), lists=True)


def _looked_for(questions: Sequence[Question], product: Product, say: Words, *, hard: bool) -> tuple[str, ...]:
    """Return the properties that a product has of those that choices look for."""
    named = (each for question in questions for each in question.properties(product, say=say))
    return tuple(dict.fromkeys(each.words for each in named if each.hard == hard))


def _level(question: Question, name: str, say: Words, product: Product) -> str:
    """Return how much a product has of an attribute, with its unit: `250 g`, `4 of 5`."""
    has = product.attributes.get(name)
    if not isinstance(has, float | int):
        return str(has or "")
    unit = next((each.unit for each in question.attributes() if each.name == name), "")
    if unit:
        return amount(has, unit, say.language)
    numbers = question.numbers()
    if numbers and numbers[0] in {0, 1} and has <= numbers[-1] <= _LONGEST_OUT_OF:
        return say("%(number)s of %(most)s", number=say.number(has), most=say.number(numbers[-1]))
    return say.number(has)


def _of_catalog(product: Product, private: frozenset[str], say: Words) -> Iterator[_Property]:
    """Yield what every catalogue may know, but for what a sensitive question names."""
    if "type" not in private:
        yield _Property(say("Kind"), (say.names.get(f"type:{product.type}", product.type),))
    if "vendor" not in private:
        yield _Property(say("Brand"), (product.vendor,))
    names = dict.fromkeys(name for variant in product.variants for name, _ in variant.options if name)
    for name in (*names, *_KNOWN):
        label = _KNOWN.get(name.casefold())
        if name.casefold() not in private:
            yield _Property(say(label) if label else attribute_title(name, say), _values(name, product))
    yield _Property(say("Contents"), (holds(shown, say),) if (shown := product.shown) else ())


def _values(name: str, product: Product) -> tuple[str, ...]:
    """Return the values of an option that can be bought, else what the whole product has."""
    values = dict.fromkeys(dict(each.options).get(name, "") for each in product.variants if each.available)
    return tuple(filter(None, values)) or (str(product.attributes.get(name.lower()) or ""),)


def _sensitive(questions: Iterable[Question]) -> frozenset[str]:
    """Return everything that a sensitive question names products by."""
    asked = [question for question in questions if question.sensitive]
    attributes = (each.name for question in asked for each in question.attributes())
    selectors = (split_selector(each.selector).kind for question in asked for each in question.selectors())
    return frozenset(name.casefold() for names in (attributes, selectors) for name in names)
