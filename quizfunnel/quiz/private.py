"""Private questions: sensitive ones, and those whose being asked tells how a sensitive one was answered; pure."""

from functools import lru_cache
from typing import NamedTuple

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.spec import Quiz


class PrivateQuestions(NamedTuple):
    """Questions of a quiz whose answers stay out of training and export.

    `telling` ones are asked only after some answers to a sensitive one, directly or by another telling one: that
    somebody was asked them says what was answered. `open` are those up to the first sensitive one, in order.
    """

    sensitive: frozenset[str]
    telling: frozenset[str]
    open: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Return every private question."""
        return self.sensitive | self.telling

    def tells(self, question: str, following: str | None) -> bool:
        """Tell whether it may say what was answered to a sensitive question which one followed another."""
        if question in self.sensitive:
            return True
        return bool(self.telling) and not {question, following} <= self.open


NOTHING_PRIVATE = PrivateQuestions(frozenset(), frozenset(), frozenset())
"""The private questions of a quiz that asks nothing sensitive."""


def private_questions(quiz: Quiz) -> PrivateQuestions:
    """Return the private questions of a quiz; kept for the quizzes last used."""
    return _private(QuizKey(quiz))


@lru_cache(maxsize=256)
def _private(held: QuizKey) -> PrivateQuestions:
    sensitive = frozenset(question.id for question in held.quiz.questions if question.sensitive)
    telling: set[str] = set()
    for question in held.quiz.questions:  # a `when` names earlier ones alone
        asked_after = {name for alternative in question.when_any for name in alternative}
        if question.id not in sensitive and not asked_after.isdisjoint(sensitive | telling):
            telling.add(question.id)
    ids = [question.id for question in held.quiz.questions]
    first = next((place for place, id in enumerate(ids) if id in sensitive), len(ids))
    return PrivateQuestions(sensitive, frozenset(telling), frozenset(ids[: first + 1]))
