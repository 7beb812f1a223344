"""Question as one attempt shows it: answers in its texts, marks as HTML, choices in the order drawn for it; pure."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.spec import Answers, Question, Quiz
from quizfunnel.quiz.store_site import StoreSite
from quizfunnel.quiz.texts import markup, mentions


class Beholder(NamedTuple):
    """The attempt that a question is shown in, its answers so far, and the store's site, which texts may link to."""

    attempt: str
    answers: Answers
    site: StoreSite = StoreSite()


class _Changing(NamedTuple):
    """Questions of a quiz that are shown otherwise than they are written, and those of them that attempts see apart."""

    at_all: frozenset[str]
    by_attempt: frozenset[str]


def shown(quiz: Quiz, question: Question, to: Beholder) -> Question:
    """Return a question as it is shown: its `help` and `why` and its choices' `help` are HTML, `ask` is plain text."""
    if question.id not in _changing(QuizKey(quiz)).at_all:
        return question
    say = partial(mentions.filled, quiz=quiz, answers=to.answers)
    changes: dict[str, Any] = {
        key: markup.as_html(text, to.site, say=say)
        for key in ("help", "why")
        if _says_more(text := getattr(question, key))
    }
    if "{" in question.ask:
        changes["ask"] = say(question.ask)
    if isinstance(question, ChoiceQuestion) and (question.is_shuffled or any(map(_choice_says_more, question.choices))):
        changes["choices"] = tuple(_choice(choice, say) for choice in question.in_order_of(to.attempt))
    return question.model_copy(update=changes)


def is_drawn_for_one(quiz: Quiz, question: str) -> bool:
    """Tell whether other attempts may see a question otherwise, so that no drawing of it serves them too."""
    return question in _changing(QuizKey(quiz)).by_attempt


def order_shown(quiz: Quiz, question: str, attempt: str) -> tuple[str, ...]:
    """Return the choices' ids in the order that an attempt saw; none where every attempt sees the file's."""
    asked = quiz.by_id.get(question)
    if not isinstance(asked, ChoiceQuestion) or not asked.is_shuffled:
        return ()
    return tuple(choice.id for choice in asked.in_order_of(attempt))


@lru_cache(maxsize=256)
def _changing(held: QuizKey) -> _Changing:
    """Return the questions that are not shown as they are written; kept, since every answer asks for them."""
    questions = held.quiz.questions
    by_attempt = {each.id for each in questions if _is_shuffled(each) or mentions.has_mentions(each)}
    marked = {each.id for each in questions if any(_says_more(text) for text in _marked(each))}
    return _Changing(frozenset(by_attempt | marked), frozenset(by_attempt))


def _is_shuffled(question: Question) -> bool:
    return isinstance(question, ChoiceQuestion) and question.is_shuffled


def _marked(question: Question) -> Iterator[str]:
    """Yield the texts of a question that take marks."""
    return (text for path, text in question.texts() if path[-1] in markup.KEYS)


def _choice(choice: Choice, say: Callable[[str], str]) -> Choice:
    if not _choice_says_more(choice):
        return choice
    return choice.model_copy(update={"help": markup.as_html(choice.help, None, say=say)})


def _choice_says_more(choice: Choice) -> bool:
    return _says_more(choice.help)


def _says_more(text: str) -> bool:
    """Tell whether a text is shown otherwise than it is written."""
    return not markup.is_plain(text) or "{" in text
