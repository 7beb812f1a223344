"""Differences between products that are shown together, as rows of a table; what is the same for all is none; pure.

Rows are prices, ratings, properties that the quiz asks about, and what every catalogue may know: kind, brand, size,
contents. Nothing that a sensitive question asks about is among them, nor a column that may be the shop's own affair.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words, marked
from quizfunnel.offer.facts.price import holds, tag_of
from quizfunnel.offer.facts.stars import stars_of
from quizfunnel.quiz.kinds.rule import split_selector
from quizfunnel.quiz.kinds.words import amount, attribute_title, subject
from quizfunnel.quiz.spec import Answers, Question, Quiz
from quizfunnel.quiz.texts.mentions import filled

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


_ValueOf = Callable[[Product], str]


def differences(
    quiz: Quiz, products: Sequence[Product], now: datetime, *, answers: Answers, say: Words
) -> DifferenceTable | None:
    """Return what differs between products that are shown together, None where nothing does but what cards say.

    A question that heads a row may repeat one of the `answers`; a shared result has none.
    """
    rows: dict[str, ComparedRow] = {}
    for label, value_of in _properties(quiz, products, say):
        values = tuple(value_of(product) for product in products)
        if len(set(values)) > 1:
            rows.setdefault(label.casefold(), ComparedRow(filled(label, quiz, answers), values))
    if not rows:
        return None
    said = [ComparedRow(label, tuple(map(value_of, products))) for label, value_of in _on_cards(now, say)]
    differing = (row for row in said if len(set(row.values)) > 1)
    return DifferenceTable(tuple(product.title for product in products), (*differing, *rows.values()))


def _on_cards(now: datetime, say: Words) -> Iterator[tuple[str, _ValueOf]]:
    """Yield what the cards say too: beside the rest it stands in the table, for it alone there is none."""
    yield say("Price"), lambda product: tag_of(product, now, say).text(say)
    yield say("Unit price"), lambda product: tag_of(product, now, say).unit_price
    yield say("Rating"), lambda product: stars.short if (stars := stars_of(product, say)) else ""


def _properties(quiz: Quiz, products: Sequence[Product], say: Words) -> Iterator[tuple[str, _ValueOf]]:
    """Yield every other property with how a product says it, in the order of their rows."""
    asked = [question for question in quiz.questions if not question.sensitive]
    for question in asked:
        yield from _of_question(question, products, say)
    # by no question's name: what somebody asked to be without is not "Anything to leave out?"
    yield say("Properties"), _apart(asked, products, say, hard=True)
    yield from _of_catalog(products, _sensitive(quiz.questions), say)


def _of_question(question: Question, products: Sequence[Product], say: Words) -> Iterator[tuple[str, _ValueOf]]:
    """Yield the attributes that an answer is compared with, else what the choices look for."""
    names = dict.fromkeys(each.name for each in question.attributes())
    for name in names:
        if name != "price":
            yield attribute_title(name, say), partial(_level, question, name, say)
    if not names:
        label = subject(question.id, question.ask) or question.ask
        yield label, _apart([question], products, say, hard=False)


def _apart(questions: Sequence[Question], products: Sequence[Product], say: Words, *, hard: bool) -> _ValueOf:
    """Return the way to the properties that a product has of those that choices look for, but for what all have."""
    named = {
        product.id: dict.fromkeys(
            each.words for question in questions for each in question.properties(product, say=say) if each.hard == hard
        )
        for product in products
    }
    common = set.intersection(*map(set, named.values())) if named else set()
    return lambda product: ", ".join(words for words in named[product.id] if words not in common)


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


def _of_catalog(products: Sequence[Product], private: frozenset[str], say: Words) -> Iterator[tuple[str, _ValueOf]]:
    """Yield what every catalogue may know, but for what a sensitive question names."""
    if "type" not in private:
        yield say("Kind"), lambda product: say.names.get(f"type:{product.type}", product.type)
    if "vendor" not in private:
        yield say("Brand"), lambda product: product.vendor
    for name in _options(products):
        if name.casefold() not in private:
            label = _KNOWN.get(name.casefold())
            yield say(label) if label else attribute_title(name, say), partial(_option, name)
    for name, label in _KNOWN.items():
        if name not in private:
            yield say(label), partial(_attribute, name)
    yield say("Contents"), lambda product: holds(shown, say) if (shown := product.shown) else ""


def _options(products: Iterable[Product]) -> list[str]:
    """Return the names of what sets variants apart."""
    named = (name for product in products for variant in product.variants for name, _ in variant.options if name)
    return list(dict.fromkeys(named))


def _option(name: str, product: Product) -> str:
    """Return the values of an option that can be bought, else what the whole product has."""
    values = dict.fromkeys(dict(each.options).get(name, "") for each in product.variants if each.available)
    return ", ".join(filter(None, values)) or str(product.attributes.get(name.lower()) or "")


def _attribute(name: str, product: Product) -> str:
    return str(product.attributes.get(name) or "")


def _sensitive(questions: Iterable[Question]) -> frozenset[str]:
    """Return everything that a sensitive question names products by."""
    asked = [question for question in questions if question.sensitive]
    attributes = (each.name for question in asked for each in question.attributes())
    selectors = (split_selector(each.selector).kind for question in asked for each in question.selectors())
    return frozenset(name.casefold() for names in (attributes, selectors) for name in names)
