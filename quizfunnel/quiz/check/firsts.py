"""Firsts: the products that each answer, given alone, puts first; pure.

It shows a merchandiser at a glance what an answer does: its points, its rules, or nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Question, Quiz

MOST_FIRST = 3
NO_NAMES: Mapping[str, str] = MappingProxyType({})
NOTHING = "puts no product before another"


class First(NamedTuple):
    """One answer alone: its words, the first products' ids, how many more have as many points, how many it leaves.

    `first` is empty where the answer gives no product more points than another, and leaves more than are told.
    """

    question: str
    answer: str
    first: tuple[str, ...]
    alike: int
    left: int

    def text(self, of: int, names: Mapping[str, str] = NO_NAMES) -> str:
        """Return what the answer does; `of` is how many products there are, `names` those that ids do not say."""
        left = f"leaves {self.left} of {of} products" if self.left < of else ""
        more = f" and {self.alike} more alike" if self.alike else ""
        return (
            ": ".join(part for part in (left, ", ".join(names.get(id, id) for id in self.first) + more) if part)
            or NOTHING
        )


def firsts(quiz: Quiz, stocked: Products) -> tuple[First, ...]:
    """Return what every choice alone puts first, and of a scale its ends and its middle."""
    return tuple(
        _first(stocked, question, words, value) for question in quiz.questions for words, value in _answers(question)
    )


def lines(alone: Sequence[First], of: int, names: Mapping[str, str] = NO_NAMES) -> Iterator[str]:
    """Yield a line for each question and each of its answers; one for a question of which no answer does anything."""
    for question, answers in groupby(alone, key=lambda first: first.question):
        texts = [(first.answer, first.text(of, names)) for first in answers]
        if all(text == NOTHING for _, text in texts):
            yield f"  {question}: no answer puts any product before another"
        else:
            yield f"  {question}"
            yield from (f"    {answer}: {text}" for answer, text in texts)


def _answers(question: Question) -> Iterator[tuple[str, AnswerValue]]:
    """Yield the answers that are told: every choice, or a scale's ends and middle."""
    numbers = question.numbers()
    if numbers:
        told = dict.fromkeys((numbers[0], numbers[len(numbers) // 2], numbers[-1]))  # two numbers have no middle
        yield from ((question.number_in_words(number), number) for number in told)
    else:
        values = (value for _, value in question.single_answers())
        yield from zip(question.labels(), values, strict=True)


def _first(stocked: Products, question: Question, words: str, value: AnswerValue) -> First:
    left, points = stocked.left(question, value), question.points(stocked.all, value)
    places = [place for place in range(len(stocked.all)) if left >> place & 1]
    least = min((points[place] for place in places), default=0.0)
    ahead = [place for place in places if points[place] > least or len(places) <= MOST_FIRST]
    ahead.sort(key=lambda place: (-points[place], place))
    first, rest = ahead[:MOST_FIRST], ahead[MOST_FIRST:]
    alike = sum(points[place] == points[first[-1]] for place in rest) if first else 0
    return First(question.id, words, tuple(stocked.all[place].id for place in first), alike, len(places))
