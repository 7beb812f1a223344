"""Answer codes: a set of answers as a row of integers, one a column, read alike by training and serving; pure.

A question that picks one is a column, a scale one of at most five ordered bins, and each choice of a
`many` question a column of its own. Never asked and skipped are codes of their own in all of them. A
`sensitive` question has no column: its answers stay out of training.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from quizfunnel.quiz.spec import Answers, AnswerValue, ManyQuestion, Question, Quiz, Scale, ScaleQuestion

NEVER_ASKED = 0
SKIPPED = 1
FIRST_LEVEL = 2
MOST_BINS = 5
NOT_CHOSEN, CHOSEN = "not chosen", "chosen"


class AnswerColumn(NamedTuple):
    """One column: its question, for a `many` question the choice, and its levels in order.

    The code of level `n` is ``FIRST_LEVEL + n``. `edges` of a scale are the least answers of all bins
    but the first; levels that are `ordered` lie along the scale.
    """

    question: str
    choice: str
    levels: tuple[str, ...]
    ordered: bool
    edges: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Return the question's id, with the choice's behind it where the column is of one choice."""
        return f"{self.question}={self.choice}" if self.choice else self.question

    @property
    def codes(self) -> int:
        """Return how many codes there are."""
        return FIRST_LEVEL + len(self.levels)

    def code(self, answers: Answers) -> int:
        """Return the code of one set of answers; what the column does not know counts as never asked."""
        if self.question not in answers:
            return NEVER_ASKED
        value = answers[self.question]
        if value is None:
            return SKIPPED
        if self.ordered:
            return self._bin(value)
        if self.choice:
            chosen = value if isinstance(value, tuple | list) else (value,)
            return FIRST_LEVEL + (self.choice in chosen)
        return FIRST_LEVEL + self.levels.index(value) if value in self.levels else NEVER_ASKED

    def _bin(self, value: AnswerValue) -> int:
        if isinstance(value, bool) or not isinstance(value, float | int):
            return NEVER_ASKED
        return FIRST_LEVEL + sum(value >= edge for edge in self.edges)


def columns_of(quiz: Quiz) -> tuple[AnswerColumn, ...]:
    """Return the columns of a quiz, in its order."""
    return tuple(column for question in quiz.questions if not question.sensitive for column in _columns(question))


def encode(columns: Sequence[AnswerColumn], answers: Answers, unlike: Collection[str] = ()) -> tuple[int, ...]:
    """Return the code of every column; those whose names are `unlike` count as never asked."""
    return tuple(NEVER_ASKED if column.name in unlike else column.code(answers) for column in columns)


def unlike_columns(old: Quiz, new: Quiz) -> dict[str, str]:
    """Return the columns of `new` that answers to another version say nothing of, by name, each with why.

    Ids carry the meaning: words may change. An older answer counts where the same question was asked
    in the same way; a choice of a `many` question where it was there. A scale of another unit is another question.
    """
    was = {column.name: column for column in columns_of(old)}
    found = {}
    for column in columns_of(new):
        question, before = old.by_id.get(column.question), was.get(column.name)
        if question is None:
            found[column.name] = "the question was not there"
        elif question.pick != new.by_id[column.question].pick:
            found[column.name] = "the question was asked in another way"
        elif question.sensitive:
            found[column.name] = "the question was a sensitive one"
        elif before is None:
            found[column.name] = "the choice was not there"
        elif column.ordered and question.scale.unit != new.by_id[column.question].scale.unit:
            found[column.name] = "the scale had another unit"
    return found


def bins(scale: Scale) -> tuple[tuple[float, ...], ...]:
    """Return the answers of a scale in at most five runs that are as long as each other, give or take one."""
    values = scale.values
    count = min(MOST_BINS, len(values))
    starts = [-(-len(values) * n // count) for n in range(count + 1)]
    return tuple(values[start:end] for start, end in pairwise(starts))


def _columns(question: Question) -> tuple[AnswerColumn, ...]:
    if isinstance(question, ScaleQuestion):
        runs = bins(question.scale)
        levels = tuple(f"{run[0]:.10g}" if len(run) == 1 else f"{run[0]:.10g} to {run[-1]:.10g}" for run in runs)
        return (AnswerColumn(question.id, "", levels, ordered=True, edges=tuple(run[0] for run in runs[1:])),)
    ids = tuple(choice.id for choice in question.choices)
    if isinstance(question, ManyQuestion):
        return tuple(AnswerColumn(question.id, id, (NOT_CHOSEN, CHOSEN), ordered=False) for id in ids)
    return (AnswerColumn(question.id, "", ids, ordered=False),)
