"""Paths through a quiz: all that a shopper can take, without walking every answer; pure.

Two answers are alike when no `when` tells them apart. Each condition of a `when` is one bit, so that
an answer is the bits it sets, and what a path has to remember is the bits that later questions ask
about. "Unless" is two bits: that the question was answered, which must be set, and what was not to be
answered, which must not. A choice is alike any other unless a `when` names it, several choices collapse to which of the
named ones are among them, and a scale falls into the cells between thresholds. Every kind of answer
keeps one real answer, so that a path can be shown.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.condition import Condition, Unless, Wanted
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz

MOST_STATES = 10_000


class Exploration(NamedTuple):
    """A walk over every path: an example of a shortest and a longest one as answers, and the questions it reached."""

    shortest: dict[str, AnswerValue]
    longest: dict[str, AnswerValue]
    reached: frozenset[str]


class Alternative(NamedTuple):
    """One alternative of a `when`: the bits that must be set, and those that must not."""

    needed: int
    barred: int

    def holds(self, bits: int) -> bool:
        """Tell whether it holds after answers that set `bits`."""
        return bits & (self.needed | self.barred) == self.needed


class GatedQuestion(NamedTuple):
    """One question with its `when` as bits: asked when one alternative holds, or there is none.

    `conditions` are the bits that its own answers set, each with what it stands for: None for any answer at all,
    skipping among them.
    """

    question: Question
    alternatives: tuple[Alternative, ...]
    conditions: tuple[tuple[int, Wanted | None], ...]
    later: int

    def is_asked(self, bits: int) -> bool:
        """Tell whether the question is asked after answers that set `bits`."""
        return not self.alternatives or any(alternative.holds(bits) for alternative in self.alternatives)

    def sets(self, value: AnswerValue) -> int:
        """Return the bits that an answer to this question sets."""
        return sum(bit for bit, wanted in self.conditions if wanted is None or self.question.gives(wanted, value))


def asked(quiz: Quiz, answers: Answers) -> tuple[Question, ...]:
    """Return the questions on the path, in order.

    Only answers to questions that are themselves on the path count, so that an answer of a branch
    left behind opens nothing. A question not answered yet opens nothing either.
    """
    path: list[Question] = []
    bits = 0
    for step in steps(quiz):
        if step.is_asked(bits):
            path.append(step.question)
            if step.conditions and step.question.id in answers:
                bits |= step.sets(answers[step.question.id])
    return tuple(path)


def lengths(quiz: Quiz, answers: Answers) -> tuple[int, int]:
    """Return the fewest and the most questions that a path going on from these answers can have."""
    given = tuple(step.sets(answers[step.question.id]) if step.question.id in answers else None for step in steps(quiz))
    return _lengths(QuizKey(quiz), given)


def explore(quiz: Quiz) -> Exploration:
    """Walk every path; raise TooTangled past MOST_STATES states at one question."""
    states: dict[int, tuple[_Path, _Path]] = {0: ((), ())}
    reached: set[str] = set()
    for step in steps(quiz):
        grown: dict[int, tuple[_Path, _Path]] = {}
        ends = tuple(ways(step, step.sets).items())
        for bits, (short, long) in states.items():
            if not step.is_asked(bits):
                _keep(grown, bits & step.later, short, long)
                continue
            reached.add(step.question.id)
            for more, value in ends:
                answer = (step.question.id, value)
                _keep(grown, (bits | more) & step.later, (*short, answer), (*long, answer))
        if len(grown) > MOST_STATES:
            raise TooTangled(step.question.id)
        states = grown
    short = min((pair[0] for pair in states.values()), key=len)
    long = max((pair[1] for pair in states.values()), key=len)
    return Exploration(dict(short), dict(long), frozenset(reached))


def steps(quiz: Quiz) -> tuple[GatedQuestion, ...]:
    """Return the quiz's questions with their `when`s as bits; kept for the quizzes last used."""
    return _steps(QuizKey(quiz))


def ways(step: GatedQuestion, sets: Callable[[AnswerValue], int]) -> dict[int, AnswerValue]:
    """Return every set of bits that an answer to the question can set, as `sets` gives them, with one such answer."""
    ends = step.question.ways(sets, most=MOST_STATES)
    if step.question.optional:
        ends.setdefault(sets(None), None)
    return ends


_Path = tuple[tuple[str, AnswerValue], ...]
_Bits = dict[tuple[str, Wanted | None], int]


@lru_cache(maxsize=256)
def _steps(held: QuizKey) -> tuple[GatedQuestion, ...]:
    bits: _Bits = {}
    whens = [
        tuple(_alternative(conditions, bits) for conditions in question.when_any) for question in held.quiz.questions
    ]
    gated: list[GatedQuestion] = []
    later = 0
    for question, alternatives in zip(reversed(held.quiz.questions), reversed(whens), strict=True):
        own = tuple((bit, wanted) for (name, wanted), bit in bits.items() if name == question.id)
        gated.append(GatedQuestion(question, alternatives, own, later))
        for alternative in alternatives:
            later |= alternative.needed | alternative.barred
    return tuple(reversed(gated))


def _alternative(conditions: Mapping[str, Condition], bits: _Bits) -> Alternative:
    """Return one mapping of a `when` as bits; new ones are added to `bits`."""

    def bit(name: str, wanted: Wanted | None) -> int:
        return bits.setdefault((name, wanted), 1 << len(bits))

    needed = barred = 0
    for name, condition in conditions.items():
        if isinstance(condition, Unless):
            needed |= bit(name, None)
            barred |= bit(name, condition.not_)
        else:
            needed |= bit(name, condition)
    return Alternative(needed, barred)


@lru_cache(maxsize=20_000)
def _lengths(held: QuizKey, given: tuple[int | None, ...]) -> tuple[int, int]:
    states = {0: (0, 0)}
    for step, known in zip(_steps(held), given, strict=True):
        grown: dict[int, tuple[int, int]] = {}
        ends = tuple(ways(step, step.sets)) if known is None else (known,)
        for bits, (low, high) in states.items():
            one = 1 if step.is_asked(bits) else 0
            for more in ends if one else (0,):
                key = (bits | more) & step.later
                before = grown.get(key, (low + one, high + one))
                grown[key] = (min(before[0], low + one), max(before[1], high + one))
        if len(grown) > MOST_STATES:
            raise TooTangled(step.question.id)
        states = grown
    return min(low for low, _ in states.values()), max(high for _, high in states.values())


def _keep(grown: dict[int, tuple[_Path, _Path]], key: int, short: _Path, long: _Path) -> None:
    known = grown.get(key)
    if known is None:
        grown[key] = (short, long)
    else:
        grown[key] = (min(known[0], short, key=len), max(known[1], long, key=len))
