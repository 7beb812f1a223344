"""Why a product is in an offer, in sentences that are true; pure.

A soft reason needs an answer that adds points to this product, and more of them than to the mean of
all that were allowed: what holds equally for all of them is no reason. A scale's answer is a reason for
a product that is close to it and closer than they are on average. A hard rule is named where it
really forbade something that could have been bought.

`because` may be a clause ("you pull espresso", said as "Because you pull espresso") or, on a choice
with a hard rule, the words for what it asks ("no fragrance", said as "No fragrance, as you asked").
"""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from quizfunnel.kit.money import exponent, format_money, to_minor
from quizfunnel.quiz.rules import Products, Rule, attribute
from quizfunnel.quiz.spec import Answers, AnswerValue, Choice, ManyQuestion, Question, Quiz, ScaleQuestion
from quizfunnel.recommend.table import compiled

MOST_SOFT = 2
CLOSE = 0.25  # of the scale's length: how near an answer a product must be for that to be a reason
_SMALLEST = 1e-9
_LONGEST_SCALE = 10  # "4 of 5" is said up to here


class Ground(NamedTuple):
    """One answer that speaks for a product, and by how much above the mean of the allowed ones (log-odds)."""

    question: str
    lift: float


class Considered:
    """What one set of answers had to choose from, with the means that make a reason of a contribution."""

    def __init__(
        self,
        quiz: Quiz,
        products: Products,
        answers: Answers,
        *,
        selected: bytes,
        contributions: Mapping[str, Sequence[float]],
    ) -> None:
        """Take `selected`, a 1 for every product that was allowed, and each answer's part of the scores."""
        self.quiz = quiz
        self.products = products
        self.answers = answers
        self._selected = selected
        self._count = sum(selected) or 1  # nothing allowed, nothing to give a reason for
        self._rows = [(question, row, self._mean(row)) for question, row in contributions.items()]
        self._table = compiled(quiz, products)
        self._means: dict[tuple[str, AnswerValue], float] = {}

    def grounds(self, index: int) -> list[Ground]:
        """Return the answers that speak for product `index`, strongest first, then in the quiz's order."""
        lifts = [Ground(question, row[index] - mean) for question, row, mean in self._rows]
        return sorted((ground for ground in lifts if ground.lift > _SMALLEST), key=lambda ground: -ground.lift)

    def soft(self, index: int) -> list[str]:
        """Return at most two sentences for the strongest grounds that can be put into words."""
        said: list[str] = []
        for ground in self.grounds(index):
            question = self.quiz.by_id[ground.question]
            sentence = (
                self._near(question, index) if isinstance(question, ScaleQuestion) else self._chosen(question, index)
            )
            if sentence and sentence not in said:
                said.append(sentence)
                if len(said) == MOST_SOFT:
                    break
        return said

    def _mean(self, row: Sequence[float]) -> float:
        return sum(compress(row, self._selected)) / self._count

    def _lift(self, question: str, value: AnswerValue, index: int) -> float:
        """Return how far an answer's points for a product lie above their mean over the allowed ones."""
        mean = self._means.get((question, value))
        row = self._table.row(question, value).points
        if mean is None:
            mean = self._means[question, value] = self._mean(row)
        return row[index] - mean

    def _chosen(self, question: Question, index: int) -> str:
        """Return the sentence for the chosen one that gives this product most, above what it gives the others."""
        value = self.answers[question.id]
        best, most = "", _SMALLEST
        for id in value if isinstance(value, tuple) else (value,):
            alone: AnswerValue = (str(id),) if isinstance(value, tuple) else id
            adds = self._table.row(question.id, alone).points[index] > _SMALLEST
            if adds and (lift := self._lift(question.id, alone, index)) > most:
                best, most = str(id), lift
        if not best:
            return ""
        choice = next(choice for choice in question.choices if choice.id == best)  # type: ignore[union-attr]
        if choice.because and not _is_phrase(choice):
            return f"Because {choice.because}"
        return f"Because you {'picked' if isinstance(question, ManyQuestion) else 'chose'} “{choice.label}”"

    def _near(self, question: ScaleQuestion, index: int) -> str:
        value = self.answers[question.id]
        name = next(iter(question.near), "")
        found = attribute(self.products.all[index], name)
        if not isinstance(found, float | int) or not isinstance(value, float | int):
            return ""
        scale = question.scale
        closer = self._lift(question.id, value, index) > _SMALLEST
        if not closer or abs(found - value) > CLOSE * (scale.to - scale.from_):
            return ""
        if name == "price":
            has, asked = (
                amount(each, self.products.all[index].currency, self.quiz.language) for each in (found, value)
            )
            return f"{has}, close to the {asked} you said"
        said = amount(found, scale.unit, self.quiz.language)
        if not scale.unit and scale.from_ in (0, 1) and found <= scale.to <= _LONGEST_SCALE:
            said = f"{said} of {number(scale.to)}"
        return f"{_named(name)} {said}, you asked for {amount(value, scale.unit, self.quiz.language)}"


def hard(quiz: Quiz, products: Products, answers: Answers, buyable: int) -> list[str]:
    """Return what the hard rules promise that forbade a product which could have been bought.

    `buyable` has a bit for every product that is published and in stock. Rules with words of their
    own share one sentence; others are told by their answer.
    """
    words: list[str] = []
    others: list[str] = []
    table = compiled(quiz, products)
    held = [each for question in quiz.questions for each in table.held(question.id, answers.get(question.id))]
    for rule in (each.rule for each in held if each.forbidden & buyable):
        own, said = _promise(quiz, products, rule)
        if said not in words and said not in others:
            (words if own else others).append(said)
    if not words:
        return others
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return [f"{_capital(listed)}, as you asked", *others]


def broken_in_words(quiz: Quiz, products: Products, rule: Rule) -> str:
    """Return what a product that breaks a rule is not."""
    own, said = _promise(quiz, products, rule)
    if not own:
        return f"Does not fit your answer {_answer(quiz, rule)}"
    for without in ("no ", "without "):
        if said.lower().startswith(without):
            rest = said[len(without) :]
            return f"With {rest}" if rule.kind == "excludes" else f"Not sure to be without {rest}"
    return f"Not {said}"


def amount(value: float, unit: str, language: str = "en") -> str:
    """Return a number with its unit, as money where the unit is a currency."""
    try:
        exponent(unit)
        return format_money(to_minor(number(value), unit), unit, language)
    except ValueError:  # no currency, or more decimals than it has
        return f"{number(value)} {unit}".strip()


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:.10g}"


def _promise(quiz: Quiz, products: Products, rule: Rule) -> tuple[bool, str]:
    """Return what a rule promises, and whether as words to be listed: ``no fragrance``, ``within £30.00``."""
    question: Question = quiz.by_id[rule.question]
    if isinstance(question, ScaleQuestion):
        return True, _bound(quiz, products, rule, question.scale.unit)
    choice = _choice(quiz, rule)
    if not choice.because:
        return False, f"Fits your answer {_answer(quiz, rule)}"
    if _is_phrase(choice):
        return True, choice.because
    return False, f"Because {choice.because}"


def _bound(quiz: Quiz, products: Products, rule: Rule, unit: str) -> str:
    unit = products.all[0].currency if rule.names == "price" and products.all else unit
    said = amount(rule.bound, unit, quiz.language)
    if unit:
        return f"within {said}" if rule.kind == "limits" else f"at least {said}"
    return f"{_named(rule.names).lower()} at {'most' if rule.kind == 'limits' else 'least'} {said}"


def _choice(quiz: Quiz, rule: Rule) -> Choice:
    found: Choice = next(choice for choice in quiz.by_id[rule.question].choices if choice.id == rule.choice)
    return found


def _answer(quiz: Quiz, rule: Rule) -> str:
    return f"“{_choice(quiz, rule).label}” to “{quiz.by_id[rule.question].ask}”"


def _is_phrase(choice: Choice) -> bool:
    """Tell whether a choice's `because` says what it asks for, "no fragrance", and not why."""
    return bool(choice.requires or choice.excludes) and not choice.because.lower().startswith("you")


def _named(name: str) -> str:
    return _capital(name.replace("_", " "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
