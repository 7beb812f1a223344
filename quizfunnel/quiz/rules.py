"""Hard rules: which products an answer forbids. The check and the serving path share them.

A rule about an attribute that a product does not have cannot be proven to hold, so the product is
not allowed: a shopper who asked for at most 20 is not shown what has no price on record.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.kit.money import to_major
from quizfunnel.quiz.spec import Answers, AnswerValue, Choice, Question, Quiz, ScaleQuestion, split_selector

_FIELDS = {"product": "id", "type": "type", "vendor": "vendor"}

Kind = Literal["requires", "excludes", "limits", "at_least"]


class Rule(NamedTuple):
    """One hard rule of one answer: a selector, or an attribute and its bound."""

    question: str
    choice: str | None
    kind: Kind
    names: str
    bound: float = 0.0

    def allows(self, product: Product) -> bool:
        """Tell whether `product` keeps the rule."""
        if self.kind == "requires":
            return matches(product, self.names)
        if self.kind == "excludes":
            return not matches(product, self.names)
        value = attribute(product, self.names)
        if not isinstance(value, float | int):
            return False
        return value <= self.bound if self.kind == "limits" else value >= self.bound


def attribute(product: Product, name: str) -> float | str | None:
    """Return an attribute of a product; `price` is its cheapest price in major units."""
    if name == "price":
        return float(to_major(product.price, product.currency))
    return product.attributes.get(name)


def matches(product: Product, selector: str) -> bool:
    """Tell whether a product has what ``tag:``, ``product:``, ``type:``, ``vendor:`` or ``attribute:value`` names."""
    kind, value = split_selector(selector)
    if kind == "tag":
        return value in product.tags
    if kind in _FIELDS:
        return bool(getattr(product, _FIELDS[kind]) == value)
    found = product.attributes.get(kind)
    if isinstance(found, float):
        try:
            return found == float(value)
        except ValueError:
            return False
    return found == value


def rules_of(question: Question, value: AnswerValue) -> tuple[Rule, ...]:
    """Return the hard rules that one answer brings; a skipped question brings none."""
    if value is None:
        return ()
    if isinstance(question, ScaleQuestion):
        return tuple(_scale_rules(question, float(value)))  # type: ignore[arg-type]
    chosen = value if isinstance(value, tuple) else (value,)
    return tuple(rule for choice in question.choices if choice.id in chosen for rule in _choice_rules(question, choice))


def rules(quiz: Quiz, answers: Answers) -> tuple[Rule, ...]:
    """Return the hard rules of all answers, in the quiz's order; `answers` holds live ones only."""
    return tuple(
        rule
        for question in quiz.questions
        if question.id in answers
        for rule in rules_of(question, answers[question.id])
    )


def allowed(product: Product, quiz: Quiz, answers: Answers) -> bool:
    """Tell whether no answer forbids `product`; stock is another matter."""
    return all(rule.allows(product) for rule in rules(quiz, answers))


def broken(product: Product, quiz: Quiz, answers: Answers) -> tuple[Rule, ...]:
    """Return the rules that `product` breaks under these answers."""
    return tuple(rule for rule in rules(quiz, answers) if not rule.allows(product))


def left(products: Iterable[Product], quiz: Quiz, answers: Answers) -> list[Product]:
    """Return the products that no answer forbids, in their order; `answers` holds live ones only."""
    held = rules(quiz, answers)
    return [product for product in products if all(rule.allows(product) for rule in held)]


class Products:
    """Products as the check counts them: a set of them is a number with a bit a product, the first lowest."""

    def __init__(self, products: Iterable[Product]) -> None:
        """Take the products in catalogue order."""
        self.all = tuple(products)
        self.everything = (1 << len(self.all)) - 1
        self._masks: dict[Rule, int] = {}

    def left(self, question: Question, value: AnswerValue) -> int:
        """Return the products that one answer leaves."""
        bits = self.everything
        for rule in rules_of(question, value):
            if rule not in self._masks:
                self._masks[rule] = sum(1 << n for n, product in enumerate(self.all) if rule.allows(product))
            bits &= self._masks[rule]
        return bits


def _choice_rules(question: Question, choice: Choice) -> list[Rule]:
    required = [Rule(question.id, choice.id, "requires", names) for names in choice.requires]
    return required + [Rule(question.id, choice.id, "excludes", names) for names in choice.excludes]


def _scale_rules(question: ScaleQuestion, value: float) -> list[Rule]:
    found = []
    if question.limits:
        found.append(Rule(question.id, None, "limits", question.limits, value))
    if question.at_least:
        found.append(Rule(question.id, None, "at_least", question.at_least, value))
    return found
