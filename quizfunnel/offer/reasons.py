"""Why a product is in an offer, in sentences that are true; pure.

A soft reason needs an answer that speaks for this product: one that is worth more to it than the
question's other answers are on average (by the rules alone: than no answer), and more so than to the
mean of all that were allowed, by 2 % of the odds where that was learnt. What holds equally for all of them
is no reason. A scale's answer is a reason for a product that is close to it and closer than they are on
average. A hard rule is named where it really forbade something that could have been bought.

`because` may be a clause ("you pull espresso", said as "Because you pull espresso") or, on a choice
with a hard rule, the words for what it asks ("no fragrance", said as "No fragrance, as you asked").
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from quizfunnel.kit.money import exponent, format_money, to_minor
from quizfunnel.offer.allowed import Allowed, buyable_bits
from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.rules import Products, Rule, attribute
from quizfunnel.quiz.spec import Answers, AnswerValue, Choice, ManyQuestion, Question, Quiz, ScaleQuestion
from quizfunnel.recommend.serving.compiled import CompiledRules, ScoreTable
from quizfunnel.recommend.serving.packed import on_grid

MOST_SOFT = 2
CLOSE = 0.25  # of the scale's length: how near an answer a product must be for that to be a reason
_SMALLEST = 100  # units of the table's grid: some 1e-9 log-odds
_WORTH_SAYING = on_grid(0.02)  # of what was learnt: an answer that moves the odds by less than 2 % is none to tell of
_LEAST_POINTS = 1e-9
_LONGEST_SCALE = 10  # "4 of 5" is said up to here


class _Voice(NamedTuple):
    """One answer that may speak for products: its lift for each of them, and its words where they are one for all."""

    row: Sequence[float]
    question: Question
    words: str


class _Near(NamedTuple):
    """What a scale's answer asks for: an attribute, a value, how far is still near, and the points of being near."""

    name: str
    value: float
    reach: float
    points: Sequence[float]
    mean: float


class Considered:
    """What one set of answers had to choose from, with the means that make a reason of a contribution."""

    def __init__(self, table: ScoreTable, answers: Answers, allowed: Allowed) -> None:
        """Take the scores, the answers that count, and the products that they allow."""
        self.answers = answers
        self._table = table
        self._allowed = allowed
        self._least = _SMALLEST if table.model is None else _WORTH_SAYING
        self._hard = hard(table.rules, answers)
        self._said: dict[int, tuple[str, ...]] = {}
        self._nears: dict[str, _Near | None] = {}
        self._picked_of: dict[str, list[tuple[str, Sequence[float], float]]] = {}
        self._voices: list[tuple[_Voice, float]] = []
        for id, value in answers.items():
            if voice := _voice(table, id, value):
                self._voices.append((voice, self._mean(voice.row, id, value)))

    def said(self, index: int) -> tuple[str, ...]:
        """Return everything that is said of product `index`: what speaks for it, and the rules that mattered."""
        found = self._said.get(index)
        if found is None:
            found = self._said[index] = tuple(dict.fromkeys([*self.soft(index), *self._hard]))
        return found

    def soft(self, index: int) -> list[str]:
        """Return at most two sentences for the answers that speak for a product.

        The strongest comes first; of equal ones the first in the quiz's order.
        """
        said: list[str] = []
        lifts = [voice[0][index] - mean for voice, mean in self._voices]
        while lifts and len(said) < MOST_SOFT and (most := max(lifts)) > self._least:
            loudest = lifts.index(most)
            lifts[loudest] = 0.0
            sentence = self._sentence(self._voices[loudest][0], index)
            if sentence and sentence not in said:
                said.append(sentence)
        return said

    def _sentence(self, voice: _Voice, index: int) -> str:
        if voice.words:
            return voice.words if voice.row[index] > _SMALLEST else ""
        question = voice.question
        return self._near(question, index) if isinstance(question, ScaleQuestion) else self._picked(question, index)

    def _mean(self, row: Sequence[float], *key: object) -> float:
        return self._table.mean(key, row, bits=self._allowed.bits, selected=self._allowed.selected)

    def _picked(self, question: Question, index: int) -> str:
        """Return the sentence for the picked one that gives this product most, above what it gives the others."""
        best, most = "", float(self._least)
        for words, row, mean in self._picks(question):
            lift = row[index] - mean
            if lift > most and row[index] > _SMALLEST:
                best, most = words, lift
        return best

    def _picks(self, question: Question) -> list[tuple[str, Sequence[float], float]]:
        """Return what was picked of a `many` question: its words, what it adds, and the mean of that."""
        found = self._picked_of.get(question.id)
        if found is None:
            value = self.answers[question.id]
            found = self._picked_of[question.id] = [
                (words, row, self._mean(row, "gain", question.id, id))
                for id in (value if isinstance(value, tuple) else ())
                if (words := _because(self._table, question.id, id))
                and (row := self._table.gain(question.id, id)) is not None
            ]
        return found

    def _near(self, question: ScaleQuestion, index: int) -> str:
        """Return the sentence for a product that is close to an answer, and closer than the allowed ones are.

        That is so by the points of `near`, whatever a model says.
        """
        asked = self._asked_near(question)
        if asked is None or asked.points[index] - asked.mean <= _LEAST_POINTS:
            return ""
        product = self._table.rules.products.all[index]
        found = attribute(product, asked.name)
        if not isinstance(found, float) or abs(found - asked.value) > asked.reach:
            return ""
        return _closeness(self._table, question.id, asked.value, found, product.currency)

    def _asked_near(self, question: ScaleQuestion) -> _Near | None:
        """Return what was asked for with an answer on a scale, None where its `near` names nothing."""
        if question.id not in self._nears:
            value, found = self.answers[question.id], None
            if question.near and isinstance(value, float | int):
                points = self._table.rules.points(question.id, value)
                mean = self._mean(points, "points", question.id, value)
                reach = CLOSE * (question.scale.to - question.scale.from_)
                found = _Near(next(iter(question.near)), float(value), reach, points, mean)
            self._nears[question.id] = found
        return self._nears[question.id]


@lru_cache(maxsize=1024)
def _voice(table: ScoreTable, id: str, value: AnswerValue) -> _Voice | None:
    """Return an answer as it may speak, None where it can speak for no product."""
    row = None if value is None else table.lift(id, value)
    if row is None:
        return None
    if not isinstance(value, str):
        return _Voice(row, table.rules.quiz.by_id[id], "")
    words = _because(table, id, value)
    return _Voice(row, table.rules.quiz.by_id[id], words) if words else None


def hard(rules: CompiledRules, answers: Answers) -> list[str]:
    """Return what the hard rules promise that forbade a product which could have been bought.

    Rules with words of their own share one sentence; others are told by their answer.
    """
    strict = [question.id for question in rules.quiz.questions if question.id in rules.strict]
    masks = [each for question in strict for each in rules.rule_masks(question, answers.get(question))]
    buyable = buyable_bits(rules.products)
    mattered = tuple(each.rule for each in masks if each.forbidden & buyable)
    return _promises(QuizKey(rules.quiz), rules.products, mattered) if mattered else []


@lru_cache(maxsize=1024)
def _promises(key: QuizKey, products: Products, mattered: tuple[Rule, ...]) -> list[str]:
    words: list[str] = []
    others: list[str] = []
    for rule in mattered:
        own, said = _promise(key.quiz, products, rule)
        if said not in words and said not in others:
            (words if own else others).append(said)
    if not words:
        return others
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return [f"{_capital(listed)}, as you asked", *others]


@lru_cache(maxsize=4096)
def _closeness(table: ScoreTable, question: str, value: float, found: float, currency: str) -> str:
    """Return the sentence that says how near a product is to an answer."""
    quiz = table.rules.quiz
    asked: ScaleQuestion = quiz.by_id[question]
    scale, language, name = asked.scale, quiz.language, next(iter(asked.near))
    if name == "price":
        has, wanted = (amount(each, currency, language) for each in (found, value))
        return f"{has}, close to the {wanted} you said"
    said = amount(found, scale.unit, language)
    if not scale.unit and scale.from_ in (0, 1) and found <= scale.to <= _LONGEST_SCALE:
        said = f"{said} of {number(scale.to)}"
    return f"{_named(name)} {said}, you asked for {amount(value, scale.unit, language)}"


@lru_cache(maxsize=1024)
def _because(table: ScoreTable, question: str, id: str) -> str:
    """Return the sentence that names a choice; none where it is only a rule, which is told as one.

    "Because you picked “Nuts”" would be read as the opposite of what somebody who avoids them said.
    """
    asked = table.rules.quiz.by_id[question]
    choice = next(choice for choice in asked.choices if choice.id == id)
    if (choice.requires or choice.excludes) and not (choice.favours or choice.against):
        return ""
    if choice.because and not _is_phrase(choice):
        return f"Because {choice.because}"
    return f"Because you {'picked' if isinstance(asked, ManyQuestion) else 'chose'} “{choice.label}”"


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
