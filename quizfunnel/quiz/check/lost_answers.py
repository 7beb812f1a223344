"""Lost answers: ids that the published quiz has and the file has not, with the stored answers that they carry; pure.

Answers are kept under the ids of their question and choice. Whoever renames one parts the answers of before from those
to come: results and learning see two questions. After it is published nothing is said of it any more.
"""

from collections.abc import Iterator, Mapping, Sequence

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.spec import Question, Quiz

Answered = Mapping[str, Mapping[AnswerValue, int]]
"""Counts of shoppers by question and answer."""


def check(loaded: LoadedQuiz, published: Quiz, answered: Answered) -> Iterator[Finding]:
    """Find questions and choices of the published quiz that are gone from the file and were answered."""
    quiz = loaded.quiz
    for question in published.questions:
        counts = answered.get(question.id, {})
        if question.id in quiz.by_id:
            yield from _choices(loaded, question, counts)
        elif count := sum(counts.values()):
            new = [each for each in quiz.questions if each.id not in published.by_id]
            renamed = next((each.id for each in new if each.ask == question.ask), "")
            place: Path = ("questions", list(quiz.by_id).index(renamed), "id") if renamed else ("questions",)
            message = _message(f"the question `{question.id}`", count, renamed)
            yield loaded.finding(place, message, error=False, key=not renamed)


def _choices(loaded: LoadedQuiz, before: Question, counts: Mapping[AnswerValue, int]) -> Iterator[Finding]:
    number = list(loaded.quiz.by_id).index(before.id)
    now = loaded.quiz.questions[number]
    known, was = _labels(now), _labels(before)
    for id, label in was.items():
        count = sum(times for value, times in counts.items() if id in (value if isinstance(value, tuple) else (value,)))
        if count and id not in known:
            renamed = next((new for new, same in known.items() if same == label and new not in was), "")
            place: tuple[str | int, ...] = ("choices", list(known).index(renamed), "id") if renamed else ("id",)
            message = _message(f"the choice `{id}` of `{before.id}`", count, renamed)
            yield loaded.finding(("questions", number, *place), message, error=False)


def _labels(question: Question) -> Mapping[str, str]:
    """Return the labels of a question's choices by their ids; none where it has no choices."""
    ids: Sequence[AnswerValue] = [value for _, value in question.single_answers()]
    names = [value[0] if isinstance(value, tuple) else value for value in ids]
    return {name: label for name, label in zip(names, question.labels(), strict=False) if isinstance(name, str)}


def _message(gone: str, count: int, renamed: str) -> str:
    shoppers = "1 shopper has" if count == 1 else f"{count:,} shoppers have"
    remedy = (
        f"; if `{renamed}` is its new name, write the old one again: words may change, ids may not" if renamed else ""
    )
    return f"{gone}, which {shoppers} answered, is gone: results and learning will not see those answers{remedy}"
