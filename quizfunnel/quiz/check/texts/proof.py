"""Proof that answers are there to be repeated: a walk over every path that remembers which were given; pure.

A state is what `paths` remembers of a path, and a bit for each named question: that its answer has words. Choices that
are none, and a skip, have no words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.paths import MOST_STATES, GatedQuestion, steps, ways
from quizfunnel.quiz.spec import AnswerValue, Quiz

END = 10**6
"""The place behind the last question, at which the offer's texts are read."""


class Mention(NamedTuple):
    """An answer that a text at some place names: the number of its question, and that of the question it names."""

    at: int
    name: int


_Path = tuple[tuple[str, AnswerValue], ...]


def unanswered(quiz: Quiz, wanted: Collection[Mention]) -> Mapping[Mention, dict[str, AnswerValue]]:
    """Return the wanted answers that are not there on some path, each with such a path's answers.

    Raises TooTangled past `MOST_STATES` states at one question.
    """
    bits = {name: 1 << place for place, name in enumerate(sorted({each.name for each in wanted}))}
    lost: dict[Mention, dict[str, AnswerValue]] = {}
    states: dict[int, _Path] = {0: ()}
    for number, step in enumerate(steps(quiz)):
        own = bits.get(number, 0)
        kept = (step.later << len(bits)) | sum(
            bits[name] for name in {each.name for each in wanted if each.at > number}
        )
        grown: dict[int, _Path] = {}
        for state, path in states.items():
            if not step.is_asked(state >> len(bits)):
                grown.setdefault(state & kept, path)
                continue
            _note(lost, (each for each in wanted if each.at == number), state, path, bits)
            for more, value in _ways(step, own, len(bits)):
                grown.setdefault((state | more) & kept, (*path, (step.question.id, value)))
        if len(grown) > MOST_STATES:
            raise TooTangled(step.question.id)
        states = grown
    for state, path in states.items():
        _note(lost, (each for each in wanted if each.at == END), state, path, bits)
    return lost


def _note(
    lost: dict[Mention, dict[str, AnswerValue]],
    wanted: Iterable[Mention],
    state: int,
    path: _Path,
    bits: Mapping[int, int],
) -> None:
    """Note which wanted answers a state lacks."""
    for each in wanted:
        if not state & bits[each.name]:
            lost.setdefault(each, dict(path))


def _ways(step: GatedQuestion, own: int, shift: int) -> Iterator[tuple[int, AnswerValue]]:
    """Yield what the answers to a question set, with one such answer each: the path's bits, and that it has words."""

    def sets(value: AnswerValue) -> int:
        return (step.sets(value) << shift) | (own if value not in (None, ()) else 0)

    yield from ways(step, sets).items()
