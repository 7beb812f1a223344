"""Answer codes: a set of answers as a row of integers, one a column, read alike by training and serving; pure.

Each kind of question says which columns its answers have. A private question has none (`quiz.private`): its
answers, and whether it was asked, stay out of training.
"""

from collections.abc import Collection, Sequence

from quizfunnel.quiz.kinds.column import NEVER_ASKED, AnswerColumn
from quizfunnel.quiz.private import private_questions
from quizfunnel.quiz.spec import Answers, Quiz


def columns_of(quiz: Quiz) -> tuple[AnswerColumn, ...]:
    """Return the columns of a quiz, in its order."""
    private = private_questions(quiz).ids
    return tuple(column for question in quiz.questions if question.id not in private for column in question.columns())


def encode(columns: Sequence[AnswerColumn], answers: Answers, unlike: Collection[str] = ()) -> tuple[int, ...]:
    """Return the code of every column; those whose names are `unlike` count as never asked."""
    return tuple(NEVER_ASKED if column.name in unlike else column.code(answers) for column in columns)


def unlike_columns(old: Quiz, new: Quiz) -> dict[str, str]:
    """Return the columns of `new` that answers to another version say nothing of, by name, each with why.

    Ids carry the meaning: words may change. An older answer counts where the same question was asked
    in the same way; a choice of a `many` question where it was there. A scale of another unit is another question.
    """
    was = {column.name: column for column in columns_of(old)}
    unlike = {}
    for column in columns_of(new):
        before, now = old.by_id.get(column.question), new.by_id[column.question]
        if before is None:
            unlike[column.name] = "the question was not there"
        elif before.pick != now.pick:
            unlike[column.name] = "the question was asked in another way"
        elif before.sensitive:
            unlike[column.name] = "the question was a sensitive one"
        elif column.question in private_questions(old).ids:
            unlike[column.name] = "the question was asked only after a sensitive one"
        elif column.name not in was:
            unlike[column.name] = "the choice was not there"
        elif why := now.why_unlike(before):
            unlike[column.name] = why
    return unlike
