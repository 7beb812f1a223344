"""Why a product is in an offer, in sentences that are true; pure.

A soft reason needs an answer whose points for this product lie above their mean over every product
that was allowed: what holds equally for all of them is no reason. A hard rule is named where it
really forbade something that could have been bought.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quizfunnel.kit.money import format_money, to_minor
from quizfunnel.quiz.rules import Products, Rule, attribute, matches, rules
from quizfunnel.quiz.spec import Answers, Choice, ManyQuestion, Question, Quiz, ScaleQuestion

MOST_SOFT = 2
_SMALLEST = 1e-9


class Ground(NamedTuple):
    """One answer that speaks for a product, and by how much above the mean of the allowed ones (log-odds)."""

    question: str
    choice: str | None
    lift: float


def grounds(
    index: int, *, quiz: Quiz, contributions: Mapping[str, Sequence[float]], eligible: Sequence[int]
) -> list[Ground]:
    """Return the answers that speak for product `index`, strongest first."""
    found = []
    for question, row in contributions.items():
        mean = sum(row[n] for n in eligible) / len(eligible)
        lift = row[index] - mean
        if lift > _SMALLEST:
            found.append(Ground(question, None, lift))
    order = {question.id: n for n, question in enumerate(quiz.questions)}
    return sorted(found, key=lambda ground: (-ground.lift, order[ground.question]))


def soft_reasons(quiz: Quiz, products: Products, index: int, answers: Answers, found: Sequence[Ground]) -> list[str]:
    """Return at most two sentences for the strongest grounds that can be put into words."""
    said: list[str] = []
    for ground in found:
        sentence = _sentence(quiz.by_id[ground.question], products, index, answers)
        if sentence and sentence not in said:
            said.append(sentence)
        if len(said) == MOST_SOFT:
            break
    return said


def hard_reasons(quiz: Quiz, products: Products, buyable: int, answers: Answers) -> list[str]:
    """Return what the hard rules promise that forbade a product which could have been bought.

    `buyable` has a bit for every product that is published and in stock. Rules with words of their
    own share one sentence; one without is told by its answer.
    """
    words: list[str] = []
    others: list[str] = []
    for rule in rules(quiz, answers):
        if any(buyable >> n & 1 and not rule.allows(product) for n, product in enumerate(products.all)):
            own, said = _promise(quiz, products, rule)
            if said not in (*words, *others):
                (words if own else others).append(said)
    if not words:
        return others
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return [f"{_capital(listed)}, as you asked", *others]


def broken_in_words(quiz: Quiz, products: Products, rule: Rule) -> str:
    """Return what a product that breaks a rule is not."""
    own, said = _promise(quiz, products, rule)
    return f"Not {said}" if own else said.replace("Fits", "Does not fit", 1)


def _promise(quiz: Quiz, products: Products, rule: Rule) -> tuple[bool, str]:
    """Return what a rule promises, and whether in words of its own: ``no fragrance``, ``within £30.00``."""
    question: Question = quiz.by_id[rule.question]
    if isinstance(question, ScaleQuestion):
        bound = _amount(products, rule.names, rule.bound, question, quiz.language)
        return True, f"within {bound}" if rule.kind == "limits" else f"at least {bound}"
    choice = next(choice for choice in question.choices if choice.id == rule.choice)
    if choice.because:
        return True, choice.because
    return False, f"Fits your answer “{choice.label}” to “{question.ask}”"


def _sentence(question: Question, products: Products, index: int, answers: Answers) -> str:
    value = answers[question.id]
    product = products.all[index]
    if isinstance(question, ScaleQuestion):
        name = next(iter(question.near), "")
        found = attribute(product, name)
        if not name or not isinstance(found, float | int) or not isinstance(value, float | int):
            return ""
        return f"{_capital(name.replace('_', ' '))} {found:g}, and you asked for {value:g}"
    chosen = value if isinstance(value, tuple) else (value,)
    choices = [choice for choice in question.choices if choice.id in chosen and _speaks_for(choice, products, index)]
    if not choices:
        return ""
    best = max(choices, key=lambda choice: _worth(choice, products, index))
    if best.because:
        return f"Because {best.because}"
    verb = "picked" if isinstance(question, ManyQuestion) else "chose"
    return f"Because you {verb} “{best.label}”"


def _speaks_for(choice: Choice, products: Products, index: int) -> bool:
    return _worth(choice, products, index) > 0 or not choice.favours


def _worth(choice: Choice, products: Products, index: int) -> int:
    product = products.all[index]
    good = sum(worth for selector, worth in choice.favours.items() if matches(product, selector))
    return good - sum(worth for selector, worth in choice.against.items() if matches(product, selector))


def _amount(products: Products, name: str, bound: float, question: ScaleQuestion, language: str) -> str:
    if name == "price" and products.all:
        currency = products.all[0].currency
        return format_money(to_minor(f"{bound:g}", currency), currency, language)
    return f"{bound:g} {question.scale.unit}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
