"""Every path through a quiz that a shopper can take, without walking every answer.

Two answers are alike when no `when` tells them apart. The walk goes over classes of alike answers:
a choice is one class unless a `when` names it, several choices collapse to which of the named ones
are among them, and a scale falls into the cells between thresholds. Classes are represented by one
real answer each, so that what is found can be shown as answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from quizfunnel.quiz.spec import (
    Answers,
    AnswerValue,
    Condition,
    ManyQuestion,
    OneQuestion,
    Question,
    Quiz,
    ScaleQuestion,
    Threshold,
)

MOST_STATES = 50_000


class TooTangled(Exception):  # noqa: N818 - it names the state of the quiz
    """The quiz has more distinguishable states than can be walked; the text says at which question."""

    def __init__(self, question: str) -> None:
        """Name the question at which the bound was passed."""
        super().__init__(question)
        self.question = question


class Exploration(NamedTuple):
    """What a walk over every path found: an example of a shortest and a longest path, as answers."""

    shortest: dict[str, AnswerValue]
    longest: dict[str, AnswerValue]
    reached: frozenset[str]


def is_asked(question: Question, answers: Answers) -> bool:
    """Tell whether `question` is asked under these answers: no `when`, or one alternative holds."""
    alternatives = question.when_any
    return not alternatives or any(_holds(alternative, answers) for alternative in alternatives)


def asked(quiz: Quiz, answers: Answers) -> tuple[Question, ...]:
    """Return the questions on the path, in order.

    Only answers to questions that are themselves on the path count, so that an answer of a branch
    left behind opens nothing. A question not answered yet opens nothing either.
    """
    live: dict[str, AnswerValue] = {}
    path: list[Question] = []
    for question in quiz.questions:
        if is_asked(question, live):
            path.append(question)
            if question.id in answers:
                live[question.id] = answers[question.id]
    return tuple(path)


def lengths(quiz: Quiz, answers: Answers) -> tuple[int, int]:
    """Return the fewest and the most questions that a path going on from these answers can have."""
    told = _named(quiz)
    relevant = tuple(
        (question.id, answers[question.id]) for question in quiz.questions if question.id in answers and question.id in told
    )
    return _lengths(_Held(quiz), relevant, frozenset(id for id in answers if id in quiz.by_id))


def explore(quiz: Quiz) -> Exploration:
    """Walk every path; raise TooTangled past MOST_STATES states at one question."""
    states: dict[tuple[tuple[str, AnswerValue], ...], tuple[_Path, _Path]] = {(): ((), ())}
    reached: set[str] = set()
    for position, question in enumerate(quiz.questions):
        later = _named_by(quiz.questions[position + 1 :])
        grown: dict[tuple[tuple[str, AnswerValue], ...], tuple[_Path, _Path]] = {}
        for state, (short, long) in states.items():
            for values in _steps(quiz, question, dict(state)):
                if values is None:
                    _keep(grown, _project(state, later), short, long)
                    continue
                reached.add(question.id)
                step = (question.id, values[0])
                _keep(grown, _project((*state, step), later), (*short, step), (*long, step))
        if len(grown) > MOST_STATES:
            raise TooTangled(question.id)
        states = grown
    short = min((pair[0] for pair in states.values()), key=len)
    long = max((pair[1] for pair in states.values()), key=len)
    return Exploration(dict(short), dict(long), frozenset(reached))


def classes(quiz: Quiz, question: Question) -> tuple[AnswerValue, ...]:
    """Return one real answer for every class of answers that the quiz's `when`s tell apart."""
    return _classes(_Held(quiz), question.id)


_Path = tuple[tuple[str, AnswerValue], ...]


class _Held:
    """A quiz as a cache key: by identity, since a loaded quiz is one object as long as it serves."""

    __slots__ = ("quiz",)

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz

    def __hash__(self) -> int:
        return id(self.quiz)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.quiz is self.quiz


@lru_cache(maxsize=20_000)
def _lengths(held: _Held, relevant: _Path, answered: frozenset[str]) -> tuple[int, int]:
    quiz, known = held.quiz, dict(relevant)
    counts: dict[tuple[tuple[str, AnswerValue], ...], tuple[int, int]] = {(): (0, 0)}
    for position, question in enumerate(quiz.questions):
        later = _named_by(quiz.questions[position + 1 :])
        grown: dict[tuple[tuple[str, AnswerValue], ...], tuple[int, int]] = {}
        for state, (fewest, most) in counts.items():
            for values in _steps(quiz, question, dict(state), known=known, answered=answered):
                more = 0 if values is None else 1
                following = state if values is None else (*state, (question.id, values[0]))
                key = _project(following, later)
                low, high = grown.get(key, (fewest + more, most + more))
                grown[key] = (min(low, fewest + more), max(high, most + more))
        if len(grown) > MOST_STATES:
            raise TooTangled(question.id)
        counts = grown
    return min(low for low, _ in counts.values()), max(high for _, high in counts.values())


def _steps(
    quiz: Quiz,
    question: Question,
    state: Mapping[str, AnswerValue],
    *,
    known: Mapping[str, AnswerValue] | None = None,
    answered: frozenset[str] = frozenset(),
) -> Iterator[tuple[AnswerValue] | None]:
    """Yield a way on for every class of answers, or None where the question is not asked."""
    if not is_asked(question, state):
        yield None
    elif known and question.id in known:
        yield (known[question.id],)
    elif question.id in answered:
        yield (None,)
    else:
        for value in classes(quiz, question):
            yield (value,)


def _keep(
    grown: dict[tuple[tuple[str, AnswerValue], ...], tuple[_Path, _Path]],
    key: tuple[tuple[str, AnswerValue], ...],
    short: _Path,
    long: _Path,
) -> None:
    known = grown.get(key)
    if known is None:
        grown[key] = (short, long)
    else:
        grown[key] = (min(known[0], short, key=len), max(known[1], long, key=len))


def _project(state: _Path, later: frozenset[str]) -> _Path:
    return tuple(step for step in state if step[0] in later)


@lru_cache(maxsize=4096)
def _classes(held: _Held, id: str) -> tuple[AnswerValue, ...]:
    question: Question = held.quiz.by_id[id]
    conditions = _conditions(held.quiz, id)
    if isinstance(question, OneQuestion):
        found: Iterable[AnswerValue] = _one_classes(question, conditions)
    elif isinstance(question, ManyQuestion):
        found = _many_classes(question, conditions)
    else:
        found = _scale_classes(question, conditions)
    answers: list[AnswerValue] = list(found)
    return (*answers, None) if question.optional else tuple(answers)


def _one_classes(question: OneQuestion, conditions: list[Condition]) -> Iterator[AnswerValue]:
    named = _values(conditions)
    rest = False
    for choice in question.choices:
        if choice.id in named or not rest:
            yield choice.id
        rest = rest or choice.id not in named


def _many_classes(question: ManyQuestion, conditions: list[Condition]) -> Iterator[AnswerValue]:
    ids = [choice.id for choice in question.choices]
    named = [id for id in ids if id in _values(conditions)]
    other = next((id for id in ids if id not in named), None)
    most = question.at_most or len(ids)
    for size in range(min(most, len(named)) + 1):
        for chosen in combinations(named, size):
            if chosen:
                yield tuple(sorted(chosen))
            elif question.none_label:
                yield ()
            elif other is not None:
                yield (other,)


def _scale_classes(question: ScaleQuestion, conditions: list[Condition]) -> Iterator[AnswerValue]:
    seen: set[tuple[bool, ...]] = set()
    for value in question.scale.values:
        cell = tuple(_matches(condition, value) for condition in conditions)
        if cell not in seen:
            seen.add(cell)
            yield value


def _conditions(quiz: Quiz, id: str) -> list[Condition]:
    return [
        alternative[id] for question in quiz.questions for alternative in question.when_any if id in alternative
    ]


def _named(quiz: Quiz) -> frozenset[str]:
    return _named_by(quiz.questions)


def _named_by(questions: Iterable[Question]) -> frozenset[str]:
    return frozenset(id for question in questions for alternative in question.when_any for id in alternative)


def _values(conditions: Iterable[Condition]) -> set[str]:
    named: set[str] = set()
    for condition in conditions:
        if isinstance(condition, str):
            named.add(condition)
        elif isinstance(condition, tuple):
            named.update(condition)
    return named


def _holds(alternative: Mapping[str, Condition], answers: Answers) -> bool:
    return all(id in answers and _matches(condition, answers[id]) for id, condition in alternative.items())


def _matches(condition: Condition, value: AnswerValue) -> bool:
    if value is None:
        return False
    if isinstance(condition, Threshold):
        if not isinstance(value, float | int):
            return False
        above = condition.at_least is None or value >= condition.at_least
        return above and (condition.at_most is None or value <= condition.at_most)
    named = (condition,) if isinstance(condition, str) else condition
    return any(choice in named for choice in value) if isinstance(value, tuple) else value in named
