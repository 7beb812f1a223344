"""Progress: a shopper's place in a quiz, by the quiz and the answers so far; pure."""

from typing import NamedTuple

from quizfunnel.quiz import paths
from quizfunnel.quiz.spec import Answers, AnswerValue, Quiz


class Position(NamedTuple):
    """The place of one question: its number, and the fewest and most questions the quiz may have."""

    number: int
    shortest: int
    longest: int
    before: str | None


def live_answers(quiz: Quiz, answers: Answers) -> dict[str, AnswerValue]:
    """Return the answers that count: those to questions on the path that they lead along."""
    return {question.id: answers[question.id] for question in paths.asked(quiz, answers) if question.id in answers}


def next_question(quiz: Quiz, answers: Answers) -> str | None:
    """Return the first question on the path that has no answer, None when the quiz is complete."""
    return next((question.id for question in paths.asked(quiz, answers) if question.id not in answers), None)


def following(quiz: Quiz, answers: Answers, question: str) -> str | None:
    """Return what comes after `question`: the next one on the path, None when every one is answered."""
    path = [step.id for step in paths.asked(quiz, answers)]
    waiting = next((id for id in path if id not in answers), None)
    if waiting is None:
        return None
    after = path.index(question) + 1
    return path[after] if after < len(path) else waiting


def reachable(quiz: Quiz, answers: Answers, question: str) -> bool:
    """Tell whether the shopper may stand at `question`: answered on the path, or next in turn."""
    for step in paths.asked(quiz, answers):
        if step.id == question:
            return True
        if step.id not in answers:
            return False
    return False


def position(quiz: Quiz, answers: Answers, question: str) -> Position | None:
    """Return the place of `question` on the path, None where the shopper cannot stand there yet.

    The range is that of the answers before the question, so that it narrows and never jumps back.
    """
    before: dict[str, AnswerValue] = {}
    last: str | None = None
    for number, step in enumerate(paths.asked(quiz, answers), start=1):
        if step.id == question:
            shortest, longest = paths.lengths(quiz, before)
            return Position(number, shortest, longest, last)
        if step.id not in answers:
            return None
        before[step.id] = answers[step.id]
        last = step.id
    return None
