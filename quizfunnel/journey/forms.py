"""Posted forms: each becomes an answer, or a sentence that says what is missing; pure."""

from collections.abc import Sequence

from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.spec import AnswerValue, Question

_LONGEST = 100  # characters of one posted value worth reading


def parse_answer(question: Question, values: Sequence[str], *, skip: bool = False, none: bool = False) -> AnswerValue:
    """Return the answer in a form's `answer` values; raise AnswerError, which says it in the shopper's language.

    `skip` is the press of "Skip", `none` the tick of "none of these".
    """
    if skip:
        if question.optional:
            return None
        raise AnswerError("This question needs an answer.")
    given = [value.strip()[:_LONGEST] for value in values if value.strip()]
    return question.parse(given, none=none)
